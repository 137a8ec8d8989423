"""The weather agent: a model, a durable tool, a service."""

from google.adk.agents import LlmAgent
from restate.ext.adk import restate_context

from agents.models import model_from_environment
from agents.models.scripts.weather import play
from agents.session_object import session_object
from agents.weather.forecast import Forecast, forecast_for


async def forecast(city: str) -> Forecast:
    """Return today's weather forecast for a city.

    Args:
        city: the city's name.
    """
    return await restate_context().run_typed("forecast", lambda: forecast_for(city))


agent = LlmAgent(
    name="weather_agent",
    description="Tells the weather in any city; from sample data.",
    model=model_from_environment(play),
    instruction="Answer questions about the weather with the forecast tool. Say that it is sample data.",
    tools=[forecast],
)

weather = session_object("Weather", agent)

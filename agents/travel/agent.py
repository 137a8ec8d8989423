"""The travel agent: a model, its tools, a service."""

from google.adk.agents import LlmAgent

from agents.models import model_from_environment
from agents.models.scripts.travel import play
from agents.session_object import session_object
from agents.travel.tools import book_car, book_flight, book_hotel, pay_trip

agent = LlmAgent(
    name="travel_agent",
    description="Books trips; a person approves what they cost.",
    model=model_from_environment(play),
    instruction=(
        "You book trips. Find out where to, from which day to which, and whether a car is wanted; ask for what is "
        "missing. Hold the flight, the hotel and the car if one is wanted, then call pay_trip with the bookings as "
        "they were returned and the sum of their prices; a person decides. Tell the traveller exactly what came of it: "
        "approved and paid, or rejected and why, and which bookings were cancelled."
    ),
    tools=[book_flight, book_hotel, book_car, pay_trip],
)

travel = session_object("Travel", agent)

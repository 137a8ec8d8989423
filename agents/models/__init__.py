"""Which model plays: Gemini, any that LiteLLM knows, or the offline stand-in."""

import os
from collections.abc import Mapping
from typing import Final

from google.adk.models.base_llm import BaseLlm

from agents.approval.errors import ConfigurationError
from agents.models.by_litellm import litellm_model
from agents.models.careful import CarefulModel, careful
from agents.models.offline import OfflineModel
from agents.models.transcript import Script

DEFAULT_GEMINI: Final = "gemini-2.5-flash"


def model_from_environment(
    script: Script, environment: Mapping[str, str] = os.environ, *, to_agents: bool = False
) -> CarefulModel:
    """Return the model that the environment asks for, to be called with care.

    ``AGENT_MODEL`` names it: a Gemini model, or a LiteLLM name with a slash such as ``openai/gpt-4o``. Without it, a
    ``GOOGLE_API_KEY`` means Gemini, and no key means the offline stand-in, which plays ``script``.

    Args:
        to_agents: whether its answers go to another agent, which need not be told that a stand-in speaks.

    Raises:
        ConfigurationError: the model that was named can't be used as things are.
    """
    stand_in = OfflineModel(model="offline", script=script, says_what_it_is=not to_agents)
    return careful(_named(environment.get("AGENT_MODEL", "").strip(), environment) or stand_in)


def _named(name: str, environment: Mapping[str, str]) -> BaseLlm | None:
    """Return the model with a name, or None for the stand-in."""
    if "/" in name:
        return litellm_model(name)
    if environment.get("GOOGLE_API_KEY", "").strip():
        from google.adk.models.google_llm import Gemini

        return Gemini(model=name or DEFAULT_GEMINI)
    if name and name != "offline":
        raise ConfigurationError(f"AGENT_MODEL: {name!r} is a Gemini model and needs GOOGLE_API_KEY")
    return None

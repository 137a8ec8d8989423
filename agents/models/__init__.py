"""Which model plays: Gemini, any that LiteLLM knows, or the offline stand-in."""

import importlib.util
import os
from collections.abc import Mapping
from typing import Final

from google.adk.models.base_llm import BaseLlm

from agents.approval.errors import ConfigurationError
from agents.models.offline import OfflineModel
from agents.models.transcript import Script

DEFAULT_GEMINI: Final = "gemini-2.5-flash"


def model_from_environment(script: Script, environment: Mapping[str, str] = os.environ) -> BaseLlm:
    """Return the model that the environment asks for.

    ``AGENT_MODEL`` names it: a Gemini model, or a LiteLLM name with a slash such as ``openai/gpt-4o``. Without it, a
    ``GOOGLE_API_KEY`` means Gemini, and no key means the offline stand-in, which plays ``script``.

    Raises:
        ConfigurationError: the model that was named can't be used as things are.
    """
    name = environment.get("AGENT_MODEL", "").strip()
    if "/" in name:
        return _litellm(name)
    if environment.get("GOOGLE_API_KEY", "").strip():
        from google.adk.models.google_llm import Gemini

        return Gemini(model=name or DEFAULT_GEMINI)
    if name and name != "offline":
        raise ConfigurationError(f"AGENT_MODEL: {name!r} is a Gemini model and needs GOOGLE_API_KEY")
    return OfflineModel(model="offline", script=script)


def _litellm(name: str) -> BaseLlm:
    if importlib.util.find_spec("litellm") is None:
        raise ConfigurationError(f"AGENT_MODEL: {name!r} needs the package litellm, which is not installed")
    from google.adk.models.lite_llm import LiteLlm

    return LiteLlm(model=name)

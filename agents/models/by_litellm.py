"""Any model that LiteLLM knows, by its name."""

import importlib.util
import os
from importlib import import_module
from typing import Any, Final

from google.adk.models.base_llm import BaseLlm

from agents.approval.errors import ConfigurationError

# LiteLLM needs mcp as soon as a model is given tools, and does not say so before.
_PACKAGES: Final = ("litellm", "mcp")
_DEFAULTS: Final = {
    "LITELLM_MODE": "PRODUCTION",  # Or it reads a file .env from wherever the process stands.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # Or it asks the internet for prices, which nobody here wants to know.
}


def litellm_model(name: str) -> BaseLlm:
    """Return the model with a LiteLLM name, such as ``openai/gpt-4o``.

    Keys and addresses are LiteLLM's own variables, such as ``OPENAI_API_KEY`` and ``OPENAI_BASE_URL``.

    Raises:
        ConfigurationError: a package is missing, or LiteLLM knows nobody who has such a model.
    """
    for package in _PACKAGES:
        if importlib.util.find_spec(package) is None:
            raise ConfigurationError(f"AGENT_MODEL: {name!r} needs the package {package}, which is not installed")
    for variable, value in _DEFAULTS.items():
        os.environ.setdefault(variable, value)
    # It takes seconds: now, rather than within the time of the first call.
    litellm: Any = import_module("litellm")
    litellm.suppress_debug_info = True  # Or each error prints an advertisement among the log lines.
    try:
        litellm.get_llm_provider(name)
    except litellm.BadRequestError as error:
        raise ConfigurationError(f"AGENT_MODEL: LiteLLM knows nobody who has {name!r}") from error
    from google.adk.models.lite_llm import LiteLlm

    # Tries of its own would be hidden from the journal, and multiply with Restate's.
    return LiteLlm(model=name, num_retries=0)

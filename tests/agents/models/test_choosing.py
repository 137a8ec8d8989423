"""Which model the environment chooses."""

from importlib.util import find_spec

import pytest

from agents.approval import ConfigurationError
from agents.models import model_from_environment
from agents.models.scripts import weather


def test_the_environment_chooses_the_model() -> None:
    assert model_from_environment(weather.play, {}).model == "offline"
    assert model_from_environment(weather.play, {"AGENT_MODEL": "offline"}).model == "offline"
    assert model_from_environment(weather.play, {"GOOGLE_API_KEY": "k"}).model.startswith("gemini")
    assert model_from_environment(weather.play, {"GOOGLE_API_KEY": "k", "AGENT_MODEL": "gemini-x"}).model == "gemini-x"


def test_a_name_with_a_slash_is_one_of_litellms() -> None:
    model = model_from_environment(weather.play, {"AGENT_MODEL": "openai/trial"})
    assert (model.model, type(model.inner).__name__) == ("openai/trial", "LiteLlm")


def test_a_gemini_model_without_a_key_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="'gemini-x' is a Gemini model and needs GOOGLE_API_KEY"):
        model_from_environment(weather.play, {"AGENT_MODEL": "gemini-x"})


@pytest.mark.parametrize("missing", ["litellm", "mcp"])
def test_a_package_that_is_missing_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else find_spec(name))
    with pytest.raises(ConfigurationError, match=f"'openai/gpt' needs the package {missing}, which is not installed"):
        model_from_environment(weather.play, {"AGENT_MODEL": "openai/gpt"})


def test_a_name_that_litellm_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="LiteLLM knows nobody who has 'nobody/gpt'"):
        model_from_environment(weather.play, {"AGENT_MODEL": "nobody/gpt"})

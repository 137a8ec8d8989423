"""The environment: loud and clear when it is wrong."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agents.approval import ConfigurationError, Countersign
from agents.environment import Environment
from agents.service import SERVICES, chosen
from restate_bridge.contract import key_id


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    keys = tmp_path / "verify.pem"
    keys.write_bytes(_pem(Ed25519PrivateKey.generate()))
    return {
        "COUNTERSIGN_URL": "http://127.0.0.1:8000/",
        "COUNTERSIGN_AGENT_TOKEN": "secret-token",
        "COUNTERSIGN_VERIFY_KEYS_FILE": str(keys),
    }


def test_a_good_environment_is_read_and_the_token_is_not_shown(good: dict[str, str]) -> None:
    settings = Countersign.from_environment(good)
    assert settings.url == "http://127.0.0.1:8000"
    assert "secret-token" not in repr(settings)


@pytest.mark.parametrize("name", ["COUNTERSIGN_URL", "COUNTERSIGN_AGENT_TOKEN", "COUNTERSIGN_VERIFY_KEYS_FILE"])
def test_each_variable_is_needed_and_named(good: dict[str, str], name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is not set"):
        Countersign.from_environment(good | {name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COUNTERSIGN_URL", "inbox.example"),
        ("COUNTERSIGN_URL", "ftp://inbox.example"),
        ("COUNTERSIGN_URL", "http://user:password@inbox.example"),
        ("COUNTERSIGN_AGENT_TOKEN", "two words"),
        ("COUNTERSIGN_AGENT_TOKEN", "tökén"),
        ("COUNTERSIGN_VERIFY_KEYS_FILE", "/nowhere/verify.pem"),
    ],
)
def test_a_bad_value_is_refused_by_name(good: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Countersign.from_environment(good | {name: value})


def test_a_password_in_the_address_is_not_repeated(good: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Countersign.from_environment(good | {"COUNTERSIGN_URL": "http://user:hunter2@inbox.example"})
    assert "hunter2" not in str(caught.value)


def test_keys_rotate_without_a_restart(good: dict[str, str]) -> None:
    settings = Countersign.from_environment(good)
    new = Ed25519PrivateKey.generate()
    file = Path(good["COUNTERSIGN_VERIFY_KEYS_FILE"])
    file.write_bytes(file.read_bytes() + _pem(new))
    os.utime(file, ns=(1, 1))
    accepted = settings.verify_keys.keys()
    assert key_id(new.public_key()) in accepted
    assert len(accepted) == 2


@pytest.mark.parametrize("bind", ["9080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", ":9080"])
def test_a_bad_address_to_listen_on_is_refused(bind: str) -> None:
    with pytest.raises(ConfigurationError, match="AGENTS_BIND"):
        Environment.read({"AGENTS_BIND": bind})


@pytest.mark.parametrize("name", ["AGENT_INACTIVITY_TIMEOUT", "AGENT_MODEL_TIMEOUT"])
@pytest.mark.parametrize("seconds", ["soon", "-1", "nan", "1e9"])
def test_a_bad_time_is_refused(name: str, seconds: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Environment.read({name: seconds})


def test_a_model_has_to_have_some_time() -> None:
    with pytest.raises(ConfigurationError, match=r"AGENT_MODEL_TIMEOUT: '0' is not a number of seconds from 0\.1"):
        Environment.read({"AGENT_MODEL_TIMEOUT": "0"})


@pytest.mark.parametrize("attempts", ["0", "many", "-1", "1.5", "10001", "²"])
def test_a_bad_number_of_attempts_is_refused(attempts: str) -> None:
    with pytest.raises(ConfigurationError, match="AGENT_ATTEMPTS"):
        Environment.read({"AGENT_ATTEMPTS": attempts})


@pytest.mark.parametrize(
    ("name", "text", "bounds"),
    [
        ("AGENT_MODEL_CALLS", "0", "from 1 to 10000"),
        ("AGENT_SESSION_TURNS", "-1", "from 0 to 10000"),
        ("AGENT_SESSION_BYTES", "9999", "from 10000 to 5000000"),
    ],
)
def test_a_bad_bound_of_a_conversation_is_refused(name: str, text: str, bounds: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name}: '{text}' is not a number {bounds}"):
        Environment.read({name: text})


def test_the_defaults_are_loopback_and_two_seconds() -> None:
    environment = Environment.read({})
    assert environment.bind == "127.0.0.1:9080"
    assert environment.inactivity_timeout.total_seconds() == 2
    assert environment.attempts == 70
    assert environment.model_timeout.total_seconds() == 120
    assert (environment.model_calls, environment.session_turns, environment.session_bytes) == (100, 20, 200_000)


def test_services_are_chosen_by_name_and_unknown_ones_refused() -> None:
    names = [service.name for service in chosen(Environment.read({"AGENTS_SERVICES": " Fraud,Weather , "}))]
    assert names == ["Weather", "Fraud"]
    assert len(chosen(Environment.read({}))) == len(SERVICES)
    with pytest.raises(ConfigurationError, match="AGENTS_SERVICES: 'Frod' is none of Claims, Dispute,"):
        chosen(Environment.read({"AGENTS_SERVICES": "Frod"}))


def test_the_samples_have_two_versions_and_no_third() -> None:
    assert [Environment.read(given).version for given in ({}, {"AGENTS_VERSION": "2"})] == [1, 2]
    for odd in ("3", "", "two"):
        with pytest.raises(ConfigurationError, match="AGENTS_VERSION"):
            Environment.read({"AGENTS_VERSION": odd})

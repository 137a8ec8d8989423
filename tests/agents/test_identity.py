"""The file of the keys that agents know their own Restate by, and what they say of it at their start."""

import logging
from pathlib import Path

import pytest

from agents.approval import ConfigurationError
from agents.environment import Environment
from agents.identity import tell_who_may_call
from restate_bridge.identity import make_identity_key, public_identity_key

_KEY, _OTHER = (public_identity_key(make_identity_key()) for _ in range(2))


def _read(file: Path) -> tuple[str, ...]:
    return Environment.read({"AGENTS_IDENTITY_KEYS_FILE": str(file)}).identity_keys


def test_there_is_one_key_a_line_and_comments_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# since spring\n{_KEY}   # goes in autumn\n\n  {_OTHER}\n")
    assert _read(file) == (_KEY, _OTHER)


def test_without_the_variable_there_is_none() -> None:
    assert Environment.read({}).identity_keys == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-----BEGIN PRIVATE KEY-----", "start with publickeyv1_"),
        (_KEY.removeprefix("publickeyv1_"), "start with publickeyv1_"),
        (_KEY[:-4], "length of 32"),
        (_KEY.replace("publickeyv1_", "publickeyv1_0"), "invalid character '0'"),
        (f"{_KEY} {_OTHER}", "invalid character ' '"),
    ],
    ids=["a private key", "no prefix", "cut off", "no base58", "two in one line"],
)
def test_a_line_that_is_no_key_is_named_and_not_repeated(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# ours\n{_KEY}\n{line}\n")
    with pytest.raises(ConfigurationError) as caught:
        _read(file)
    assert str(caught.value).startswith(
        f"AGENTS_IDENTITY_KEYS_FILE: {file}, line 3: this is no public key of Restate's"
    )
    assert why in str(caught.value)
    assert line not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# publickeyv1_none\n"], ids=["empty", "blank", "comments"])
def test_a_file_without_a_key_is_an_error_and_opens_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=f"AGENTS_IDENTITY_KEYS_FILE: {file}: no line holds a public key"):
        _read(file)


def test_a_file_that_is_not_there_or_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "nowhere", tmp_path, tmp_path / "binary"):
        with pytest.raises(ConfigurationError, match=f"AGENTS_IDENTITY_KEYS_FILE: {file}: "):
            _read(file)


def test_set_to_nothing_is_an_error_and_not_the_same_as_not_set() -> None:
    with pytest.raises(ConfigurationError, match="AGENTS_IDENTITY_KEYS_FILE"):
        Environment.read({"AGENTS_IDENTITY_KEYS_FILE": ""})


@pytest.mark.parametrize(
    ("bind", "level"),
    [
        ("127.0.0.1:9080", logging.INFO),
        ("[::1]:9080", logging.INFO),
        ("localhost:9080", logging.INFO),
        ("0.0.0.0:9080", logging.WARNING),
        ("[::]:9080", logging.WARNING),
        ("agents.example.org:9080", logging.WARNING),
    ],
)
def test_that_unsigned_calls_are_accepted_is_a_warning_unless_only_this_machine_can_call(
    caplog: pytest.LogCaptureFixture, bind: str, level: int
) -> None:
    with caplog.at_level(logging.INFO, logger="agents"):
        tell_who_may_call((), bind)
    [record] = caplog.records
    assert record.message.startswith("unsigned calls are accepted")
    assert record.levelno == level


def test_which_keys_are_known_is_said_wherever_they_listen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="agents"):
        tell_who_may_call((_KEY,), "0.0.0.0:9080")
    [record] = caplog.records
    assert record.levelno == logging.INFO
    assert vars(record)["identity_keys"] == [_KEY]

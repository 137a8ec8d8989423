"""Restate's ids: how the id of an awakeable follows from the id of its run.

Measured on Restate 1.7.12, and held by a test against the engine: an invocation id is ``inv_1``, 11 base62 digits for
the partition key and 22 for the UUID; an awakeable id is ``sign_1`` and base64url over (8 bytes partition key, 16 bytes
UUID, both little-endian, 4 bytes signal index, big-endian).
"""

import base64
import re
import string
from typing import Final

FIRST_AWAKEABLE_INDEX: Final = 17

_DIGITS: Final = string.digits + string.ascii_letters
_KEY_DIGITS, _UUID_DIGITS = 11, 22
_INVOCATION: Final = re.compile(rf"inv_1([0-9A-Za-z]{{{_KEY_DIGITS}}})([0-9A-Za-z]{{{_UUID_DIGITS}}})")
_DEPLOYMENT: Final = re.compile(r"dp_1[0-9A-Za-z]{22}")
_AWAKEABLE_BYTES: Final = 28


class MalformedId(ValueError):
    """The text is not an id of Restate's."""


def is_invocation_id(text: str) -> bool:
    """Tell whether ``text`` has the form of an invocation id, and so may stand in a query."""
    return _INVOCATION.fullmatch(text) is not None


def checked(invocation_id: str) -> str:
    """Return the id of a run, which may now stand in a query or in an address.

    Raises:
        MalformedId: it has not the form of one.
    """
    if not is_invocation_id(invocation_id):
        raise MalformedId(f"{invocation_id!r} is not an invocation id")
    return invocation_id


def is_deployment_id(text: str) -> bool:
    """Tell whether ``text`` has the form of the id of a deployment, and so may stand in an address."""
    return _DEPLOYMENT.fullmatch(text) is not None


def awakeable_id(invocation_id: str, index: int = FIRST_AWAKEABLE_INDEX) -> str:
    """Return the id of a run's awakeable; the first has index 17.

    Raises:
        MalformedId: ``invocation_id`` is none.
    """
    match = _INVOCATION.fullmatch(invocation_id)
    if match is None:
        raise MalformedId(f"{invocation_id!r} is not an invocation id")
    partition_key, uuid = (_from_base62(group) for group in match.groups())
    raw = partition_key.to_bytes(8, "little") + uuid.to_bytes(16, "little") + index.to_bytes(4, "big")
    return "sign_1" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signal_index(awakeable_id: str) -> int:
    """Return the index of an awakeable within its run, as the journal names it.

    Raises:
        MalformedId: ``awakeable_id`` is none.
    """
    return int.from_bytes(_bytes_of(awakeable_id)[-4:], "big")


def run_of(awakeable: str) -> str:
    """Return the id of the run that an awakeable belongs to: the way back from `awakeable_id`.

    Raises:
        MalformedId: ``awakeable`` is none.
    """
    raw = _bytes_of(awakeable)
    groups = ((raw[:8], _KEY_DIGITS), (raw[8:24], _UUID_DIGITS))
    run = "inv_1" + "".join(_to_base62(int.from_bytes(number, "little"), digits) for number, digits in groups)
    # Decoding takes more than the one way in which an id is written.
    if awakeable_id(run, signal_index(awakeable)) != awakeable:
        raise MalformedId(f"{awakeable!r} is not an awakeable id")
    return run


def _bytes_of(awakeable_id: str) -> bytes:
    body = awakeable_id.removeprefix("sign_1")
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError as error:
        raise MalformedId(f"{awakeable_id!r} is not an awakeable id") from error
    if len(raw) != _AWAKEABLE_BYTES or body == awakeable_id:
        raise MalformedId(f"{awakeable_id!r} is not an awakeable id")
    return raw


def _to_base62(value: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        value, digit = divmod(value, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _from_base62(text: str) -> int:
    value = 0
    for digit in text:
        value = value * len(_DIGITS) + _DIGITS.index(digit)
    return value

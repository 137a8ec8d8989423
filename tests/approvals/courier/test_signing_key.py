"""The key that decisions are signed with is rotated without a restart."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from approvals.courier.signing import SigningKey
from restate_bridge.contract import KeyFormatError, key_id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signing_key.pem"


def put_new_key(path: Path, *, by_renaming: bool = False) -> str:
    """Put a new key into the file and return its id."""
    key = Ed25519PrivateKey.generate()
    fresh = path.with_suffix(".new") if by_renaming else path
    fresh.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    fresh.rename(path)
    return key_id(key.public_key())


def current(signing: SigningKey) -> str:
    return key_id(signing.current().public_key())


@pytest.mark.parametrize("by_renaming", [True, False])
def test_a_new_key_is_used_from_the_next_decision_on(path: Path, by_renaming: bool) -> None:
    first = put_new_key(path)
    signing = SigningKey(path)
    assert current(signing) == first
    second = put_new_key(path, by_renaming=by_renaming)
    assert current(signing) == second != first


def test_a_file_that_has_not_changed_is_not_read_again(path: Path) -> None:
    put_new_key(path)
    signing = SigningKey(path)
    assert signing.current() is signing.current()


@pytest.mark.parametrize("broken", [b"", b"half a k", None])
def test_a_broken_file_keeps_the_key_before_and_says_so_once(
    path: Path, broken: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    first = put_new_key(path)
    signing = SigningKey(path)
    if broken is None:
        path.unlink()
    else:
        path.write_bytes(broken)
    assert [current(signing) for _ in range(3)] == [first] * 3
    assert caplog.text.count("the key before is kept") == 1
    second = put_new_key(path)
    assert current(signing) == second


def test_there_has_to_be_a_key_at_the_start(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SigningKey(path)
    path.write_bytes(b"no key")
    with pytest.raises(KeyFormatError):
        SigningKey(path)

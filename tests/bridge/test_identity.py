"""The key that Restate signs its calls with, and how agents are told of it."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from embedded.ports import free_ports
from embedded.restate import EmbeddedRestate, identity
from embedded.settings import from_environment
from restate_bridge.contract import KeyFormatError
from restate_bridge.identity import ensure_identity, main, make_identity_key, public_identity_key


def _pem(seed: bytes) -> str:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_restate_calls_its_key_as_we_do(tmp_path: Path) -> None:
    settings = from_environment({"VAR_DIR": str(tmp_path)})
    (tmp_path / "secrets").mkdir()
    public = ensure_identity(tmp_path / "secrets" / "identity_key.pem", tmp_path / "keys")
    ingress, admin, node = free_ports(3)
    with EmbeddedRestate(tmp_path / "restate", ingress, admin, node, identity(settings)) as server:
        assert f'kid: "{public}"' in server.log


def test_a_public_key_has_a_one_for_each_zero_that_it_begins_with() -> None:
    # The seed was looked for: about one public key of 256 begins with a zero.
    begins_with_zero = _pem((36).to_bytes(32))
    assert public_identity_key(begins_with_zero).startswith("publickeyv1_1")


def test_the_pair_is_made_once_and_the_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    key_file, keys_file = tmp_path / "key.pem", tmp_path / "keys"
    public = ensure_identity(key_file, keys_file)
    made = key_file.read_text()
    assert ensure_identity(key_file, keys_file) == public
    assert key_file.read_text() == made
    assert keys_file.read_text() == f"{public}\n"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o400


def test_a_key_is_added_to_those_that_the_agents_know(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("# ours\npublickeyv1_old")
    public = ensure_identity(tmp_path / "key.pem", tmp_path / "keys")
    assert (tmp_path / "keys").read_text() == f"# ours\npublickeyv1_old\n{public}\n"


def test_a_half_written_key_of_an_interrupted_start_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "key.new").write_text("hal")
    assert ensure_identity(tmp_path / "key.pem", tmp_path / "keys").startswith("publickeyv1_")


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        ("", "not a private key in PEM"),
        ("publickeyv1_7rbQe1cDJFiwa5JmWUyj5evQ5YMR9QaJJcBwDXHzAtre", "not a private key in PEM"),
        (make_identity_key().replace("A", "!"), "not a private key in PEM"),
        (
            generate_private_key(65_537, 2_048)
            .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            .decode(),
            "not an Ed25519 key",
        ),
    ],
    ids=["nothing", "a public key", "garbled", "of another kind"],
)
def test_what_is_no_key_is_said_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pem: str, why: str
) -> None:
    key_file, keys_file = tmp_path / "key.pem", tmp_path / "keys"
    key_file.write_text(pem)
    with pytest.raises(KeyFormatError, match=why):
        ensure_identity(key_file, keys_file)
    assert main([str(key_file), str(keys_file)]) == 1
    assert f"{key_file}, {keys_file}: the identity key is {why}" in capsys.readouterr().err
    assert key_file.read_text() == pem
    assert not keys_file.exists()


def test_the_command_prints_the_public_key_and_says_how_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "key.pem"), str(tmp_path / "keys")]) == 0
    assert capsys.readouterr().out == (tmp_path / "keys").read_text()
    assert main([]) == 2
    assert "KEY_FILE KEYS_FILE" in capsys.readouterr().err
    assert main([os.devnull + "/key.pem", str(tmp_path / "keys")]) == 1

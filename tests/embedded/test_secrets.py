"""Secrets are made once, and only their owner can read them."""

import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from embedded.secrets import ensure
from restate_bridge.identity import public_identity_key


def test_they_are_made_once(tmp_path: Path) -> None:
    assert ensure(tmp_path / "secrets") == ensure(tmp_path / "secrets")


def test_two_folders_have_nothing_in_common(tmp_path: Path) -> None:
    assert not set(ensure(tmp_path / "a").values()) & set(ensure(tmp_path / "b").values())


def test_only_their_owner_can_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    ensure(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_the_keys_are_a_pair(tmp_path: Path) -> None:
    secrets = ensure(tmp_path)
    private = load_pem_private_key(secrets["signing_key.pem"].encode(), None)
    public = load_pem_public_key(secrets["verify_keys.pem"].encode())
    assert isinstance(private, Ed25519PrivateKey)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(private.sign(b"a decision"), b"a decision")


def test_agents_know_the_key_of_their_own_restate(tmp_path: Path) -> None:
    secrets = ensure(tmp_path)
    assert secrets["identity_keys"] == public_identity_key(secrets["identity_key.pem"]) + "\n"


def test_a_half_written_secret_of_an_interrupted_start_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret_key.new").write_text("hal")
    assert len(ensure(tmp_path)["secret_key"]) >= 50

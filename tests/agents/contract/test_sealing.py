"""Values are sealed with the first key of a file, and opened with any of them."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from restate_bridge.contract import (
    CantOpen,
    KeyFormatError,
    has_journal_keys,
    is_sealed,
    load_journal_keys,
    opened,
    opened_text,
    sealed,
    sealed_text,
    token_in_reject_text,
    use_journal_keys,
)

OLD, NEW = (base64.b64encode(bytes([number]) * 32) for number in (1, 2))
CONTENTS = [b"", b'"Oslo"', b"\x00\x01", "Ö \u202e".encode(), bytes(100_000)]


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    """The file of this process's keys; it holds the old one."""
    file = tmp_path / "journal_keys"
    file.write_bytes(OLD + b"\n")
    use_journal_keys(file)
    yield file
    use_journal_keys(None)


@pytest.mark.parametrize("content", CONTENTS)
def test_what_was_sealed_is_opened_and_shows_nothing_meanwhile(keys: Path, content: bytes) -> None:
    kept = sealed(content)
    assert is_sealed(kept)
    assert opened(kept) == content
    assert len(content) < 3 or content not in kept


def test_the_same_is_never_sealed_to_the_same(keys: Path) -> None:
    assert sealed(b"Oslo") != sealed(b"Oslo")


@pytest.mark.parametrize("content", [b"", b"{}", b"Oslo", b"\x00other"])
def test_what_was_never_sealed_is_as_it_was(keys: Path, content: bytes) -> None:
    assert opened(content) == content


def test_without_keys_nothing_is_sealed() -> None:
    assert not has_journal_keys()
    assert sealed(b"Oslo") == b"Oslo"
    assert sealed_text("Oslo") == "Oslo"


@pytest.mark.parametrize("place", [4, 12, 30, -1])
def test_what_was_changed_is_not_opened(keys: Path, place: int) -> None:
    kept = bytearray(sealed(b"Pay 10 EUR to Nordwind"))
    kept[place] ^= 1
    with pytest.raises(CantOpen):
        opened(bytes(kept))


@pytest.mark.parametrize("length", [4, 12, 20, 24, 39])
def test_what_was_cut_is_not_opened(keys: Path, length: int) -> None:
    with pytest.raises(CantOpen):
        opened(sealed(b"Pay 10 EUR to Nordwind")[:length])


def test_a_new_key_seals_from_then_on_and_the_old_one_opens_as_long_as_it_is_there(keys: Path) -> None:
    before = sealed(b"before")
    keys.write_bytes(b"# rotated\n" + NEW + b"\n" + OLD + b"\n")
    after = sealed(b"after")
    assert (opened(before), opened(after)) == (b"before", b"after")
    keys.write_bytes(NEW)
    assert opened(after) == b"after"
    with pytest.raises(CantOpen, match="a key that is not here"):
        opened(before)
    keys.write_bytes(OLD)
    with pytest.raises(CantOpen):
        opened(after)


@pytest.mark.parametrize("harm", [b"", b"not a key\n", None], ids=["emptied", "something else", "gone"])
def test_a_file_that_is_broken_later_changes_nothing(keys: Path, harm: bytes | None) -> None:
    before = sealed(b"before")
    if harm is None:
        keys.unlink()
    else:
        keys.write_bytes(harm)
    assert opened(sealed(b"after")) == b"after"
    assert opened(before) == b"before"
    token = sealed_text("a.b.c")
    assert opened_text(token) == "a.b.c"


def test_without_keys_what_is_sealed_says_so(keys: Path) -> None:
    kept = sealed(b"Oslo")
    use_journal_keys(None)
    with pytest.raises(CantOpen, match="no journal keys here"):
        opened(kept)


def test_a_sealed_token_is_found_in_a_rejection_and_its_text_tells_nothing(keys: Path) -> None:
    text = f"Decided in the inbox.\n{sealed_text('a.b.c')}"
    assert token_in_reject_text(text) == "a.b.c"
    assert "a.b.c" not in text
    assert opened_text("sealed:nonsense!") == "sealed:nonsense!"
    keys.write_bytes(NEW)
    # Another inbox's, or one that is ahead: no token, so the agent puts that on record and asks again.
    assert token_in_reject_text(text).count(".") == 0


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        (b"", "there is no key"),
        (b"# only words\n", "there is no key"),
        (b"not base64!\n", "is not base64"),
        (base64.b64encode(bytes(16)), "has 16 bytes, not 32"),
        (OLD + b"\n" + b"AAAA", "has 3 bytes, not 32"),
        (b"\xff\xfe", "is not base64"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(held: bytes, wrong: str) -> None:
    with pytest.raises(KeyFormatError, match=wrong):
        load_journal_keys(held)

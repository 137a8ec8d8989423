"""A digest, or enough of it."""

import pytest

from approvals.rules.seen import in_short, is_the_same

DIGEST = "sha256:" + "0123456789abcdef" * 4


def test_a_digest_is_itself_in_full_and_in_short() -> None:
    assert in_short(DIGEST) == "sha256:0123456789abcdef01234567"
    assert is_the_same(DIGEST, DIGEST)
    assert is_the_same(in_short(DIGEST), DIGEST)


@pytest.mark.parametrize(
    "seen", ["", "sha256:", in_short(DIGEST)[:-1], in_short(DIGEST) + "8", DIGEST[:-1], DIGEST + "0"]
)
def test_less_or_more_of_it_or_another_is_not(seen: str) -> None:
    assert not is_the_same(seen, DIGEST)

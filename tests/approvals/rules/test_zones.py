"""Whose evening is meant."""

import pytest

from approvals.rules.zones import zone_named


@pytest.mark.parametrize("name", ["Asia/Seoul", "America/Argentina/Buenos_Aires", "Etc/GMT-5", "UTC"])
def test_a_zone_is_known_by_the_name_that_browsers_have_for_it(name: str) -> None:
    zone = zone_named(name)
    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "America", "asia/seoul ", "../../etc/passwd", "/etc/localtime", "A\0B", "x" * 10_000]
)
def test_anything_else_is_no_zone_and_never_looked_up_as_a_file(name: str) -> None:
    assert zone_named(name) is None

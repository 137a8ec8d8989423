"""The house as a fixture: one for all the tests of a session that need everything."""

from collections.abc import Iterator

import pytest

from tests.house.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is up, whose courier looks after deliveries each second; tests use sessions of their own."""
    with House(tmp_path_factory.mktemp("house"), COUNTERSIGN_DELIVERY_CHECK_SECONDS="1") as house:
        yield house

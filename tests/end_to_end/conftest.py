"""People at the house."""

from collections.abc import Iterator

import pytest

from tests.house.house import House
from tests.house.people import Person


@pytest.fixture(scope="session")
def reviewer(house: House) -> Iterator[Person]:
    """The demo reviewer."""
    with Person(house, "reviewer") as person:
        yield person


@pytest.fixture(scope="session")
def operator(house: House) -> Iterator[Person]:
    """The demo operator."""
    with Person(house, "operator") as person:
        yield person


@pytest.fixture(scope="session")
def suspending_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose agents suspend at every wait, and replay all that came before when they go on."""
    folder = tmp_path_factory.mktemp("suspending")
    with House(folder, AGENT_INACTIVITY_TIMEOUT="0", COUNTERSIGN_DELIVERY_CHECK_SECONDS="1") as house:
        yield house

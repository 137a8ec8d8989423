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

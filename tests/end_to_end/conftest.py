"""One house for all the tests of this folder, and its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.house import House
from tests.house.people import Person


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is up; tests use sessions of their own."""
    folder: Path = tmp_path_factory.mktemp("house")
    with House(folder, COUNTERSIGN_DELIVERY_CHECK_SECONDS="1") as house:
        yield house


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

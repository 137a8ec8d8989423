"""A real Restate, the real agents process, and a stand-in for the inbox; each once for how the runs wait."""

from collections.abc import Iterator

import pytest

from tests.agents.engine.house import House
from tests.agents.engine.opening import open_house


@pytest.fixture(scope="session", params=["60", "0"], ids=["connection-kept", "always-suspended"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All of it. With an inactivity timeout of zero every wait suspends and every wake replays."""
    with open_house(tmp_path_factory.mktemp("house"), {"AGENT_INACTIVITY_TIMEOUT": request.param}) as house:
        yield house


@pytest.fixture(autouse=True)
def _calm(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave the inbox at home and the agents running, whatever a test did to them."""
    yield
    if "house" in request.fixturenames:
        request.getfixturevalue("house").calm()

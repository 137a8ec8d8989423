"""Sessions for tests of the console: what is kept there, and what the pages say of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from django.core.cache import cache
from django.test import Client

from restate_bridge.session_state import StateKeeper, state_names, state_values, state_version
from tests.engine.engine import Engine
from tests.house.house import eventually


def state_of(engine: Engine, key: str, service: str = "Keeping") -> dict[str, bytes]:
    """Return what is kept under a key."""
    names = state_names(engine.admin, service, key, at_most=1_000)
    return state_values(engine.admin, service, key, [value.name for value in names])


def put(engine: Engine, key: str, state: Mapping[str, bytes], service: str = "Keeping") -> None:
    """Replace the state of a session that nothing runs in, whatever it was."""
    version = state_version(state_of(engine, key, service))
    StateKeeper(engine.server.admin_url).replace(service, key, state, version=version)
    eventually(lambda: state_of(engine, key, service) == state)


def keep(engine: Engine, key: str, kept: Mapping[str, Any]) -> None:
    """Have a run keep JSON under a key, beside what is there: larger than what can be put there from outside."""
    url = f"{engine.server.ingress_url}/Keeping/{quote(key, safe='')}/keep_all"
    httpx.post(url, json=kept, trust_env=False).raise_for_status()
    eventually(lambda: set(kept) <= set(state_of(engine, key)))


def address(key: str, service: str = "Keeping", page: str = "", **more: str) -> str:
    """Return where a session is shown, or what else there is to it."""
    return f"/sessions/one/{page}?{urlencode({'service': service, 'key': key, **more})}"


def shown(client: Client, path: str) -> str:
    """Return a page as it is now, whatever somebody was told a moment ago."""
    cache.clear()
    return client.get(path).content.decode()

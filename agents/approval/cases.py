"""Which case a run is part of: the work of several agents that one run began."""

import re
from typing import Final
from urllib.parse import quote, unquote
from weakref import WeakSet

import restate
from restate.server_context import ServerInvocationContext

from restate_bridge.contract import CASE_HEADER, MAX_CASE_NAME

_HEADER: Final = re.compile(r"(?P<run>inv_1[0-9A-Za-z]{33});(?P<name>.*)")
# A replay calls the same services again, and so finds the same runs to lead.
_leading: WeakSet[restate.Context] = WeakSet()


def case_of(ctx: ServerInvocationContext) -> dict[str, str]:
    """Return the case that a run is part of, as fields of a `RunReference`; empty for one that works alone."""
    headers = {name.lower(): value for name, value in ctx.request().headers.items()}
    if found := _HEADER.fullmatch(headers.get(CASE_HEADER, "")):
        return {"case_run": found["run"], "case_name": unquote(found["name"])[:MAX_CASE_NAME]}
    return _own(ctx) if ctx in _leading else {"case_run": "", "case_name": ""}


def case_headers(ctx: ServerInvocationContext) -> dict[str, str]:
    """Return the headers for a call of another service, so that what it asks for belongs to the same case."""
    _leading.add(ctx)
    case = case_of(ctx)
    return {CASE_HEADER: f"{case['case_run']};{quote(case['case_name'], safe='/')}"}


def _own(ctx: ServerInvocationContext) -> dict[str, str]:
    name = "/".join(filter(None, (ctx.handler.service_tag.name, ctx.key())))
    return {"case_run": ctx.request().id, "case_name": name[:MAX_CASE_NAME]}

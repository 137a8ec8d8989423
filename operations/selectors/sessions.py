"""The list of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from approvals.engine import admin_for_pages
from operations.rules.session_query import SessionQuery, Those
from operations.selectors.engine import shared
from operations.selectors.runs import known_deployments
from restate_bridge.errors import BridgeError
from restate_bridge.sessions import ListedSession, SessionFilter, SessionPlace, list_sessions

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """One page of the list, with what stands around it.

    Attributes:
        begins: behind which session this page begins, None for the first.
        after: behind which one the next page does, None on the last.
        services: the names that sessions can be narrowed to.
        away: why nothing could be read, empty when the engine answered.
    """

    query: SessionQuery
    rows: Sequence[ListedSession] = ()
    begins: SessionPlace | None = None
    after: SessionPlace | None = None
    services: Sequence[str] = ()
    away: str = ""


def sessions_page(query: SessionQuery, *, after: SessionPlace | None = None) -> SessionsPage:
    """Return one page of sessions, the latest used first; the engine being away is part of the answer."""
    wanted = SessionFilter(
        service=query.service, words=query.q, busy=query.those is Those.BUSY, talks=query.those is Those.TALKS
    )
    try:
        found = shared(_listed, wanted, after)
        services = {service for deployment in known_deployments() for service in deployment.services}
    except BridgeError as error:
        return SessionsPage(query, away=str(error))
    shown = found[:PAGE_SIZE]
    return SessionsPage(
        query,
        rows=shown,
        begins=after,
        after=shown[-1].place if len(found) > PAGE_SIZE else None,
        services=sorted(services),
    )


def _listed(wanted: SessionFilter, after: SessionPlace | None) -> list[ListedSession]:
    return list_sessions(admin_for_pages(), wanted, after=after, at_most=PAGE_SIZE + 1)

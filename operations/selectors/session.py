"""One session: what runs and queues there, what it asked for, and what it keeps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import User

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest
from approvals.selectors.access import requests_visible_to
from operations.rules.roles import Permission
from operations.selectors.engine import shared
from operations.selectors.runs import RunRow, known_deployments, rows_of
from restate_bridge.errors import BridgeError
from restate_bridge.listed_run import ENDED, ListedRun, RunState
from restate_bridge.runs import runs_of_key
from restate_bridge.session_state import StateName, has_the_key, state_names, state_values
from restate_bridge.sessions import CONVERSATION

MOST_NAMES: Final = 200
MOST_RUNS: Final = 30
#: So many bytes of conversations a page reads, and so many of other values.
MOST_TALK: Final = 2_000_000
MOST_BYTES: Final = 500_000
_GOING_ON: Final = sorted(frozenset(RunState) - ENDED - {RunState.QUEUED})


class Part(StrEnum):
    """What of a session is read: each refreshes itself on its own."""

    TALK = "talk"  # what was said
    REST = "rest"  # what runs, queues and was asked for, and the other values


WHOLE: Final = frozenset(Part)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its page shows it, or the parts of it that were asked for.

    Attributes:
        holder: the id of the run that has the key for itself; empty when none does.
        runs: those that go on, and then those that have ended, newest first.
        queue: the calls that wait for their turn, in its order.
        requests: of these runs, newest first, as far as the viewer may see them.
        names: what is kept under the key; one more than `MOST_NAMES` when there are more.
        values: what of it may be shown and is not too much, by its name. Nobody shares these: they are private, and
            kept nowhere.
        left_out: the conversations that are too large to be read among others.
        away: why nothing could be read, empty when the engine answered.
    """

    service: str
    key: str
    holder: str = ""
    runs: Sequence[RunRow] = ()
    queue: Sequence[ListedRun] = ()
    requests: Sequence[ApprovalRequest] = ()
    names: Sequence[StateName] = ()
    values: Mapping[str, bytes] = field(default_factory=dict)
    left_out: Sequence[StateName] = ()
    away: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the engine keeps anything of it."""
        return bool(self.runs or self.queue or self.names)


def session_view(user: User, service: str, key: str, *, parts: Collection[Part] = WHOLE) -> SessionView:
    """Return a session; the engine being away is part of the answer. Values are for who may see them."""
    try:
        names = shared(_names, service, key)
        view = SessionView(service, key, holder=shared(_holder, service, key), names=names)
        readable = _readable(names, parts) if user.has_perm(Permission.VIEW_PAYLOAD) else []
        view = replace(view, values=state_values(admin_for_pages(), service, key, readable))
        if Part.TALK in parts:
            left_out = [name for name in names if is_conversation(name.name) and name.name not in readable]
            view = replace(view, left_out=left_out)
        return _with_runs(user, view) if Part.REST in parts else view
    except BridgeError as error:
        return SessionView(service, key, away=str(error))


def is_conversation(name: str) -> bool:
    """Tell whether ADK keeps a conversation under a name."""
    return name.startswith(CONVERSATION)


def _with_runs(user: User, view: SessionView) -> SessionView:
    of = (view.service, view.key)
    runs = [*shared(_runs, *of, *_GOING_ON), *shared(_runs, *of, *sorted(ENDED))]
    return replace(
        view,
        runs=rows_of(user, runs, known_deployments()),
        queue=shared(_queue, *of),
        requests=_requests(user, [run.id for run in runs]),
    )


def _readable(names: Sequence[StateName], parts: Collection[Part]) -> list[str]:
    """Return the names whose values are read: of conversations, of others, or of both; the small ones until enough."""
    rooms = {part: most for part, most in ((Part.TALK, MOST_TALK), (Part.REST, MOST_BYTES)) if part in parts}
    readable = []
    for value in sorted(names[:MOST_NAMES], key=lambda one: one.size):
        part = Part.TALK if is_conversation(value.name) else Part.REST
        if value.size <= rooms.get(part, -1):
            rooms[part] -= value.size
            readable.append(value.name)
    return readable


def _runs(service: str, key: str, *states: RunState) -> list[ListedRun]:
    return runs_of_key(admin_for_pages(), service, key, states=states, at_most=MOST_RUNS)


def _queue(service: str, key: str) -> list[ListedRun]:
    queued = (RunState.QUEUED,)
    return runs_of_key(admin_for_pages(), service, key, states=queued, oldest_first=True, at_most=MOST_RUNS + 1)


def _holder(service: str, key: str) -> str:
    return has_the_key(admin_for_pages(), service, key)


def _names(service: str, key: str) -> list[StateName]:
    return state_names(admin_for_pages(), service, key, at_most=MOST_NAMES + 1)


def _requests(user: User, invocation_ids: Sequence[str]) -> list[ApprovalRequest]:
    visible = requests_visible_to(user).filter(invocation_id__in=invocation_ids).order_by("-id")
    return list(visible.defer("context", "arguments", "arguments_schema", "reason")[:MOST_RUNS])

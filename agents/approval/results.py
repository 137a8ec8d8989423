"""What code gets that calls a gated tool: dictionaries that a model understands too, told apart by their ``status``.

A type checker knows which fields there are once ``status`` was compared.
"""

from typing import Literal, NotRequired, TypedDict

from pydantic import JsonValue

#: An argument that a reviewer changed: what it was, and what it is.
Change = TypedDict("Change", {"from": JsonValue, "to": JsonValue})


class TeamsWord(TypedDict):
    """What one team said; nobody decided what expired."""

    status: Literal["approved", "rejected", "expired"]
    decided_by: NotRequired[str]


class _Agreed(TypedDict):
    """In the results of `request_agreement` there is what each team said that was heard."""

    teams: NotRequired[dict[str, TeamsWord]]


class _Undone(_Agreed):
    """With ``or_undo`` there is what the turn had done before: tools, and those that failed with the reason."""

    undone: NotRequired[list[str]]
    not_undone: NotRequired[dict[str, str]]


class Approved(_Agreed):
    """Somebody approved, and the tool ran. ``note`` is what they wrote."""

    status: Literal["approved"]
    decided_by: str
    result: JsonValue
    note: NotRequired[str]


class ApprovedWithChanges(_Agreed):
    """Somebody changed arguments, by their dotted paths, and approved; the tool ran with those."""

    status: Literal["approved_with_changes"]
    decided_by: str
    changed: dict[str, Change]
    result: JsonValue
    note: NotRequired[str]


class Rejected(_Undone):
    """Somebody rejected; nothing was done."""

    status: Literal["rejected"]
    decided_by: str
    reason: str


class Expired(_Undone):
    """Nobody decided before the deadline; nothing was done."""

    status: Literal["expired"]
    note: str


class Failed(_Undone):
    """The call was none that could be made, nobody could be asked, or the tool failed for good."""

    status: Literal["failed"]
    error: str


class NotNeeded(TypedDict):
    """Nobody had to be asked (``when``), and the tool ran."""

    status: Literal["not_needed"]
    result: JsonValue


class DryRun(_Agreed):
    """Nothing was done, and nobody was asked (``COUNTERSIGN_DRY_RUN``)."""

    status: Literal["dry_run"]
    note: str
    would_do: str
    would_ask: bool
    arguments: dict[str, JsonValue]


type Result = Approved | ApprovedWithChanges | Rejected | Expired | Failed | NotNeeded | DryRun

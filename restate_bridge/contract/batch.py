"""Several calls of an agent service in one (``POST /api/batch``), each with an answer of its own."""

from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue

from restate_bridge.contract.afterwards import Acknowledgement, Report
from restate_bridge.contract.announcement import Announcement
from restate_bridge.contract.wire import AwakeableId, Wire

MAX_CALLS: Final = 50


class AnnounceCall(Wire):
    """What ``PUT /api/requests/{awakeable_id}`` takes."""

    verb: Literal["announce"] = "announce"
    awakeable_id: AwakeableId
    body: Announcement


class AcknowledgeCall(Wire):
    """What ``POST /api/requests/{awakeable_id}/acknowledge`` takes."""

    verb: Literal["acknowledge"] = "acknowledge"
    awakeable_id: AwakeableId
    body: Acknowledgement


class ReportCall(Wire):
    """What ``POST /api/requests/{awakeable_id}/report`` takes."""

    verb: Literal["report"] = "report"
    awakeable_id: AwakeableId
    body: Report


BatchCall = AnnounceCall | AcknowledgeCall | ReportCall


class Batch(Wire):
    """The calls, in no order that matters."""

    calls: Annotated[list[Annotated[BatchCall, Field(discriminator="verb")]], Field(min_length=1, max_length=MAX_CALLS)]


class Answer(Wire):
    """What the call would have got by itself.

    Attributes:
        status: the HTTP status.
        body: what came with it; null for nothing.
    """

    status: int
    body: JsonValue = None


class Answers(Wire):
    """The answers, in the order of the calls."""

    answers: list[Answer]

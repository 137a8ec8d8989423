"""What a gated tool's results look like to the model, held against the types that code gets to see."""

import json
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter

from agents.approval import Result
from tests.agents.engine.house import Turn

_RESULTS: Final = TypeAdapter[Any](Result | list[Result], config=ConfigDict(extra="forbid", strict=True))


def response_of(turn: Turn) -> Any:
    """Return what the turn's only tool call returned to the model."""
    [response] = json.loads(turn.answer().split("\n\n")[0])
    return response["result"] if isinstance(response.get("result"), list) else response


def told(turn: Turn) -> Any:
    """Return the `Result` or `Result`s that a tool returned; fail on a field too many, too few, or of another type."""
    return _RESULTS.validate_python(response_of(turn))

"""What an agent tells the inbox after its announcement, and what it hears."""

from typing import Annotated, Final, Literal, Self

from pydantic import JsonValue, StringConstraints, model_validator

from restate_bridge.contract.digest import UnserialisableArguments, canonical_json
from restate_bridge.contract.wire import AwakeableId, RunReference, Wire

MAX_RESULT_BYTES: Final = 64 * 1024


class Rebinding(Wire):
    """A restarted run says which awakeable it waits for, since its journal holds an announcement of another one.

    Attributes:
        awakeable_id: the id in the run's hand.
        run: the restarted run.
    """

    awakeable_id: AwakeableId
    run: RunReference


class Acknowledgement(Wire):
    """The agent has verified a decision and asks for the last word.

    Attributes:
        decision_id: the token's ``jti``.
    """

    decision_id: Annotated[str, StringConstraints(max_length=100)]


class Verdict(Wire):
    """The inbox's last word: run the tool, or don't.

    Attributes:
        go: whether the decision stands.
        reason: why not, for the agent's log; empty when it does.
    """

    go: bool
    reason: str = ""


class Report(Wire):
    """What came of the decision.

    Attributes:
        state: ``done``, or ``failed`` when the tool raised.
        result: what the tool returned, or the error in words.
    """

    state: Literal["done", "failed"]
    result: JsonValue = None

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        try:
            size = len(canonical_json(self.result))
        except UnserialisableArguments as error:
            raise ValueError(f"result: {error}") from error
        if size > MAX_RESULT_BYTES:
            raise ValueError(f"result: {size} bytes, at most {MAX_RESULT_BYTES} are taken")
        return self


class Withdrawal(Wire):
    """The run no longer waits.

    Attributes:
        reason: why, in words.
    """

    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class InvalidAnswer(Wire):
    """Something that is not a valid decision reached the awakeable.

    Attributes:
        code: see `InvalidDecision`; or ``not_standing`` when the inbox did not let a valid one go.
        excerpt: its first characters, for the record; never executed, never shown as markup.
    """

    code: Annotated[str, StringConstraints(max_length=50)]
    excerpt: Annotated[str, StringConstraints(max_length=500)] = ""

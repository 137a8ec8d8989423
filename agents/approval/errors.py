"""What can go wrong, as a tree.

Exception
├── ConfigurationError   a setting of the environment is missing or wrong (at start)
├── NotGateable          a function can't be put behind an approval as written, or not beside another (at import)
├── NoRestateContext     a gated tool was called outside a Restate handler (at the call)
├── JournalKeyMissing    what Restate keeps of a run is sealed with a key that is not here; Restate tries the run again
├── InboxError           the inbox is away, or refuses what an administrator can cure; Restate tries the step again
└── TerminalError        Restate's own: it ends the run unless it is caught
    └── RequestRefused   a request can't be made, or its decision not be acknowledged, however often it is tried
"""

import restate
from pydantic import ValidationError


class ConfigurationError(ValueError):
    """A setting is missing or wrong; the message names the variable and says what it should hold."""


class NotGateable(TypeError):
    """A function can't be gated as written; the message names the tool and what to change."""


class NoRestateContext(RuntimeError):
    """A tool that asks people was called outside a Restate handler, where nothing would survive the wait."""

    def __init__(self, tool: str) -> None:
        super().__init__(
            f"{tool} asks a person and has to run inside a Restate handler: serve the agent as a Restate service, "
            "with RestatePlugin among its app's plugins"
        )


class InboxError(Exception):
    """The inbox could not be reached, or refused for now. It is no terminal error: Restate tries the step again."""


class JournalKeyMissing(Exception):
    """What Restate keeps of a run is sealed with a key that is not here. It is no terminal error: nothing is lost."""


class RequestRefused(restate.TerminalError):
    """A request that will never be taken; the message says why, in the inbox's words where they are its."""


def in_words(error: ValidationError) -> str:
    """Return what is wrong, for people: ``text: String should have at least 1 character; …``."""
    said = ((".".join(map(str, one["loc"])), one["msg"]) for one in error.errors())
    # What a validator of one's own says is a sentence without pydantic's own words before it.
    plain = ((where, msg.removeprefix("Value error, ").removeprefix("Assertion failed, ")) for where, msg in said)
    return "; ".join(": ".join(filter(None, one)) for one in plain)

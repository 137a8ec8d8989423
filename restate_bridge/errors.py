"""What calls to Restate raise.

BridgeError
├── EngineAway       Restate could not be reached or did not answer in time: try again later
└── EngineRefused    Restate answered with an error: trying again changes nothing
"""


class BridgeError(Exception):
    """A call to Restate failed."""


class EngineAway(BridgeError):
    """Restate could not be reached, did not answer in time, or answered 5xx."""


class EngineRefused(BridgeError):
    """Restate refused the call.

    Attributes:
        status: the HTTP status.
        said: the engine's own words.
    """

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"Restate answered {status}: {said}")
        self.status, self.said = status, said

"""What can go wrong while the embedded default is set up."""


class SetupError(Exception):
    """Something that the person at the keyboard can put right; the message is one sentence and what to do."""

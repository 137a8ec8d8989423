"""What is kept or raised in English and shown in the reader's language."""


def worded(text: str) -> str:
    """Return ``text`` as it is, marked: it is gathered for translation, and pages translate it when they show it."""
    return text

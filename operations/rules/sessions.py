"""How a session is called."""


def session_name(service: str, key: str) -> str:
    """Return how records call a session: ``Claims/a-session``. A key may be any text, and PostgreSQL keeps no NUL."""
    return f"{service}/{key}".replace("\x00", "\N{SYMBOL FOR NULL}")

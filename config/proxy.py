"""What a trusted proxy says about the client."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's address as the proxy next to us saw it: the last entry of ``X-Forwarded-For``.

    The entries before it came with the request, and a stranger may have made them up.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return forwarded or str(request.META.get("REMOTE_ADDR", ""))

"""Who is looking."""

from django.contrib.auth.models import User
from django.http import HttpRequest


def viewer_of(request: HttpRequest) -> User:
    """Return the signed-in user; the sign-in middleware has seen to it that there is one."""
    assert isinstance(request.user, User)
    return request.user

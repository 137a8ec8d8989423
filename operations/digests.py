"""What tells a private value from any other, where the value itself may not stand."""

from typing import Final

from django.utils.crypto import salted_hmac

_SALT: Final = "operations.digests"


def digest(value: bytes) -> str:
    """Return what tells a value from any other, and says nothing of it to whoever lacks the installation's secret key.

    Without a key in it a short value would be found by trying.
    """
    return f"hmac-sha256:{salted_hmac(_SALT, value, algorithm='sha256').hexdigest()}"

"""What pages answer when something was not done, as `operations.errors` has it."""

from typing import Final

UNHEARD: Final = 503
REFUSED: Final = 409
INVALID: Final = 422

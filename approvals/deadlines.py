"""What changes by itself as time goes by."""

from datetime import timedelta
from typing import Final

#: A deadline that is nearer than this is near.
NEAR: Final = timedelta(hours=4)
#: A claim that is older keeps a request out of nobody's list any more: who made it may have gone home.
CLAIM_COUNTS: Final = timedelta(hours=12)

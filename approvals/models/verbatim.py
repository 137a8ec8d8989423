"""JSON kept as it came."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Json


class VerbatimJSONField(models.JSONField):
    """JSON in a ``json`` column: keys stay in their order, numbers in their form, NUL characters are let in.

    A ``jsonb`` column would reorder the arguments that a reviewer reads. It can't be indexed or compared: what has to
    be searched belongs into columns of its own.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "json"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Hand it to the driver as ``json``: as ``jsonb`` it would lose its order on the way."""
        return None if value is None else Json(value, dumps=_dumps)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return what the driver has decoded already."""
        return value


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

"""What the console keeps in PostgreSQL."""

from operations.models.access import ConsoleAccess
from operations.models.operator_event import OperatorEvent

__all__ = ["ConsoleAccess", "OperatorEvent"]

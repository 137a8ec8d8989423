"""What keeps a long conversation short: earlier turns are summed up, and one turn calls its models so often only."""

from agents.sessions.calls import ModelCalls
from agents.sessions.earlier import Bounds
from agents.sessions.summing_up import SummingUp

__all__ = ["Bounds", "ModelCalls", "SummingUp"]

"""The plugins that an ADK app needs to be durable, in their order."""

from google.adk.plugins import BasePlugin
from restate.ext.adk import RestatePlugin

from agents.approval.memory import SessionMemory
from agents.approval.undoing import UndoOnFailure


def durable_plugins() -> list[BasePlugin]:
    """Return the plugins for an app: ``App(name=…, root_agent=…, plugins=durable_plugins())``.

    `RestatePlugin` journals each model call; `UndoOnFailure` takes back what a turn that fails has done;
    `SessionMemory` keeps such a turn in the session.
    """
    return [RestatePlugin(), UndoOnFailure(), SessionMemory()]

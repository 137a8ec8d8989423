"""The plugins that an ADK app needs to be durable, in their order."""

from google.adk.plugins import BasePlugin
from google.adk.workflow import BaseNode
from restate.ext.adk import RestatePlugin

from agents.approval.clashes import ToolNames, refuse_clashes
from agents.approval.memory import SessionMemory
from agents.approval.nesting import AgentTools
from agents.approval.undoing import UndoOnFailure


def durable_plugins(agent: BaseNode | None = None) -> list[BasePlugin]:
    """Return the plugins for an app: ``App(name=…, root_agent=agent, plugins=durable_plugins(agent))``.

    `ToolNames` ends a turn whose agents have two tools of one name; `AgentTools` remembers which call an agent serves
    that is a tool; `RestatePlugin` journals each model call;
    `UndoOnFailure` takes back what a turn that fails has done; `SessionMemory` keeps such a turn in the session.

    Args:
        agent: the app's root agent or workflow, looked at at once, instead of when it first runs.

    Raises:
        NotGateable: two tools of an agent have the same name.
    """
    if agent is not None:
        refuse_clashes(agent)
    return [ToolNames(), AgentTools(), RestatePlugin(), UndoOnFailure(), SessionMemory()]

"""Tools that can't be told apart."""

from collections import Counter
from typing import override

import restate
from google.adk.agents import BaseAgent, LlmAgent
from google.adk.agents.callback_context import CallbackContext
from google.adk.agents.invocation_context import InvocationContext
from google.adk.plugins import BasePlugin
from google.adk.tools.agent_tool import AgentTool
from google.adk.workflow import BaseNode, Workflow

from agents.approval.errors import NotGateable

# ADK's own, in every agent that may hand over to another: one below it, beside it or above it.
_RESERVED = "transfer_to_agent"


def refuse_clashes(agent: BaseNode) -> None:
    """Refuse an agent or a workflow, and the agents that it hands work to, with two tools of one name.

    ADK would call one of them for both, and a person would approve what another function then does.

    Raises:
        NotGateable: with the agent's name and the tools'.
    """
    for one in _with_others(agent):
        names = Counter(_names_of(one))
        if clashing := [name for name, number in names.items() if number > 1]:
            raise NotGateable(f"{one.name}: two of its tools are called {clashing[0]!r}; give one another name")


class ToolNames(BasePlugin):
    """Ends a turn for good whose agents have two tools of one name, before any of them is called.

    ADK shows a plugin the agent only when it runs; `durable_plugins` refuses one at import that it is given.
    """

    def __init__(self) -> None:
        super().__init__(name="tool_names")

    @override
    async def before_run_callback(self, *, invocation_context: InvocationContext) -> None:
        """Look at the agent that was served, whichever of those below it goes on with the conversation.

        Raises:
            TerminalError: an agent has two tools of one name.
        """
        if isinstance(agent := invocation_context.agent, BaseAgent):
            _end_over_clashes(agent.root_agent)

    @override
    async def before_agent_callback(self, *, agent: BaseAgent, callback_context: CallbackContext) -> None:
        """Look at an agent that is part of a workflow, which begins without it.

        Raises:
            TerminalError: an agent has two tools of one name.
        """
        _end_over_clashes(agent)


def _end_over_clashes(agent: BaseAgent) -> None:
    try:
        refuse_clashes(agent)
    except NotGateable as error:  # No further try would find other tools.
        raise restate.TerminalError(str(error)) from error


def _with_others(node: BaseNode) -> list[BaseNode]:
    found = [node]
    for one in found:  # It grows meanwhile; two agents may be tools of each other.
        found += [other for other in _below(one) if not any(other is known for known in found)]
    return found


def _below(node: BaseNode) -> list[BaseNode]:
    if isinstance(node, Workflow):
        return [*node.graph.nodes] if node.graph else []
    agents = [*node.sub_agents] if isinstance(node, BaseAgent) else []
    tools = node.tools if isinstance(node, LlmAgent) else []
    return [*agents, *(tool.agent for tool in tools if isinstance(tool, AgentTool))]


def _names_of(agent: BaseNode) -> list[str]:
    if not isinstance(agent, LlmAgent):
        return []
    # A toolset has no name, and its tools are known only when it is asked.
    named = [getattr(tool, "name", None) or getattr(tool, "__name__", None) for tool in agent.tools]
    keeps_to_itself = agent.disallow_transfer_to_parent and agent.disallow_transfer_to_peers
    hands_over = agent.sub_agents or (agent.parent_agent is not None and not keeps_to_itself)
    own = [_RESERVED] if hands_over else []
    return [*own, *(str(name) for name in named if name)]

"""Tools that can't be told apart."""

from collections import Counter

from google.adk.agents import BaseAgent, LlmAgent
from google.adk.tools.agent_tool import AgentTool

from agents.approval.errors import NotGateable

# ADK's own, in every agent that may hand over to another: one below it, beside it or above it.
_RESERVED = "transfer_to_agent"


def refuse_clashes(agent: BaseAgent) -> None:
    """Refuse an agent, and those that it hands work to, with two tools of one name.

    ADK would call one of them for both, and a person would approve what another function then does.

    Raises:
        NotGateable: with the agent's name and the tools'.
    """
    for one in _with_others(agent):
        names = Counter(_names_of(one))
        if clashing := [name for name, number in names.items() if number > 1]:
            raise NotGateable(f"{one.name}: two of its tools are called {clashing[0]!r}; give one another name")


def _with_others(agent: BaseAgent) -> list[BaseAgent]:
    tools = [tool.agent for tool in agent.tools if isinstance(tool, AgentTool)] if isinstance(agent, LlmAgent) else []
    return [agent, *(found for other in [*agent.sub_agents, *tools] for found in _with_others(other))]


def _names_of(agent: BaseAgent) -> list[str]:
    if not isinstance(agent, LlmAgent):
        return []
    # A toolset has no name, and its tools are known only when it is asked.
    named = [getattr(tool, "name", None) or getattr(tool, "__name__", None) for tool in agent.tools]
    keeps_to_itself = agent.disallow_transfer_to_parent and agent.disallow_transfer_to_peers
    hands_over = agent.sub_agents or (agent.parent_agent is not None and not keeps_to_itself)
    own = [_RESERVED] if hands_over else []
    return [*own, *(str(name) for name in named if name)]

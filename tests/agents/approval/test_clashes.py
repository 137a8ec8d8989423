"""Two tools of one name are refused before anybody can be asked about one and get the other."""

import pytest
from google.adk.agents import LlmAgent
from google.adk.tools.agent_tool import AgentTool

from agents.approval import NotGateable, requires_approval
from agents.session_object import session_object


@requires_approval(title="Pay {amount}")
def pay(amount: int) -> int:
    """Pay."""
    return amount


def another_pay() -> int:
    """Pay something else."""
    return 0


another_pay.__name__ = "pay"


def transfer_to_agent() -> None:
    """What ADK has already."""


def agent(name: str, *tools: object, **more: object) -> LlmAgent:
    return LlmAgent(name=name, model="gemini-2.5-flash", tools=[*tools], **more)


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(NotGateable, match="payer: two of its tools are called 'pay'"):
        session_object("Payer", agent("payer", pay, another_pay))


def test_an_agent_as_a_tool_may_not_be_called_like_a_tool() -> None:
    with pytest.raises(NotGateable, match="payer: two of its tools are called 'pay'"):
        session_object("Payer", agent("payer", pay, AgentTool(agent("pay"))))


def test_agents_that_others_hand_work_to_are_looked_at_too() -> None:
    wrong = agent("helper", pay, another_pay)
    for payer in (agent("payer", AgentTool(wrong)), agent("second_payer", sub_agents=[agent("between")])):
        if payer.sub_agents:
            payer.sub_agents[0].sub_agents.append(wrong)
        with pytest.raises(NotGateable, match="helper: two of its tools"):
            session_object("Payer", payer)


def test_a_tool_may_not_be_called_like_the_one_that_hands_over() -> None:
    with pytest.raises(NotGateable, match="'transfer_to_agent'"):
        session_object("Payer", agent("payer", transfer_to_agent, sub_agents=[agent("helper")]))


def test_one_that_may_hand_over_to_the_agent_above_it_has_that_tool_too() -> None:
    with pytest.raises(NotGateable, match="helper: two of its tools are called 'transfer_to_agent'"):
        session_object("Payer", agent("payer", sub_agents=[agent("helper", transfer_to_agent)]))
    alone = agent("alone", transfer_to_agent, disallow_transfer_to_parent=True, disallow_transfer_to_peers=True)
    assert session_object("Payer", agent("payer", sub_agents=[alone])).name == "Payer"


def test_two_agents_may_have_the_same_tool() -> None:
    assert session_object("Payer", agent("payer", pay, sub_agents=[agent("helper", pay)])).name == "Payer"

"""Two tools of one name are refused before anybody can be asked about one and get the other."""

import pytest
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.runners import Runner
from google.adk.sessions import InMemorySessionService
from google.adk.tools.agent_tool import AgentTool
from google.adk.workflow import START, BaseNode, Workflow
from google.genai.types import UserContent

from agents.approval import NotGateable, durable_plugins, requires_approval
from agents.approval.endings import end_of
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


def workflow(*nodes: object) -> Workflow:
    def begin(node_input: object) -> int:
        """Begin."""
        return 1

    return Workflow(name="flow", edges=[(START, begin, *nodes)])


def between(*tools: object) -> LlmAgent:
    return agent("payer", sub_agents=[agent("helper", *tools)])


def test_the_plugins_of_a_service_of_ones_own_refuse_at_import_the_agent_that_they_are_given() -> None:
    for served in (agent("helper", pay, another_pay), between(pay, another_pay)):
        with pytest.raises(NotGateable, match="helper: two of its tools are called 'pay'"):
            durable_plugins(served)
    assert [one.name for one in durable_plugins(agent("payer", pay))] == [one.name for one in durable_plugins()]


def test_so_they_do_a_workflow_with_such_an_agent_in_it() -> None:
    wrong = agent("helper", pay, another_pay)
    for served in (workflow(wrong), workflow(workflow(wrong))):
        with pytest.raises(NotGateable, match="helper: two of its tools are called 'pay'"):
            durable_plugins(served)
    assert durable_plugins(workflow(agent("helper", pay)))


def test_two_agents_that_are_tools_of_each_other_are_looked_at_once() -> None:
    one, other = agent("one", pay), agent("other", pay)
    one.tools.append(AgentTool(other))
    other.tools.append(AgentTool(one))
    assert durable_plugins(one)


@pytest.mark.parametrize(
    "served",
    [
        agent("helper", pay, another_pay),
        between(pay, another_pay),
        agent("payer", AgentTool(agent("helper", pay, another_pay))),
        workflow(agent("helper", pay, another_pay)),
        workflow(agent("helper", pay, another_pay, parallel_worker=True)),
    ],
    ids=["itself", "below", "as a tool", "in a workflow", "in a workflow, many times"],
)
async def test_those_that_are_given_none_end_the_first_turn_for_good_before_a_model_is_called(served: BaseNode) -> None:
    app = App(name="served", root_agent=served, plugins=durable_plugins())
    runner = Runner(app=app, session_service=InMemorySessionService(), auto_create_session=True)
    with pytest.raises(RuntimeError) as caught:
        async for _ in runner.run_async(user_id="alice", session_id="one", new_message=UserContent("Pay.")):
            pass
    end = end_of(caught.value)
    assert end is not None
    assert end.message == "helper: two of its tools are called 'pay'; give one another name"

"""From the agent's question to its next step, with every part real."""

from tests.house.house import House, eventually
from tests.house.people import Person

HOTEL = "Please reimburse 1,800 USD for a hotel, three nights during the customer workshop."


def test_an_approval_reaches_the_agent_and_its_result_comes_back(house: House, reviewer: Person) -> None:
    run = house.ask(HOTEL, session="approve")
    request = house.request_of(run)
    assert (request["status"], request["tool"], request["requester"]) == ("pending", "reimburse", "requester")
    assert request["arguments"]["claim"]["amount"] == 1800
    assert not house.payments("approve")
    assert reviewer.decide(request["id"], "approve", note="receipt checked").status_code == 200
    delivery = house.wait_for_delivery(request["id"], "done")
    assert delivery["sent_at"] is not None
    assert delivery["received_at"] is not None
    assert [payment["claim"]["amount"] for payment in house.payments("approve")] == [1800]
    assert house.payments("approve")[0]["approved_by"] == "reviewer"
    eventually(lambda: house.run_status(run) == "completed")


def test_a_rejection_is_told_to_the_agent_and_nothing_is_paid(house: House, reviewer: Person) -> None:
    run = house.ask(HOTEL, session="reject")
    request = house.request_of(run)
    assert reviewer.decide(request["id"], "reject", note="no receipt").status_code == 200
    delivery = house.wait_for_delivery(request["id"], "done")
    assert "no receipt" in str(delivery["result"])
    eventually(lambda: house.run_status(run) == "completed")
    assert not house.payments("reject")


def test_an_edited_claim_is_paid_as_edited(house: House, reviewer: Person) -> None:
    request = house.request_of(house.ask(HOTEL, session="edit"))
    fields = {"editing": "1", "edit-claim.amount": "1500", "edit-claim.reason": "Three nights"}
    assert reviewer.decide(request["id"], "approve", **fields).status_code == 200
    house.wait_for_delivery(request["id"], "done")
    assert [payment["claim"]["amount"] for payment in house.payments("edit")] == [1500]


def test_an_edit_that_does_not_fit_decides_nothing_and_keeps_what_was_typed(house: House, reviewer: Person) -> None:
    request = house.request_of(house.ask(HOTEL, session="bad-edit"))
    fields = {"editing": "1", "edit-claim.amount": "-5", "edit-claim.reason": "a new reason", "note": "my note"}
    answer = reviewer.decide(request["id"], "approve", **fields)
    assert answer.status_code == 422
    assert "a new reason" in answer.text
    assert "my note" in answer.text
    assert house.request_of(request["invocation_id"])["status"] == "pending"


def test_an_answer_to_a_question_reaches_the_agent(house: House, reviewer: Person) -> None:
    run = house.ask("I would like to claim a dinner of 1,320 USD for which I lost the receipt.", session="answer")
    request = house.request_of(run)
    assert request["kind"] == "question"
    choice = next(choice for choice in request["choices"] if "statement" in choice)
    assert reviewer.decide(request["id"], "answer", answer=choice).status_code == 200
    assert choice in str(house.wait_for_delivery(request["id"], "done")["result"])
    eventually(lambda: house.run_status(run) == "completed")
    assert not house.payments("answer")


def test_what_a_person_answers_the_rules_do_not_overrule(house: House, reviewer: Person) -> None:
    run = house.ask("I would like to claim a dinner of 1,320 USD for which I lost the receipt.", session="half")
    request = house.request_of(run)
    reviewer.decide(request["id"], "answer", answer="Pay half")
    eventually(lambda: house.run_status(run) == "completed")
    assert [(paid["claim"]["amount"], paid["approved_by"]) for paid in house.payments("half")] == [(660, "reviewer")]


def test_a_deadline_that_passes_is_told_to_the_agent_and_its_turn_goes_on(house: House) -> None:
    run = house.ask(HOTEL, session="expires")
    request = house.request_of(run)
    assert request["deadline_at"] > request["announced_at"]
    # Three days later, and the courier looks at its clock.
    house.rows(
        "WITH moved AS (UPDATE approvals_approvalrequest SET deadline_at = now() WHERE id = %s RETURNING id) "
        "SELECT pg_notify('countersign_clock', '') FROM moved",
        request["id"],
    )
    delivery = house.wait_for_delivery(request["id"], "done")
    assert "expired" in str(delivery["result"])
    assert house.request_of(run)["status"] == "expired"
    eventually(lambda: house.run_status(run) == "completed")
    assert not house.payments("expires")


def test_a_small_claim_asks_nobody(house: House) -> None:
    run = house.ask("Please reimburse a taxi for 40 USD, yesterday.", session="small")
    eventually(lambda: house.run_status(run) == "completed")
    assert not house.rows("SELECT 1 FROM approvals_approvalrequest WHERE invocation_id = %s", run)


def test_the_operator_sees_the_run_that_the_engine_sees(house: House, operator: Person) -> None:
    run = house.ask(HOTEL, session="operator")
    request = house.request_of(run)
    page = operator.get(f"/runs/{run}/")
    assert page.status_code == 200
    assert "Claims" in page.text
    assert request["title"] in page.text

"""Several requests of one tool at the same time, and one question to several teams."""

import json

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House, Turn
from tests.agents.engine.results import told
from tests.agents.stand_in_inbox import Held, wait_for


def asked(house: House, turn: Turn, number: int) -> list[tuple[str, Held]]:
    return wait_for(
        lambda: found if len(found := house.inbox.of_session(turn.session)) == number else [], f"{number} requests"
    )


def transfer_many(house: House, *amounts: int) -> Turn:
    return house.ask(f"transfer_many {json.dumps({'amounts': amounts})}", service="Trial")


def agree(house: House, needs: str, *teams: str, amount: int = 5) -> Turn:
    arguments = json.dumps({"amount": amount, "teams": teams, "needs": needs})
    return house.ask(f"agree {arguments}", service="Trial")


def test_each_is_decided_on_its_own_and_the_model_is_told_by_item(house: House) -> None:
    turn = transfer_many(house, 2, 1, 3, 4)
    (two, _), (three, _), (four, _) = asked(house, turn, 3)
    house.decide(four, Outcome.EXPIRED)
    house.decide(three, Outcome.REJECTED, note="not this one")
    house.decide(two, Outcome.APPROVED, arguments={"amount": 7})
    first, unasked, third, fourth = told(turn)
    assert first["status"] == "approved_with_changes"
    assert first["result"] == {"transferred": 7}
    assert unasked == {"status": "not_needed", "result": {"transferred": 1}}
    assert (third["status"], third["reason"]) == ("rejected", "not this one")
    assert fourth["status"] == "expired"


def test_each_call_from_code_has_a_key_of_its_own(house: House) -> None:
    keys = [one["result"] for one in told(house.ask('keys {"names": ["a", "b"]}', service="Trial"))]
    assert len({*keys}) == 4
    assert [key.rpartition(".")[2] for key in keys] == ["0", "1", "2", "3"]


def test_what_is_approved_is_carried_out_while_the_others_still_wait(house: House) -> None:
    turn = transfer_many(house, 2, 3)
    (two, _), (three, held) = asked(house, turn, 2)
    house.decide(two, Outcome.APPROVED)
    assert house.inbox.wait_to_hear(two, "report") == {"state": "done", "result": {"transferred": 2}}
    assert not held.heard["report"]
    house.decide(three, Outcome.APPROVED)
    assert [one["result"]["transferred"] for one in told(turn)] == [2, 3]


def test_requests_made_at_the_same_time_say_so_and_one_alone_does_not(house: House) -> None:
    turn, alone = transfer_many(house, 2, 3, 1), transfer_many(house, 2, 1)
    shared = {held.announcement.together for _, held in asked(house, turn, 2)}
    assert len(shared) == 1
    assert len(*shared) == 32
    assert [held.announcement.together for _, held in asked(house, alone, 1)] == [""]
    turn.cancel()
    alone.cancel()


def test_what_does_not_count_is_asked_again_beside_the_others(house: House) -> None:
    turn = transfer_many(house, 2, 3)
    (two, _), (three, _) = asked(house, turn, 2)
    house.resolve(two, b'"a forgery"')
    *_, (again, held) = asked(house, turn, 3)
    assert held.announcement.supersedes == two
    house.decide(three, Outcome.APPROVED)
    house.decide(again, Outcome.APPROVED)
    assert [one["result"]["transferred"] for one in told(turn)] == [2, 3]


def test_one_that_the_inbox_refuses_fails_alone(house: House) -> None:
    house.inbox.refusals.append((422, "title: it can't be shown"))
    turn = transfer_many(house, 2, 3)
    [(three, _)] = asked(house, turn, 1)
    house.decide(three, Outcome.APPROVED)
    failed, done = told(turn)
    assert failed["status"] == "failed"
    assert "it can't be shown" in failed["error"]
    assert done["result"] == {"transferred": 3}


def test_a_cancelled_run_leaves_none_of_them_open(house: House) -> None:
    turn = transfer_many(house, 2, 3, 4)
    requests = asked(house, turn, 3)
    turn.cancel()
    for awakeable_id, _ in requests:
        assert house.inbox.wait_to_hear(awakeable_id, "withdraw") == {"reason": "The run was cancelled."}


def test_too_many_and_what_is_no_gated_tool_end_the_run_with_the_reason(house: House) -> None:
    many = transfer_many(house, *range(2, 53))
    assert "at most 50 are taken" in many.outcome().text
    wrong = house.ask("call_what_is_not_gated {}", service="Trial")
    assert "is no call of a gated tool" in wrong.outcome().text


def test_arguments_that_do_not_fit_are_told_and_the_others_are_asked(house: House) -> None:
    turn = house.ask('transfer_many {"amounts": [2, "much"]}', service="Trial")
    [(two, _)] = asked(house, turn, 1)
    house.decide(two, Outcome.APPROVED)
    done, wrong = told(turn)
    assert done["result"] == {"transferred": 2}
    assert wrong["error"].startswith("transfer can't be called with these arguments")


def test_all_teams_must_agree_and_it_is_carried_out_once(house: House) -> None:
    turn = agree(house, "all", "finance", "security")
    (finance, asked_first), (security, asked_second) = asked(house, turn, 2)
    assert [asked_first.announcement.groups, asked_second.announcement.groups] == [["finance"], ["security"]]
    assert asked_first.announcement.editable == []
    assert asked_first.announcement.together == asked_second.announcement.together != ""
    house.decide(finance, Outcome.APPROVED)
    house.inbox.wait_to_hear(finance, "acknowledge")
    assert not asked_first.heard["report"]
    house.decide(security, Outcome.APPROVED, decided_by="Sam")
    answer = told(turn)
    assert (answer["status"], answer["result"]) == ("approved", {"transferred": 5})
    assert answer["teams"] == {
        "finance": {"status": "approved", "decided_by": "Rita Reviewer"},
        "security": {"status": "approved", "decided_by": "Sam"},
    }
    for held in (asked_first, asked_second):
        assert held.heard["report"] == [{"state": "done", "result": {"transferred": 5}}]


def test_teams_are_told_in_the_order_in_which_they_were_asked(house: House) -> None:
    turn = agree(house, "all", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.decide(security, Outcome.APPROVED)
    house.inbox.wait_to_hear(security, "acknowledge")
    house.decide(finance, Outcome.APPROVED)
    assert [*told(turn)["teams"]] == ["finance", "security"]


def test_one_rejection_is_enough_where_all_must_agree_and_the_others_are_asked_no_more(house: House) -> None:
    turn = agree(house, "all", "finance", "security", "board")
    (finance, _), (security, _), (board, held) = asked(house, turn, 3)
    house.decide(security, Outcome.APPROVED)
    house.inbox.wait_to_hear(security, "acknowledge")
    house.decide(finance, Outcome.REJECTED, note="no budget")
    answer = told(turn)
    assert (answer["status"], answer["reason"]) == ("rejected", "no budget")
    assert {team: said["status"] for team, said in answer["teams"].items()} == {
        "security": "approved",
        "finance": "rejected",
    }
    assert house.inbox.wait_to_hear(board, "withdraw") == {"reason": "Another team, finance, has rejected it."}
    assert not held.heard["report"]
    assert house.inbox.wait_to_hear(security, "report")["result"]["status"] == "rejected"


def test_the_first_to_answer_wins_with_what_it_edited(house: House) -> None:
    turn = agree(house, "first", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.decide(security, Outcome.APPROVED, arguments={"amount": 4})
    answer = told(turn)
    assert (answer["status"], answer["result"]) == ("approved_with_changes", {"transferred": 4})
    assert [*answer["teams"]] == ["security"]
    assert house.inbox.wait_to_hear(finance, "withdraw") == {"reason": "Another team, security, has approved it."}


def test_a_team_that_lets_it_expire_has_not_answered_first(house: House) -> None:
    turn = agree(house, "first", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.decide(finance, Outcome.EXPIRED)
    house.inbox.wait_to_hear(finance, "acknowledge")
    house.decide(security, Outcome.APPROVED)
    answer = told(turn)
    assert (answer["status"], answer["teams"]["finance"]["status"]) == ("approved", "expired")


def test_a_team_that_can_not_be_asked_stops_an_agreement_of_all_and_not_a_race(house: House) -> None:
    house.inbox.refusals.append((422, "title: it can't be shown"))
    turn = agree(house, "all", "nobody", "security")
    answer = told(turn)
    assert (answer["status"], answer["teams"]) == ("failed", {})
    [(security, _)] = asked(house, turn, 1)
    assert house.inbox.wait_to_hear(security, "withdraw") == {"reason": "Another team could not be asked."}

    house.inbox.refusals.append((422, "title: it can't be shown"))
    race = agree(house, "first", "nobody", "security")
    [(security, _)] = asked(house, race, 1)
    house.decide(security, Outcome.APPROVED)
    assert told(race)["result"] == {"transferred": 5}


def test_teams_that_are_none_end_the_run_with_the_reason(house: House) -> None:
    assert "teams: give 2 to 20 names" in agree(house, "all", "finance").outcome().text
    assert "needs: 'most' is none of first, all" in agree(house, "most", "finance", "security").outcome().text


def test_an_approval_that_came_to_nothing_since_another_team_could_not_be_asked_again_has_failed(house: House) -> None:
    turn = agree(house, "all", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.decide(finance, Outcome.APPROVED)
    house.inbox.wait_to_hear(finance, "acknowledge")
    house.inbox.refusals += [(422, "title: it can't be shown")] * 2
    house.resolve(security, b'"a forgery"')
    answer = told(turn)
    assert (answer["status"], [*answer["teams"]]) == ("failed", ["finance"])
    assert house.inbox.wait_to_hear(finance, "report")["state"] == "failed"
    house.inbox.refusals.clear()


def test_a_run_cancelled_while_one_team_is_told_tells_the_other_too(house: House) -> None:
    turn = agree(house, "all", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.inbox.held_back.add("report")
    house.decide(finance, Outcome.APPROVED)
    house.decide(security, Outcome.APPROVED)
    house.inbox.wait_to_hear(finance, "report")
    turn.cancel()
    house.inbox.held_back.clear()
    assert house.inbox.wait_to_hear(security, "report")["state"] == "done"


def test_a_restarted_run_leaves_no_request_open_that_it_had_withdrawn(house: House) -> None:
    turn = agree(house, "all", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.decide(finance, Outcome.REJECTED)
    turn.answer()
    [*_, last] = turn.journal()
    again = turn.restart(last["index"])
    answer = again.answer()
    assert "rejected" in answer
    rebound = [held for _, held in house.inbox.of_run(again.invocation_id) if held.announcement_id == security]
    assert [held.heard["withdraw"] for held in rebound] != []
    assert all(held.heard["withdraw"] for held in rebound)


def test_a_run_cancelled_between_two_teams_tells_both(house: House) -> None:
    turn = agree(house, "all", "finance", "security")
    (finance, _), (security, _) = asked(house, turn, 2)
    house.decide(finance, Outcome.APPROVED)
    house.inbox.wait_to_hear(finance, "acknowledge")
    turn.cancel()
    assert house.inbox.wait_to_hear(security, "withdraw") == {"reason": "The run was cancelled."}
    assert house.inbox.wait_to_hear(finance, "report")["state"] == "failed"

"""Fifty people at one inbox: whoever is first decides, and everybody else is told who that was.

Fifty times a hundred forms would take minutes on two cores. So there are ten rounds: in each, all fifty people send a
form at the same instant, five of them on each of ten requests. Every request is contested by five, and everybody takes
part in every round. All hundred requests are those of real runs.
"""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from tests.house.house import House, eventually
from tests.house.people import Person, form_in, invite

PEOPLE, REQUESTS, RIVALS = 50, 100, 5
# Fifty at the same instant wait for each other: how long depends on the machine, and is no matter of this test.
PATIENCE = 30.0
_A_ROUND = PEOPLE // RIVALS


@pytest.fixture
def crowd(house: House) -> Iterator[list[Person]]:
    """Everybody, signed in."""
    names = [f"crowd-{number}" for number in range(PEOPLE)]
    invite(house, names)
    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        # Signing in hashes a password, slowly by design.
        yield [
            stack.enter_context(person)
            for person in pool.map(lambda name: Person(house, name, patience=PATIENCE), names)
        ]


def waiting_requests(house: House) -> dict[int, tuple[str, str]]:
    """Start the runs, and return session and digest of each request once all wait."""
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(lambda n: house.ask("Please reimburse 1,700 USD for a flight.", session=f"c-{n}"), range(REQUESTS))
        )
    sql = "SELECT id, key, digest FROM approvals_approvalrequest WHERE key LIKE 'c-%%' AND status = 'pending'"
    eventually(lambda: len(house.rows(sql)) == REQUESTS, within=120, what="all requests")
    return {row["id"]: (row["key"], row["digest"]) for row in house.rows(sql)}


def contest(crowd: list[Person], requests: dict[int, tuple[str, str]]) -> dict[int, dict[str, httpx.Response]]:
    """Let everybody send a form in every round, and return the answers by request and person."""
    tokens = {person.username: form_in(person.get(f"/requests/{min(requests)}/").text) for person in crowd}
    answers: dict[int, dict[str, httpx.Response]] = {request_id: {} for request_id in requests}
    at_once = threading.Barrier(PEOPLE, timeout=30)

    def decide(person: Person, request_id: int) -> None:
        form = tokens[person.username] | {"seen": requests[request_id][1]}
        at_once.wait()
        answers[request_id][person.username] = person.post(f"/requests/{request_id}/approve/", form)

    waiting = list(requests)
    with ThreadPoolExecutor(PEOPLE) as pool:
        for start in range(0, REQUESTS, _A_ROUND):
            people = random.sample(crowd, PEOPLE)
            list(pool.map(decide, people, waiting[start : start + _A_ROUND] * RIVALS))
    return answers


def test_each_of_a_hundred_contested_requests_is_decided_once_and_the_others_are_told_by_whom(
    house: House, crowd: list[Person]
) -> None:
    requests = waiting_requests(house)
    answers = contest(crowd, requests)
    for request_id, by_person in answers.items():
        assert sorted(answer.status_code for answer in by_person.values()) == [302] + [409] * (RIVALS - 1)
        first = next(name for name, answer in by_person.items() if answer.status_code == 302)
        pages = [answer.text for answer in by_person.values() if answer.status_code == 409]
        assert all(f"{first} was first" in page for page in pages)
        who = "SELECT username, settles FROM approvals_decision JOIN auth_user ON auth_user.id = reviewer_id "
        assert house.rows(f"{who} WHERE request_id = %s", request_id) == [{"username": first, "settles": True}]
    for request_id, (session, _) in requests.items():
        house.wait_for_delivery(request_id, "done", within=120)
        assert [payment["claim"]["amount"] for payment in house.payments(session)] == [1700]

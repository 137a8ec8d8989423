"""Each call has an id, and each line about it says so."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.test import Client

from restate_bridge.contract import AboutFilter, json_lines, logged_about
from restate_bridge.ids import awakeable_id

RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged meanwhile, as in production."""
    output = StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(json_lines())
    handler.addFilter(AboutFilter())
    logging.getLogger().addHandler(handler)
    yield output
    logging.getLogger().removeHandler(handler)


def read(output: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


@pytest.mark.parametrize("given", ["0f3a7c52-3b1d-4b60-9f1e-2d8a5b6c7d8e", "a_proxy.s-own"])
def test_a_sane_id_is_kept(client: Client, given: str) -> None:
    assert client.get("/sign-in/", headers={"x-request-id": given})["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "short", "with space in it", 'a"quote"-in-it', "x" * 65, "<script>alert(1)"])
def test_any_other_is_replaced(client: Client, given: str) -> None:
    made = client.get("/sign-in/", headers={"x-request-id": given})["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_a_call_is_one_line_with_its_id_and_without_what_was_searched_for(
    client: Client, reviewer: User, lines: StringIO
) -> None:
    client.force_login(reviewer)
    answer = client.get("/?q=a-private-word")
    [line] = [line for line in read(lines) if line["logger"] == "config.observing"]
    assert line["request_id"] == answer["x-request-id"]
    assert (line["method"], line["route"], line["status"], line["level"]) == ("GET", "", 200, "INFO")
    assert "private" not in lines.getvalue()


@pytest.mark.django_db
def test_lines_about_a_call_that_names_a_run_or_its_awakeable_carry_the_run(client: Client, lines: StringIO) -> None:
    client.get(f"/runs/{RUN}/")
    client.get(f"/api/requests/{awakeable_id(RUN)}")
    client.get("/runs/nonsense/")
    runs = [line.get("run_id") for line in read(lines) if line["logger"] == "config.observing"]
    assert runs == [RUN, RUN, None]


def test_what_goes_wrong_is_one_line_too(lines: StringIO) -> None:
    with logged_about(run_id=RUN):
        try:
            raise ValueError("no luck")
        except ValueError:
            logging.getLogger("somewhere").exception("it failed")
    [line] = read(lines)
    assert (line["message"], line["run_id"], line["level"]) == ("it failed", RUN, "ERROR")
    assert "ValueError: no luck" in str(line["exception"])


def test_a_field_ends_with_its_block(lines: StringIO) -> None:
    with logged_about(run_id=RUN):
        pass
    logging.getLogger("somewhere").warning("afterwards")
    assert "run_id" not in read(lines)[0]

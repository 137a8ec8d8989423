"""Hostile texts in every place of an announcement that an agent fills, sent as an agent sends it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from restate_bridge.contract import digest_of
from restate_bridge.ids import awakeable_id
from tests.announcing import invocation_id
from tests.house.house import House

# A title may hold 300 characters and a name 200.
_LONGEST_NAME = 200
_MOST_TOGETHER = 5


def batches(payloads: Sequence[str]) -> Iterator[list[str]]:
    """Put payloads together that fit into one name, which saves pages."""
    batch: list[str] = []
    for payload in payloads:
        if batch and (len(batch) == _MOST_TOGETHER or len(" ".join([*batch, payload])) > _LONGEST_NAME):
            yield batch
            batch = []
        batch.append(payload)
    yield batch


def everywhere(
    payloads: Sequence[str], *, as_question: bool = False, as_form: bool = False, edited: str = ""
) -> dict[str, Any]:
    """Return an announcement with each payload in every place that an agent fills.

    Args:
        as_question: it is a question, with choices.
        as_form: it is a question that is answered by a form.
        edited: the argument of this name, where it is not all of them in a line.
    """
    line = " ".join(payloads)
    named = {payload: payload for payload in payloads}
    arguments: dict[str, Any] = {
        **named,
        "object": named,
        "list": list(payloads),
        "table": [{**named, "amount": 1, "currency": payload} for payload in payloads],
        "json": [[payload] for payload in payloads],
        "url": "https://" + "".join(payloads[0].split()),
        "edited": edited or line,
        "picked": payloads[0],
    }
    titles = {payload: {"title": payload, "description": payload, "type": "string"} for payload in payloads}
    is_question = as_question or as_form
    choices = [] if as_form else list(dict.fromkeys(payloads))
    fields = {**titles, **_fields(payloads)}
    answer = {"answer": {"type": "object", "title": line, "description": line, "properties": fields}}
    editable = ["edited", "picked", *(name for name in payloads if _can_be_a_path(name))][:100]
    return announcement(
        title=line,
        agent=line,
        # The wire shows NUL in names by a sign, and a digest over anything else would not be that of the tool.
        tool=line.replace("\0", "\u2400"),
        kind="question" if is_question else "approval",
        question={"text": "\n\n".join(payloads), "choices": choices} if is_question else None,
        arguments=arguments,
        arguments_schema={"type": "object", "title": line, "properties": fields | (answer if as_form else {})},
        editable=["answer"] if as_form else [] if as_question else editable,
        reject_reasons=[] if is_question else list(dict.fromkeys(name for name in payloads if name.strip())),
        requester=line,
        reason="\n\n".join(payloads),
        context=[entry for payload in payloads for entry in _said(payload)],
        session=line,
    )


def _fields(payloads: Sequence[str]) -> dict[str, Any]:
    """Return the schema of what can be edited: free text, and a choice of texts."""
    line = " ".join(payloads)
    picked = {"title": line, "description": line, "enum": list(dict.fromkeys(payloads)), "default": payloads[0]}
    return {"edited": {"title": line, "description": line, "default": line, "type": "string"}, "picked": picked}


def _can_be_a_path(name: str) -> bool:
    return bool(name) and not any(letter.isspace() for letter in name) and "." not in name


def announcement(**fields: Any) -> dict[str, Any]:
    """Return an announcement as JSON, with what every one needs."""
    tool, arguments = fields.setdefault("tool", "tool"), fields.setdefault("arguments", {})
    session = fields.pop("session", "hostile")
    run = {"invocation_id": invocation_id(), "service": tool[:200], "handler": tool[:200], "session_id": session}
    common = {"kind": "approval", "title": "A title", "agent": "agent", "groups": ["finance"], "run": run}
    return {**common, "digest": digest_of(tool, arguments), **fields}


def announced(house: House, wanted: dict[str, Any]) -> int:
    """Have the hostile agent announce it in a run of its own, which waits, and return the request's id."""
    url = f"{house.env['RESTATE_INGRESS_URL']}/Hostile/ask/send"
    answer = httpx.post(url, json=wanted, trust_env=False, timeout=30)
    answer.raise_for_status()
    return int(house.request_of(answer.json()["invocationId"])["id"])


def put(house: House, wanted: dict[str, Any]) -> httpx.Response:
    """Announce it as an agent does, for a run that nobody knows."""
    return put_bytes(house, json.dumps(wanted).encode(), wanted["run"]["invocation_id"])


def put_bytes(house: House, body: bytes, run: str) -> httpx.Response:
    """Send any bytes as an announcement of a run."""
    token = house.env["COUNTERSIGN_AGENT_TOKEN"]
    return httpx.put(
        f"{house.url}/api/requests/{awakeable_id(run)}",
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        trust_env=False,
        timeout=30,
        content=body,
    )


def _said(payload: str) -> list[dict[str, Any]]:
    return [
        {"author": payload, "kind": "message", "text": payload},
        {"author": "agent", "kind": "tool_call", "tool": payload, "data": {payload: payload}},
        {"author": "agent", "kind": "tool_result", "tool": payload, "data": payload},
    ]

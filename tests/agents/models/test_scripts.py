"""The offline model: believable for whatever a newcomer types, from the conversation alone."""

from typing import Any

import pytest
from google.adk.models.llm_request import LlmRequest
from google.genai.types import Content, FunctionCall, FunctionResponse, Part

from agents.claims.claim import Claim
from agents.models.offline import NOTICE, OfflineModel
from agents.models.scripts import claims, weather
from agents.models.transcript import Script

Step = str | tuple[str, dict[str, Any], dict[str, Any]]


async def _line(script: Script, *steps: Step) -> Content:
    """Return what the offline model says after user messages (str) and tool calls with their results."""
    contents = []
    for number, step in enumerate(steps):
        if isinstance(step, str):
            contents.append(Content(role="user", parts=[Part(text=step)]))
            continue
        tool, arguments, response = step
        call = FunctionCall(name=tool, args=arguments, id=f"c{number}")
        contents.append(Content(role="model", parts=[Part(function_call=call)]))
        result = FunctionResponse(name=tool, response=response, id=f"c{number}")
        contents.append(Content(role="user", parts=[Part(function_response=result)]))
    model = OfflineModel(model="offline", script=script)
    [response_] = [r async for r in model.generate_content_async(LlmRequest(contents=contents))]
    assert response_.content is not None
    return response_.content


def _text(content: Content) -> str:
    return "".join(part.text or "" for part in content.parts or ())


def _calls(content: Content) -> list[tuple[str, dict[str, Any]]]:
    return [(p.function_call.name or "", p.function_call.args or {}) for p in content.parts or () if p.function_call]


CLAIM = {
    "amount": 1800.0,
    "currency": "EUR",
    "category": "travel",
    "date": "2026-03-03",
    "reason": "flight",
    "pay_to": "DE02120300000000202051",
}
CHECKED: Step = ("check_eligibility", {"claim": CLAIM}, {"eligible": True, "objections": [], "needs_approval": True})


@pytest.mark.parametrize(
    ("message", "amount", "currency", "category"),
    [
        ("Please reimburse 1,800 EUR for a flight to Oslo on 3 March", 1800, "EUR", "travel"),
        ("hotel in Rome 2 nights 640 €", 640, "EUR", "lodging"),
        ("$2k laptop", 2000, "USD", "equipment"),
        ("team dinner, 12 people, £480.50", 480.5, "GBP", "meals"),
        ("Conference ticket: 1.250,00 EUR", 1250, "EUR", "training"),
        ("999999", 999_999, "EUR", "other"),
        ("I booked a flight to the conference for 700 EUR, let me try", 700, "EUR", "travel"),
        (
            "Please reimburse 1,800 USD: three nights at the Harbour Hotel during the customer workshop.",
            1800,
            "USD",
            "lodging",
        ),
        (
            "I paid 2400 EUR for my ticket to the platform engineering conference. Can I have it back?",
            2400,
            "EUR",
            "training",
        ),
        (
            "Train and flight to the Lisbon office came to 1250 USD altogether, receipts attached.",
            1250,
            "USD",
            "travel",
        ),
        ("I would like to claim a dinner of 1,320 USD for which I lost the receipt.", 1320, "USD", "meals"),
    ],
)
async def test_a_claim_is_understood_and_checked(message: str, amount: float, currency: str, category: str) -> None:
    [(tool, arguments)] = _calls(await _line(claims.play, message))
    claim = Claim.model_validate(arguments["claim"])
    assert tool == "check_eligibility"
    assert (claim.amount, claim.currency) == (amount, currency)
    assert claim.category == category
    assert claim.reason == message


@pytest.mark.parametrize("message", ["hi", "I want my money back for the flight", "0 EUR", "???", "reimburse me"])
async def test_without_an_amount_it_asks_back(message: str) -> None:
    said = await _line(claims.play, message)
    assert not _calls(said)
    assert "How much was it" in _text(said)
    assert NOTICE in _text(said)


async def test_an_amount_that_follows_completes_the_claim() -> None:
    [(_, arguments)] = _calls(await _line(claims.play, "I want my money back for the flight", "it was 300 dollars"))
    assert (arguments["claim"]["amount"], arguments["claim"]["category"]) == (300, "travel")


async def test_an_amount_beyond_all_bounds_is_questioned() -> None:
    said = await _line(claims.play, "50 million EUR")
    assert not _calls(said)
    assert "Is the amount right" in _text(said)


async def test_a_large_claim_is_put_before_a_person_with_reasons() -> None:
    said = await _line(claims.play, "1,800 EUR for a flight", CHECKED)
    assert _calls(said) == [("reimburse", {"claim": CLAIM})]
    assert "above 1,000" in _text(said)


@pytest.mark.parametrize(
    ("paid_before", "words"), [(0, "It was not paid before."), (2, "Payments for the same before: 2.")]
)
async def test_the_second_version_says_whether_it_was_paid_before(paid_before: int, words: str) -> None:
    found = {"eligible": True, "objections": [], "needs_approval": True}
    claim = CLAIM | {"reason": "flight"}
    first = await _line(claims.play, "a flight", ("check_eligibility", {"claim": claim}, found))
    second = await _line(
        claims.play, "a flight", ("check_eligibility", {"claim": claim}, found | {"paid_before": paid_before})
    )
    assert words in _text(second)
    assert "before" not in _text(first)


async def test_a_small_claim_against_the_rules_is_refused() -> None:
    refused: Step = ("check_eligibility", {"claim": CLAIM}, {"objections": ["Too old."], "needs_approval": False})
    said = await _line(claims.play, "180 EUR for a flight", refused)
    assert not _calls(said)
    assert "Too old." in _text(said)


@pytest.mark.parametrize(
    "words",
    ["I lost the receipt", "no receipt", "the receipt is missing", "can't find the invoice", "without a receipt"],
)
async def test_a_lost_receipt_is_asked_about(words: str) -> None:
    [(tool, _)] = _calls(await _line(claims.play, f"1,800 EUR for a flight, {words}", CHECKED))
    assert tool == "decide_on_lost_receipt"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"status": "approved", "decided_by": "Rita", "note": "ok"}, "Rita approved it"),
        ({"status": "approved_with_changes", "changed": {"claim.amount": {"from": 1800, "to": 1500}}}, "1800 to 1500"),
        ({"status": "rejected", "reason": "No budget.", "decided_by": "Rita"}, "rejected it: No budget."),
        ({"status": "expired"}, "Nobody decided"),
        ({"status": "failed", "error": "The bank is closed."}, "The bank is closed."),
        ({"paid": True}, "nobody had to be asked"),
        ({"paid": False, "objections": ["Too old."]}, "Too old."),
        ({"error": "amount: too large"}, "amount: too large"),
    ],
)
async def test_every_outcome_is_told_and_the_answer_says_that_it_is_offline(
    told: dict[str, Any], expected: str
) -> None:
    said = await _line(claims.play, "1,800 EUR", CHECKED, ("reimburse", {"claim": CLAIM}, told))
    assert expected in _text(said)
    assert NOTICE in _text(said)
    assert not _calls(said)


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ({"status": "answered", "decision": "Pay half", "decided_by": "Rita"}, 900),
        ({"status": "answered", "decision": "Pay it anyway", "decided_by": "Rita"}, 1800),
        ({"status": "answered", "decision": "Ask for a sworn statement", "decided_by": "Rita"}, None),
        ({"status": "answered", "decision": "Hm", "decided_by": "Rita"}, None),
        ({"status": "expired"}, None),
        ({"status": "rejected", "note": "no"}, None),
    ],
)
async def test_what_was_decided_about_a_lost_receipt_is_done(told: dict[str, Any], amount: float | None) -> None:
    asked: Step = ("decide_on_lost_receipt", {"claim": CLAIM}, told)
    calls = _calls(await _line(claims.play, "1,800 EUR, receipt lost", CHECKED, asked))
    assert [arguments["claim"]["amount"] for _, arguments in calls] == ([amount] if amount else [])


async def test_a_later_turn_knows_the_earlier_claim() -> None:
    rejected: Step = (
        "reimburse",
        {"claim": CLAIM},
        {"status": "rejected", "reason": "Too much.", "decided_by": "Rita"},
    )
    [(_, arguments)] = _calls(await _line(claims.play, "1,800 EUR flight", CHECKED, rejected, "then make it 900"))
    assert (arguments["claim"]["amount"], arguments["claim"]["category"]) == (900, "travel")
    thanked = await _line(claims.play, "1,800 EUR flight", CHECKED, rejected, "thanks anyway")
    assert "welcome" in _text(thanked)


async def test_the_same_conversation_has_the_same_continuation() -> None:
    assert await _line(claims.play, "1,800 EUR") == await _line(claims.play, "1,800 EUR")


@pytest.mark.parametrize(
    ("message", "cities"),
    [
        ("What's the weather in Paris?", ["Paris"]),
        ("weather paris", ["Paris"]),
        ("Will it rain in new york tomorrow?", ["New York"]),
        ("Berlin and Oslo", ["Berlin", "Oslo"]),
        ("how is the weather in São Paulo today", ["São Paulo"]),
        ("Do I need an umbrella in Rio de Janeiro, Lima and Quito?", ["Rio de Janeiro", "Lima", "Quito"]),
        ("what will the weather be like in the Hague this week?", ["Hague"]),
        ("Is it cold in Reykjavík right now", ["Reykjavík"]),
        ("Tokyo", ["Tokyo"]),
        ("東京", ["東京"]),
        ("hi", []),
        ("what's the weather like today?", []),
    ],
)
async def test_the_weather_is_looked_up_for_any_city(message: str, cities: list[str]) -> None:
    said = await _line(weather.play, message)
    assert [arguments["city"] for _, arguments in _calls(said)] == cities
    assert cities or "Which city" in _text(said)

"""The four runs that the first start begins, so that the inbox is not empty."""

from restate_bridge.http import RestateHttp

SAMPLES = {
    "sample-hotel": "Please reimburse 1,800 USD: three nights at the Harbour Hotel while visiting a customer.",
    "sample-conference": "I paid 2400 EUR for my ticket to the platform engineering conference. Can I have it back?",
    "sample-travel": "Train and flight to the Lisbon office came to 1250 USD altogether, receipts attached.",
    "sample-dinner": "I would like to claim a dinner of 1,320 USD for which I lost the receipt.",
}


def start(ingress_url: str) -> None:
    """Send each message to a session of its own; sending it again starts nothing.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    ingress = RestateHttp(ingress_url)
    for session, message in SAMPLES.items():
        body = {"user": "requester", "message": message}
        ingress.call("POST", f"/Claims/{session}/ask/send", json=body, headers={"idempotency-key": session})

"""The population of agents: messages that make the claims agent ask a person, sent through Restate's ingress."""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from chaos.diary import Diary
from chaos.facts import Asked

_HOTEL: Final = "Please reimburse {amount:,} USD for a hotel, four nights at the trade fair."
_LOST: Final = "I would like to claim a dinner of {amount:,} USD for which I lost the receipt."
_QUESTIONS: Final = 0.25
# How often a message that was taken is sent once more, as by a sender that never saw the answer.
_AGAIN: Final = 0.2
_RETRY: Final = 0.3


@dataclass(frozen=True)
class Message:
    """What is asked, and ``due`` seconds after the beginning. The session is the idempotency key too."""

    session: str
    text: str
    amount: int
    due: float


def messages(count: int, over: float, seed: str) -> list[Message]:
    """Return ``count`` messages, due at random within ``over`` seconds, the first at once; each for another amount."""
    chance = random.Random(f"{seed}-messages")
    times = sorted(chance.uniform(0, over) for _ in range(count - 1))
    found = []
    for number, due in enumerate([0.0, *times]):
        amount = 1_001 + number
        text = (_LOST if chance.random() < _QUESTIONS else _HOTEL).format(amount=amount)
        found.append(Message(f"chaos-{number}", text, amount, due))
    chance.shuffle(found)
    return sorted(found, key=lambda message: message.due)


class Askers:
    """Several threads that send messages when they are due, each again until an ingress takes it."""

    def __init__(self, ingresses: Sequence[str], todo: Sequence[Message], diary: Diary, over: threading.Event) -> None:
        """Make them; after ``over`` they give up what no ingress has taken."""
        self._ingresses, self._diary, self._over = ingresses, diary, over
        self._todo, self._lock = list(reversed(todo)), threading.Lock()

    def work(self, seed: str) -> None:
        """Send until nothing is left; the body of one thread."""
        chance = random.Random(seed)
        with httpx.Client(trust_env=False, timeout=10) as client:
            while (message := self._next()) is not None:
                self._over.wait(max(0.0, message.due - self._diary.seconds))
                runs = self._sent(client, message, chance)
                if runs and chance.random() < _AGAIN:
                    runs |= self._sent(client, message, chance)
                    self._diary.count("messages sent twice")
                self._diary.note_asked(Asked(session=message.session, amount=message.amount, runs=runs))

    def _next(self) -> Message | None:
        with self._lock:
            return self._todo.pop() if self._todo else None

    def _sent(self, client: httpx.Client, message: Message, chance: random.Random) -> frozenset[str]:
        body = {"user": "requester", "message": message.text}
        while not self._over.is_set():
            url = f"{chance.choice(self._ingresses)}/Claims/{message.session}/ask/send"
            try:
                answer = client.post(url, json=body, headers={"idempotency-key": message.session})
            except httpx.TransportError:
                self._diary.count("sends that met nobody")
                self._over.wait(_RETRY)
                continue
            if answer.is_success:
                return frozenset({str(answer.json()["invocationId"])})
            self._diary.count(f"sends that were answered {answer.status_code}")
            self._over.wait(_RETRY)
        return frozenset()

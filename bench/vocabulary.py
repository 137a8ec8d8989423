"""Phrases for titles, arguments and notes: words whose frequency falls with their rank, as in any language."""

import random
from typing import Final

_ENGLISH: Final = (
    *("invoice", "payment", "hotel", "contract", "refund", "supplier", "order", "travel", "customer", "budget"),
    *("server", "license", "delivery", "account", "transfer", "claim", "discount", "meeting", "training", "report"),
    *("warehouse", "insurance", "deposit", "subscription", "campaign", "translation"),
)
_KOREAN: Final = ("출장", "호텔", "계약", "환불", "공급업체", "예산", "보험", "송금", "구독", "번역")
_SYLLABLES: Final = ("ba", "co", "di", "fe", "gu", "ha", "ki", "lo", "mer", "nus", "pra", "ri", "sol", "tan", "vex")
_WORDS: Final = 5_000
_SEED: Final = 4


def words() -> list[str]:
    """Return the vocabulary, the most frequent word first; Korean ones are among the frequent and the middling."""
    chance = random.Random(_SEED)
    made = dict.fromkeys("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(2 * _WORDS))
    vocabulary = [*_ENGLISH, *made][:_WORDS]
    for number, word in enumerate(_KOREAN):
        vocabulary[3 + number * number * 3] = word
    return vocabulary


def phrases(number: int) -> list[str]:
    """Return so many phrases of four to nine words, the same ones each time."""
    chance, vocabulary = random.Random(_SEED), words()
    ranks = range(len(vocabulary))
    weights = [1 / (rank + 1) for rank in ranks]
    drawn = chance.choices(vocabulary, cum_weights=_summed(weights), k=number * 9)
    return [" ".join(drawn[at * 9 : at * 9 + chance.randint(4, 9)]) for at in range(number)]


def _summed(weights: list[float]) -> list[float]:
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums

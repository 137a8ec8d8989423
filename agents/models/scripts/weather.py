"""The weather agent's lines."""

import re
from typing import Any, Final

from agents.models.transcript import Call, Line, ToolResult, Transcript

_ASK: Final = "Which city would you like the weather for?"
# A place follows one of these words; what follows the place is cut off below.
_PLACE: Final = re.compile(r"\b(?:in|for|at|of|to|around|near|about)\s+(?P<place>[^?!.;\n]+)", re.IGNORECASE)
_TAIL: Final = re.compile(
    r"\s*\b(?:today|tonight|tomorrow|now|right now|this (?:week|weekend|morning|evening)|next week|on \w+day|please|"
    r"like|be|going|look(?:ing)?|weather|forecast|is|it|was|at the moment|currently|"
    r"and (?:will|is|should|do)\b.*)\b.*$",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"\b(?:what|whats|what's|how|hows|how's|will|is|the|weather|forecast|like|today|tomorrow|please|hi|hello|hey|tell|"
    r"give|me|show|it|rain|snow|sunny|cold|warm|hot|do|does|i|need|an|a|umbrella|temperature|there|now|check|can|you|"
    r"could|would|thanks|thank|good|morning|evening|help|who|are|be|this|week|weekend)\b|['’]s\b",
    re.IGNORECASE,
)


def play(transcript: Transcript) -> Line:
    """Return the next line."""
    if transcript.fresh:
        return Line(" ".join(_told(result) for result in transcript.fresh))
    cities = cities_in(transcript.unsettled[-1]) if transcript.unsettled else []
    if not cities:
        return Line(_ASK)
    return Line(f"Let me look up {' and '.join(cities)}.", tuple(Call("forecast", {"city": city}) for city in cities))


def cities_in(text: str) -> list[str]:
    """Return the places that a message names, at most three."""
    found = _PLACE.search(text)
    phrase = _TAIL.sub("", found["place"]) if found else ""
    if not phrase.strip(" ,"):
        phrase = _NOISE.sub(" ", re.sub(r"[?!.;\n]", " ", text))
    names = re.split(r"\s*(?:,|&|/|\band\b|\bor\b)\s*", phrase)
    cleaned = [re.sub(r"^the\s+", "", " ".join(name.split()), flags=re.IGNORECASE).strip("\"'“”") for name in names]
    return [_capitalised(name)[:80] for name in cleaned if re.search(r"\w", name)][:3]


def _capitalised(name: str) -> str:
    return name.title() if name.islower() else name


def _told(result: ToolResult) -> str:
    sky: dict[str, Any] = result.response
    if "high_celsius" not in sky:
        return f"I could not get the weather for {result.arguments.get('city', 'that city')}."
    return (
        f"{sky['city']} today: {sky['sky']}, {sky['low_celsius']} to {sky['high_celsius']} °C, "
        f"wind {sky['wind_kmh']} km/h. This is sample data, not a real forecast."
    )

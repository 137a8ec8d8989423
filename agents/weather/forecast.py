"""A made-up forecast that is the same for the same city every time."""

import hashlib
from typing import Final, TypedDict

_SKIES: Final = ("sunny", "partly cloudy", "overcast", "light rain", "heavy showers", "foggy", "windy", "snow")


class Forecast(TypedDict):
    """Today's weather: temperatures in degrees Celsius, wind in km/h."""

    city: str
    sky: str
    high_celsius: int
    low_celsius: int
    wind_kmh: int
    source: str


def forecast_for(city: str) -> Forecast:
    """Return the sample forecast for a city, whatever its spelling's case."""
    name = " ".join(city.split())
    dice = hashlib.sha256(name.casefold().encode()).digest()
    sky = _SKIES[dice[0] % len(_SKIES)]
    high = dice[1] % 4 - 2 if sky == "snow" else 8 + dice[1] % 22
    return {
        "city": name,
        "sky": sky,
        "high_celsius": high,
        "low_celsius": high - 3 - dice[2] % 7,
        "wind_kmh": 3 + dice[3] % 40,
        "source": "sample data, not a real forecast",
    }

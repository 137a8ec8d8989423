"""What is large, long, deep or many, up to what the intake takes."""

import base64
import json
from typing import Any

KIB = 1024


def nested(depth: int) -> Any:
    """Return lists and objects within each other."""
    value: Any = "innermost"
    for level in range(depth // 2):
        value = {f"level{level}": [value]}
    return value


OVERSIZED: dict[str, dict[str, Any]] = {
    "words of 250 KiB": {"text": "many words " * (250 * KIB // 11)},
    "a word of 100,000 letters": {"text": "x" * 100_000},
    "a wide word of 60,000 letters": {"text": "한" * 60_000},
    "nested 200 deep": {"text": nested(190)},
    "objects 90 deep": json.loads('{"a":' * 90 + '"innermost"' + "}" * 90),
    "5,000 names": {f"name{number}": f"value{number}" for number in range(5_000)},
    "a name of 100,000 letters": {"n" * 100_000: 1},
    "a list of 10,000 items": {"list": [f"item {number}" for number in range(10_000)]},
    "a table of 1,000 rows": {"rows": [{"sku": f"s{n}", "price": n, "currency": "EUR"} for n in range(1_000)]},
    "a table of 12 columns of long words": {"rows": [{f"column{n}": "w" * 500 for n in range(12)}] * 10},
    "60,000 hidden characters": {"text": "a\u200b" * 60_000},
    "50,000 words of two alphabets": {"text": "aа " * 50_000},
    "a pile of 100,000 marks": {"text": "Z" + "\u0301" * 100_000},
    "100,000 line breaks": {"text": "\n" * 100_000},
    "a diff of 1,900 lines": {"patch": "@@ -0,0 +1,1900 @@\n" + "+" + "\n+".join(["x" * 100] * 1_900)},
    "data of 180 KB": {"file": base64.b64encode(bytes(range(256)) * 700).decode()},
    "an integer of 15 digits and a tiny number": {"big": 10**15 - 1, "tiny": 5e-324, "large": 1.7e308},
}

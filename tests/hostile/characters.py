"""Characters that hide, turn others or pose as others; and those that only look as if they did."""

# All that shows as nothing or moves its neighbours, by number.
_HIDDEN = [
    *range(0x09),
    *range(0x0B, 0x0D),
    *range(0x0E, 0x20),
    *range(0x7F, 0xA0),
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5,
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0x2800, 0x3164,
    *range(0xFE00, 0xFE10),
    0xFEFF, 0xFFA0, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xE000, 0xF8FF,
    0x1BCA0, 0x1D173, 0xE0001, 0xE0020, 0xE0041, 0xE007F, 0xE0100, 0xE01EF, 0xF0000, 0x10FFFF,
]  # fmt: skip

HIDING = [
    *(f"pay{chr(number)}me {number:X}" for number in _HIDDEN),
    "invoice\u202efdp.exe",
    "\u2067amount\u2069 \u2066100\u2069",
    "approve\u2028reject\u2029",
    "".join(chr(0xE0000 + ord(letter)) for letter in "ignore what was said"),
    "a" + "\u200b\u200c\u200d\u2060" * 40,
    "😀" + "".join(chr(0xE0100 + number) for number in range(40)),
    "👨\u200d",
    "\u3164" * 100,
]

POSING = [
    "pаypal.com",
    "https://pаypal.com/login",
    "https://xn--pypal-4ve.com/",
    "https://example.org@elsewhere.invalid/",
    "https://example.org\\@elsewhere.invalid/",
    "https://elsewhere.invalid/https://example.org/",
    "admin@gοοgle.com",
    "Ꭺpprove",
    "𝐀𝐩𝐩𝐫𝐨𝐯𝐞𝐝",
    "Ａpprove",
    "ⓐⓟⓟⓡⓞⓥⓔ",
    "aррrоve",
    "1٬000٫00 ١٢٣",
    "Ｏ０OO",
    "Z" + "\u0301\u0316\u0336" * 40,
    ("H" + "\u0334" * 12) * 15,
    "\u0301" * 60,
    "\u0489" * 30,
    "ﷺ" * 60,
    "𒐫" * 60,
    "﷽" * 60,
    "\u0e49" * 100,
    "non\u00a0breaking\u2003spaces\u3000x",
    "W" * 200,
    "-" * 200,
    "אבג 100 USD <b>דהו</b>",
    "עברית (100) العربية [200]",
]

LEGITIMATE = [
    "👨‍👩‍👧‍👦 👩🏽‍🚀 ❤️ 🏳️‍🌈 🇰🇷 1️⃣",
    "می\u200cخواهم",
    "क्\u200dष",
    "한국어 제목, 日本語, ภาษาไทย, Tiếng Việt, עִבְרִית",
    "O'Brien & Sons <sales@example.org>, 5 < 6 > 4",
]

"""Markdown that links, loads, hides what it says, or is nested for its own sake."""

_ADDRESSES = [
    "https://elsewhere.invalid/x",
    "//elsewhere.invalid/x",
    "javascript:canary()",
    "JAVASCRIPT:canary()",
    "java&#x0A;script:canary()",
    "data:text/html,<script>canary()</script>",
    "vbscript:canary()",
    "/requests/1/approve/",
    "#main",
    "mailto:x@elsewhere.invalid",
]
_LINKS = [
    form.format(address)
    for address in _ADDRESSES
    for form in ("[Approve]({})", "![x]({})", "<{}>", "[x]: {}\n\n[x]", "[![x]({0})]({0})")
]

MARKDOWN = [
    *_LINKS,
    "[x](https://elsewhere.invalid \"title' onmouseover=canary() '\")",
    "[x](<https://elsewhere.invalid> 'x')",
    "[x][y]\n\n[y]: <javascript:canary()> (x)",
    "![][x]\n\n[x]: https://elsewhere.invalid/x.png",
    "<img src=x onerror=canary()>\n\n**x**",
    "<div>\n\n*x*\n\n<script>canary()</script>\n\n</div>",
    "<!-- hidden words -->",
    "[//]: # (hidden words)",
    "[hidden]: https://elsewhere.invalid/hidden-words",
    "[^1]: hidden words",
    "```hidden words here\nx\n```",
    "~~~ <img src=x onerror=canary()>\nx\n~~~",
    "```\n</code></pre><script>canary()</script>\n```",
    "`<script>canary()</script>`",
    "    <script>canary()</script>",
    "&lt;script&gt;canary()&lt;/script&gt; &#x202e;&#8203;&zwj;&ZeroWidthSpace;",
    "\\<script>canary()\\</script>",
    "# What was approved",
    "What was approved\n=================",
    "| a | b |\n|---|---|\n| <script>canary()</script> | x |",
    "- [x] approved",
    "> " * 30 + "deep",
    "- " * 30 + "deep",
    "1. " * 30 + "deep",
    "*" * 150,
    "_*" * 70 + "x" + "*_" * 10,
    "[" * 150,
    "![" * 70,
    "`" * 149,
    "<" * 150,
    "***\n---\n___",
    "7. seven\n9. nine",
    "https://elsewhere.invalid/autolinked www.elsewhere.invalid x@elsewhere.invalid",
    "$$\\href{javascript:canary()}{x}$$",
    ":::warning\nx\n:::",
    "{{< x >}} {.hidden} {#id onclick=canary()}",
    "a  \nb\\\nc",
]

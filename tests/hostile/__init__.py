"""What an agent may send to harm a reviewer, by families. A script that runs calls `canary()`."""

from tests.hostile.characters import HIDING, LEGITIMATE, POSING
from tests.hostile.markdown import MARKDOWN
from tests.hostile.markup import MARKUP
from tests.hostile.templates import TEMPLATES

FAMILIES = {
    "markup": MARKUP,
    "templates": TEMPLATES,
    "markdown": MARKDOWN,
    "hiding": HIDING,
    "posing": POSING,
    "legitimate": LEGITIMATE,
}

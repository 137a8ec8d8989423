"""Reading pages in Korean: what is left in Latin letters must be a name, code or an agent's own word."""

import re
from typing import Final

from django.test import Client

from approvals.models import ApprovalRequest
from tests.translations.reading import shown_words

#: Names that are the same in every language, and what the cast and the agent of these tests are called or wrote.
NAMES: Final = {
    *("countersign", "restate", "english", "utc", "json", "api", "awakeable", "cmd", "mac", "shift", "esc", "k"),
    *("rea", "viewer", "reviewer", "second", "requester", "finance", "treasury", "samples", "null"),
}
#: What an agent says of a request in its own words.
_WRITTEN: Final = (
    *("title", "agent", "tool", "arguments", "arguments_schema", "question", "choices", "reason", "context"),
    *("requester", "session_id", "reject_reasons", "invocation_id", "awakeable_id", "digest"),
)
#: The engine's ids, whole and shortened, and digests.
_IDS: Final = re.compile(r"inv_\w+(?:…\w+)?|sha256:\w+")


def words_of(value: object) -> set[str]:
    """Return the Latin words of a text, or of all that a value holds."""
    return {word.lower() for word in re.findall(r"[A-Za-z]+", str(value))}


def left_in_english(page: str, *requests: ApprovalRequest) -> list[str]:
    """Return the texts of a page that hold a Latin word which is no name and none of the agents'."""
    written = NAMES.union(*(words_of([getattr(one, name) for name in _WRITTEN]) for one in requests))
    return [text for text in shown_words(page) if words_of(_IDS.sub("", text)) - written]


def in_korean(client: Client, path: str) -> str:
    """Return a page as a browser that asks for Korean gets it."""
    page = client.get(path, headers={"accept-language": "ko"}).content.decode()
    assert 'lang="ko"' in page
    return page


def posted_in_korean(client: Client, path: str, data: dict[str, object]) -> str:
    """Return the page that a form posted in Korean leads to."""
    return client.post(path, data, headers={"accept-language": "ko"}, follow=True).content.decode()

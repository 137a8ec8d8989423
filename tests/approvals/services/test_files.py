"""Files that agents send along: held until they are announced, kept with the request, or forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import AgentService, StoredFile
from approvals.services.files import forget_files, store_file
from restate_bridge.contract import MAX_FILE_BYTES, FileReference, file_digest
from tests.announcing import announce, announcement

NOTE = b"Nordwind has written."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)

pytestmark = pytest.mark.usefixtures("finance")


def reference(content: bytes, name: str = "note.txt", media_type: str = "text/plain", **more: int) -> FileReference:
    values = {"size": len(content), "digest": file_digest(content)} | more
    return FileReference.model_validate({"name": name, "media_type": media_type, **values})


def sent(*contents: bytes) -> None:
    for content in contents:
        store_file(digest=file_digest(content), content=content)


def test_what_was_sent_is_kept_by_the_announcement_that_names_it(agent_service: AgentService) -> None:
    sent(NOTE, PNG)
    request = announce(agent_service, announcement(files=[reference(NOTE), reference(PNG, "slip.png", "image/png")]))
    assert [(file["name"], file["size"]) for file in request.files] == [("note.txt", len(NOTE)), ("slip.png", 48)]
    assert set(StoredFile.objects.filter(kept=True)) == set(StoredFile.objects.all())


def test_two_requests_may_show_the_same_content(agent_service: AgentService) -> None:
    sent(NOTE, NOTE)
    for name in ("one.txt", "two.txt"):
        sent(NOTE)
        announce(agent_service, announcement(files=[reference(NOTE, name)]))
    assert bytes(StoredFile.objects.get().content) == NOTE


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        (reference(b"never sent"), "was not sent"),
        (reference(NOTE, size=3), "is no text/plain of that size"),
        (reference(NOTE, "a.pdf", "application/pdf"), "is no application/pdf"),
        (reference(NOTE, "a.png", "image/png"), "is no image/png"),
        (reference(PNG, "a.txt"), "is no text/plain"),
        (reference(PNG, "a.webp", "image/webp"), "is no image/webp"),
    ],
)
def test_what_is_not_here_or_is_something_else_is_refused(
    agent_service: AgentService, file: FileReference, wrong: str
) -> None:
    sent(NOTE, PNG)
    with pytest.raises(InvalidInput, match=wrong):
        announce(agent_service, announcement(files=[file]))
    assert not StoredFile.objects.filter(kept=True).exists()


@pytest.mark.parametrize("content", [b"", bytes(MAX_FILE_BYTES + 1)])
def test_nothing_and_too_much_are_not_held(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="a file holds"):
        store_file(digest=file_digest(content), content=content)


def test_a_digest_of_something_else_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not the digest"):
        store_file(digest=file_digest(b"other"), content=NOTE)
    assert not StoredFile.objects.exists()


def test_what_nobody_announces_is_forgotten_after_a_day_and_what_is_kept_never(agent_service: AgentService) -> None:
    sent(NOTE, PNG)
    announce(agent_service, announcement(files=[reference(NOTE)]))
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    assert forget_files(now=timezone.now()) == 0
    assert forget_files(now=tomorrow) == 1
    assert forget_files(now=tomorrow) == 0
    assert bytes(StoredFile.objects.get().content) == NOTE


def test_what_is_sent_again_is_not_forgotten_meanwhile() -> None:
    sent(NOTE)
    StoredFile.objects.update(stored_at=timezone.now() - timedelta(days=2))
    sent(NOTE)
    assert forget_files(now=timezone.now()) == 0

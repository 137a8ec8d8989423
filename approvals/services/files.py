"""Files that agents send along with what they announce."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import StoredFile
from approvals.rules.wording import worded
from restate_bridge.contract import MAX_FILE_BYTES, FileReference, file_digest, is_of

#: How long a file is held that no announcement names.
_PATIENCE: Final = timedelta(days=1)
_AT_ONCE: Final = 100


@transaction.atomic
def store_file(*, digest: str, content: bytes) -> None:
    """Hold a file for an announcement to come. Sending it again changes nothing.

    Args:
        digest: as the agent computed it.

    Raises:
        InvalidInput: it is empty or too large, or its digest is another one.
    """
    if not 0 < len(content) <= MAX_FILE_BYTES:
        raise InvalidInput("", worded("a file holds 1 to {} bytes"), MAX_FILE_BYTES)
    if file_digest(content) != digest:
        raise InvalidInput("digest", worded("it is not the digest of what was sent"))
    # The time starts anew, so that none is forgotten between being sent and being announced.
    now = timezone.now()
    StoredFile.objects.update_or_create(
        digest=digest, defaults={"stored_at": now}, create_defaults={"stored_at": now, "content": content}
    )


def keep_files(references: Sequence[FileReference]) -> None:
    """Keep what an announcement names, in the caller's transaction.

    Raises:
        InvalidInput: one was not sent, or is not what it is said to be.
    """
    if not references:
        return
    wanted = {reference.digest for reference in references}
    held = {
        file.digest: file for file in StoredFile.objects.select_for_update().filter(digest__in=wanted).order_by("pk")
    }
    for reference in references:
        file = held.get(reference.digest)
        if file is None:
            raise InvalidInput("files", worded("the content of {} was not sent"), reference.name)
        content = bytes(file.content)
        if len(content) != reference.size or not is_of(reference.media_type, content):
            raise InvalidInput("files", worded("{} is no {} of that size"), reference.name, reference.media_type)
    StoredFile.objects.filter(digest__in=wanted, kept=False).update(kept=True)


@transaction.atomic
def forget_files(*, now: datetime) -> int:
    """Delete some files that were sent a while ago and are in no announcement; return how many."""
    stale = StoredFile.objects.filter(kept=False, stored_at__lt=now - _PATIENCE).order_by("stored_at")
    digests = list(stale.select_for_update(skip_locked=True).values_list("digest", flat=True)[:_AT_ONCE])
    return StoredFile.objects.filter(digest__in=digests).delete()[0] if digests else 0

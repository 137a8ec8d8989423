"""The files that go along with a request."""

from dataclasses import dataclass

from approvals.models import ApprovalRequest, StoredFile


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A file of a request, with its content."""

    name: str
    media_type: str
    content: bytes


def file_of(request: ApprovalRequest, number: int) -> RequestFile | None:
    """Return one of a request's files, by its number from 1 on; None when there is no such one."""
    if not 1 <= number <= len(request.files):
        return None
    said = request.files[number - 1]
    content = bytes(StoredFile.objects.get(pk=said["digest"]).content)
    return RequestFile(said["name"], said["media_type"], content)

"""Files that go along with a request: ADK artifacts by name, or contents of one's own."""

import functools
import mimetypes
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import restate
from google.genai.types import Part
from pydantic import ValidationError

from agents.approval import inbox_client
from agents.approval.callers import Caller, Handler
from agents.approval.errors import in_words
from restate_bridge.contract import ENDINGS, MAX_FILE_BYTES, MAX_FILES, FileReference, file_digest, is_of

# What the table of the machine may not know.
_KNOWN: Final = {".md": "text/markdown", ".csv": "text/csv", ".webp": "image/webp", ".json": "application/json"}
_UNREADABLE: Final = "The request can't be made: file {}: {}"


@dataclass(frozen=True)
class File:
    """A file for people to look at before they decide.

    Attributes:
        name: what it is called; no path.
        content: 1 byte to 5 MiB.
        media_type: a PDF, a picture (PNG, JPEG, GIF, WebP) or text (plain, CSV, Markdown, JSON), such as
            ``application/pdf``; empty means what its name's ending says.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str = ""


#: The name of an artifact of the session, or a file of one's own.
type Attached = str | File


def sending(caller: Caller, wanted: Sequence[Attached]) -> Callable[[], Awaitable[list[FileReference]]] | None:
    """Return what sends files, None for none; see `send_files`."""
    return functools.partial(send_files, caller, wanted) if wanted else None


async def send_files(caller: Caller, wanted: Sequence[Attached]) -> list[FileReference]:
    """Send files to the inbox, and return what the announcement says of them. It runs inside the announcing step.

    Raises:
        InboxError: the inbox is away; to be tried again.
        TerminalError: there are too many, or one is not there, too large, or of no kind that people are shown.
    """
    if isinstance(wanted, str):
        raise _refused(wanted, "give a list of names")
    if len(wanted) > MAX_FILES:
        raise _refused(str(len(wanted)), f"at most {MAX_FILES} are taken")
    references = []
    for one in wanted:
        file = await _artifact(caller, one) if isinstance(one, str) else one
        reference = _reference(file)
        await inbox_client.send_file(reference.digest, file.content)
        references.append(reference)
    return references


def _reference(file: File) -> FileReference:
    media_type = (file.media_type or _guessed(file.name)).partition(";")[0].strip().lower()
    size = len(file.content)
    if not 0 < size <= MAX_FILE_BYTES:
        raise _refused(file.name, f"it holds {size:,} bytes, 1 to {MAX_FILE_BYTES:,} are taken")
    name = _ending_so(file.name, media_type)
    try:
        reference = FileReference(name=name, media_type=media_type, size=size, digest=file_digest(file.content))
    except ValidationError as error:
        raise _refused(file.name, in_words(error)) from error
    if not is_of(media_type, file.content):
        raise _refused(file.name, f"what it holds is no {media_type}")
    return reference


async def _artifact(caller: Caller, name: str) -> File:
    if isinstance(caller, Handler):
        raise _refused(name, "a plain handler has no artifacts; give a File with its content")
    try:
        part = await caller.load_artifact(name)
    except ValueError as error:  # ADK's, for a runner without an artifact service, and for names that it refuses
        raise _refused(name, str(error)) from error
    if part is None:
        raise _refused(name, "the session has no such artifact")
    return _file_of(name, part)


def _file_of(name: str, part: Part) -> File:
    called = name.removeprefix("user:").rpartition("/")[2]
    if part.inline_data is not None and part.inline_data.data is not None:
        return File(called, part.inline_data.data, part.inline_data.mime_type or "")
    if part.text is not None:
        return File(called, part.text.encode(), "text/plain")
    raise _refused(name, "the artifact holds neither bytes nor text")


def _ending_so(name: str, media_type: str) -> str:
    """Return a name that says what the file is: `letter` and `letter.v2`, being text, are called `….txt`."""
    endings = ENDINGS.get(media_type, ())
    return name if not endings or name.lower().endswith(endings) else name + endings[0]


def _guessed(name: str) -> str:
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _KNOWN.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _refused(name: str, why: str) -> restate.TerminalError:
    return restate.TerminalError(_UNREADABLE.format(name, why), status_code=422)

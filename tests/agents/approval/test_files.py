"""What agents may send along with a request."""

from typing import Any

import pytest
import restate
from google.genai.types import Blob, Part

from agents.approval import inbox_client
from agents.approval.callers import Handler
from agents.approval.files import Attached, File, send_files
from restate_bridge.contract import MAX_FILE_BYTES, MEDIA_TYPES, file_digest

HANDLER = Handler("Desk", "alice", "", (), "", "1", "inv_1")
PDF = b"%PDF-1.7 and so on"


class Session:
    """A tool's context, as far as its artifacts go."""

    def __init__(self, **artifacts: Part) -> None:
        self.artifacts = artifacts

    async def load_artifact(self, name: str) -> Part | None:
        if name == "without a service":
            raise ValueError("Artifact service is not initialized.")
        return self.artifacts.get(name)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    held: dict[str, bytes] = {}

    async def send_file(digest: str, content: bytes) -> None:
        held[digest] = content

    monkeypatch.setattr(inbox_client, "send_file", send_file)
    return held


async def test_a_file_of_ones_own_is_sent_and_named(sent: dict[str, bytes]) -> None:
    [reference] = await send_files(HANDLER, [File("slip.pdf", PDF)])
    assert (reference.name, reference.media_type, reference.size) == ("slip.pdf", "application/pdf", len(PDF))
    assert sent == {reference.digest: PDF}
    assert reference.digest == file_digest(PDF)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.md", b"# A", "text/markdown"),
        ("a.CSV", b"a;b", "text/csv"),
        ("a.json", b"{}", "application/json"),
        ("a.txt", b"A", "text/plain"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.webp", b"RIFF1234WEBP", "image/webp"),
    ],
)
async def test_the_ending_says_what_it_is(sent: dict[str, bytes], name: str, content: bytes, media_type: str) -> None:
    [reference] = await send_files(HANDLER, [File(name, content)])
    assert reference.media_type == media_type
    assert media_type in MEDIA_TYPES


async def test_artifacts_are_sent_by_their_names(sent: dict[str, bytes]) -> None:
    letter = Part(inline_data=Blob(data=b"Dear all", mime_type="text/plain; charset=utf-8"))
    session: Any = Session(letter=letter, **{"user:note": Part(text="A note")})
    first, second = await send_files(session, ["letter", "user:note"])
    assert (first.name, first.media_type) == ("letter.txt", "text/plain")
    assert (second.name, sent[second.digest]) == ("note.txt", b"A note")


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        (File("a.txt", b""), "it holds 0 bytes"),
        (File("a.txt", bytes(MAX_FILE_BYTES + 1)), "it holds 5,242,881 bytes"),
        (File("a.html", b"<p>"), "'text/html' is none of"),
        (File("a", b"A"), "'application/octet-stream' is none of"),
        (File("a.pdf", b"<p>"), "what it holds is no application/pdf"),
        (File("a/b.txt", b"A"), "name: "),
        (File("a\u202etxt.pdf", PDF), "hidden characters"),
        (File("..txt", b"A", "text/plain"), "is called something with"),
        ("missing", "the session has no such artifact"),
        ("empty", "the artifact holds neither bytes nor text"),
        ("without a service", "Artifact service is not initialized"),
    ],
)
async def test_what_can_not_go_along_is_refused_before_anybody_is_asked(
    sent: dict[str, bytes], file: Attached, wrong: str
) -> None:
    session: Any = Session(empty=Part())
    with pytest.raises(restate.TerminalError, match=wrong):
        await send_files(session, [file])
    assert not sent


@pytest.mark.parametrize("name", ["invoice.html", "x.hta", "a.pdf.bat"])
async def test_a_name_that_a_desktop_would_run_gets_the_ending_of_what_it_is(sent: dict[str, bytes], name: str) -> None:
    [reference] = await send_files(HANDLER, [File(name, b"<p>", "text/plain")])
    assert reference.name == f"{name}.txt"


async def test_one_name_alone_is_no_list(sent: dict[str, bytes]) -> None:
    with pytest.raises(restate.TerminalError, match="give a list of names"):
        await send_files(HANDLER, "letter.txt")


async def test_a_handler_has_no_artifacts(sent: dict[str, bytes]) -> None:
    with pytest.raises(restate.TerminalError, match="a plain handler has no artifacts"):
        await send_files(HANDLER, ["letter"])


async def test_more_than_ten_are_refused(sent: dict[str, bytes]) -> None:
    with pytest.raises(restate.TerminalError, match="at most 10"):
        await send_files(HANDLER, [File("a.txt", b"A")] * 11)

"""The files of a request, as browsers get them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.models import AgentService, ApprovalRequest
from tests.announcing import announce, announcement
from tests.approvals.services.test_files import PNG, reference, sent

HOSTILE = b"<script>alert(1)</script>\xe2\x80\xae<b>bold</b>"


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    sent(HOSTILE, PNG)
    files = [reference(HOSTILE, 'a "quoted" <b>.txt'), reference(PNG, "slip.png", "image/png")]
    return announce(agent_service, announcement(files=files))


def test_a_page_lists_the_files_and_shows_pictures(client: Client, reviewer: User, request_: ApprovalRequest) -> None:
    client.force_login(reviewer)
    page = client.get(request_.get_absolute_url()).content.decode()
    assert "sent along by the agent" in page
    assert "a &quot;quoted&quot; &lt;b&gt;.txt" in page
    assert f'src="/requests/{request_.pk}/files/2/picture/"' in page
    assert f'hx-get="/requests/{request_.pk}/files/1/text/"' in page
    record = client.get(f"/requests/{request_.pk}/record/").content.decode()
    assert request_.files[0]["digest"] in record


def test_a_page_without_files_says_nothing_of_them(client: Client, reviewer: User, agent_service: AgentService) -> None:
    client.force_login(reviewer)
    page = client.get(announce(agent_service).get_absolute_url()).content.decode()
    assert "sent along by the agent" not in page


def test_a_download_is_the_content_and_nothing_that_a_browser_opens(
    client: Client, reviewer: User, request_: ApprovalRequest
) -> None:
    client.force_login(reviewer)
    answer = client.get(f"/requests/{request_.pk}/files/1/")
    assert answer.content == HOSTILE
    assert answer["content-disposition"].startswith("attachment; filename=")
    assert answer["content-type"] == "text/plain"
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["content-security-policy"] == "default-src 'none'; sandbox allow-downloads"
    assert "private" in answer["cache-control"]


def test_a_picture_is_shown_and_nothing_else_is(client: Client, reviewer: User, request_: ApprovalRequest) -> None:
    client.force_login(reviewer)
    picture = client.get(f"/requests/{request_.pk}/files/2/picture/")
    assert (picture["content-type"], picture.content) == ("image/png", PNG)
    assert picture["content-disposition"].startswith("inline")
    assert picture["content-security-policy"] == "default-src 'none'; sandbox allow-downloads"
    assert client.get(f"/requests/{request_.pk}/files/1/picture/").status_code == 404


def test_a_text_is_shown_with_nothing_hidden_and_nothing_alive(
    client: Client, reviewer: User, request_: ApprovalRequest
) -> None:
    client.force_login(reviewer)
    shown = client.get(f"/requests/{request_.pk}/files/1/text/").content.decode()
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "&lt;script&gt;" in shown
    assert "\u202e" not in shown
    assert client.get(f"/requests/{request_.pk}/files/2/text/").status_code == 404


def test_of_a_long_text_the_beginning_is_shown(client: Client, reviewer: User, agent_service: AgentService) -> None:
    long = b"x" * 50_003
    sent(long)
    request = announce(agent_service, announcement(files=[reference(long)]))
    client.force_login(reviewer)
    assert "3 more characters are in the file" in client.get(f"/requests/{request.pk}/files/1/text/").content.decode()


@pytest.mark.parametrize("path", ["files/1/", "files/2/picture/", "files/1/text/"])
def test_whom_the_request_is_not_for_gets_no_file(
    client: Client, outsider: User, request_: ApprovalRequest, path: str
) -> None:
    assert client.get(f"/requests/{request_.pk}/{path}").status_code == 302
    client.force_login(outsider)
    assert client.get(f"/requests/{request_.pk}/{path}").status_code == 404


@pytest.mark.parametrize("number", [0, 3, 10**30])
def test_a_number_that_no_file_has_is_not_found(
    client: Client, reviewer: User, request_: ApprovalRequest, number: int
) -> None:
    client.force_login(reviewer)
    assert client.get(f"/requests/{request_.pk}/files/{number}/").status_code == 404

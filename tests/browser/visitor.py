"""Somebody at a browser."""

import re

from playwright.sync_api import ConsoleMessage, Locator, Page, expect


class Visitor:
    """A signed-in person's page, and what the browser complained about while they used it.

    Attributes:
        complaints: errors of scripts and violations of the content security policy.
        expected: parts of messages that are no complaint.
    """

    def __init__(self, page: Page) -> None:
        """Watch the page from its first moment."""
        self.page = page
        self.complaints: list[str] = []
        # A refused decision answers 409 or 422, which Chromium reports as a failed resource; a socket whose server
        # was killed is what a test wanted.
        self.expected = ["status of 4", "WebSocket connection", "ERR_CONNECTION_REFUSED"]
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form, in whatever language it comes."""
        self.page.goto("/sign-in/")
        self.sign_in_here(username, password)

    def sign_in_here(self, username: str, password: str) -> None:
        """Sign in on the page that asks for it."""
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main button[type=submit]").click()
        expect(self.page).not_to_have_url(re.compile("/sign-in/"))

    def open_request(self, request_id: int, query: str = "") -> None:
        """Open a request's page."""
        self.page.goto(f"/requests/{request_id}/{query}")

    def wait_until_live(self) -> None:
        """Wait until the page's socket is open."""
        expect(self.page.locator("#connection[data-state=live]")).to_be_visible()

    def row(self, title: str) -> Locator:
        """Return a row of the queue."""
        return self.page.locator("#queue [data-row]").filter(has_text=title)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in self.expected):
            self.complaints.append(message.text)

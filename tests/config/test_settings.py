"""Settings come from the environment, and a wrong one is refused in words."""

import os
import subprocess
import sys

import pytest

from embedded.settings import ROOT

GOOD = {
    "COUNTERSIGN_SECRET_KEY": "s" * 60,
    "COUNTERSIGN_PUBLIC_URL": "https://inbox.example.org",
    "DATABASE_URL": "postgresql://user:hidden-password@db.example.org/countersign",
    "RESTATE_INGRESS_URL": "http://restate:8080",
    "RESTATE_ADMIN_URL": "http://restate:9070",
}


def settings(expression: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Print an expression over the settings, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    env = kept | {name: value for name, value in (GOOD | changes).items() if value is not None}
    code = f"from config import settings; print({expression})"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_behind_https_cookies_are_secure_and_debug_is_off() -> None:
    shown = settings("settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.DEBUG").stdout
    assert shown.strip() == "True True False"


def test_on_loopback_plain_http_is_allowed() -> None:
    result = settings("settings.SESSION_COOKIE_SECURE", COUNTERSIGN_PUBLIC_URL="http://127.0.0.1:8000")
    assert result.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("COUNTERSIGN_SECRET_KEY", None, "Field required"),
        ("COUNTERSIGN_SECRET_KEY", "short", "at least 50"),
        ("COUNTERSIGN_PUBLIC_URL", "http://inbox.example.org", "use https"),
        ("COUNTERSIGN_PUBLIC_URL", "nonsense", "must be an address"),
        ("DATABASE_URL", "sqlite:///x", "must be a PostgreSQL address"),
        ("RESTATE_ADMIN_URL", None, "Field required"),
        ("RESTATE_UI_URL", "javascript:alert(1)", "must be an address"),
        ("COUNTERSIGN_DEBUG", "perhaps", "boolean"),
        ("COUNTERSIGN_DEBUG", "true", "loopback addresses only"),
        ("COUNTERSIGN_DELIVERY_CHECK_SECONDS", "-1", "greater than 0"),
    ],
)
def test_a_missing_or_wrong_setting_is_named_without_a_traceback(name: str, value: str | None, words: str) -> None:
    result = settings("1", **{name: value})
    assert result.returncode == 1
    assert "Countersign can't start" in result.stderr
    assert name in result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("given", "read"),
    [("http://127.0.0.1:9070/ui/", "http://127.0.0.1:9070/ui"), ("https://ui.example.org", "https://ui.example.org")],
)
def test_the_address_of_restates_pages_may_end_in_a_slash_or_not(given: str, read: str) -> None:
    assert settings("settings.RESTATE_UI_URL", RESTATE_UI_URL=given).stdout.strip() == read


@pytest.mark.parametrize("nothing", ["", None])
def test_restates_pages_need_no_address(nothing: str | None) -> None:
    result = settings("repr(settings.RESTATE_UI_URL)", RESTATE_UI_URL=nothing)
    assert (result.stdout.strip(), result.returncode) == ("''", 0)


def test_a_secret_never_stands_in_the_message() -> None:
    result = settings("1", COUNTERSIGN_SECRET_KEY="a-short-secret", COUNTERSIGN_DEBUG="perhaps")
    assert "a-short-secret" not in result.stderr
    assert "hidden-password" not in result.stderr

"""Django's own deployment check, with the settings of a real installation."""

import os
import subprocess
import sys

from config.settings import BASE_DIR

_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "COUNTERSIGN_SECRET_KEY": "3vUq8nJx-Zt5Lk2Rw_9Yb7Hd4Gm1Fc6Pa0Se-Xo8Tq5Vi3Nj2Kz",
    "COUNTERSIGN_PUBLIC_URL": "https://inbox.example.org",
    "COUNTERSIGN_TRUST_PROXY": "true",
    "DATABASE_URL": "postgresql://countersign:secret@postgres.internal/countersign",
    "RESTATE_INGRESS_URL": "http://restate.internal:8080",
    "RESTATE_ADMIN_URL": "http://restate.internal:9070",
}


def _check(**more: str) -> subprocess.CompletedProcess[str]:
    ours = ("COUNTERSIGN_", "RESTATE_", "DATABASE_", "DJANGO_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=BASE_DIR,
        env=inherited | _PRODUCTION | more,
        text=True,
        capture_output=True,
        check=False,
    )


def test_with_the_settings_of_a_real_installation_there_is_nothing_to_complain_of() -> None:
    result = _check()
    assert (result.returncode, result.stdout.strip()) == (0, "System check identified no issues (0 silenced).")
    assert result.stderr == ""


def test_the_check_would_complain_of_plain_http() -> None:
    result = _check(COUNTERSIGN_PUBLIC_URL="http://127.0.0.1:8000")
    assert result.returncode == 1
    assert "security.W012" in result.stderr

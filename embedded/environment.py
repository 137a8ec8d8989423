"""The environment that all our processes get in the embedded default.

`python -m embedded.environment COMMAND…` runs a command in it, for example `… python manage.py shell`.
"""

import os
import sys

from embedded import secrets
from embedded.settings import Settings, from_environment, socket_path
from embedded.steps import sentence_or_exit


def environment(settings: Settings) -> dict[str, str]:
    """The caller's own environment plus ours; makes the secrets if they don't exist yet."""
    folder = settings.var / "secrets"
    secret = secrets.ensure(folder)
    ours = {
        "DATABASE_URL": settings.database_url or database_url(settings, secret["postgres_password"]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "COUNTERSIGN_DEMO": "true",
        "COUNTERSIGN_PUBLIC_URL": settings.url("WEB_PORT"),
        "COUNTERSIGN_URL": settings.url("WEB_PORT"),
        "COUNTERSIGN_SECRET_KEY": secret["secret_key"],
        "COUNTERSIGN_SIGNING_KEY_FILE": str(folder / "signing_key.pem"),
        "COUNTERSIGN_VERIFY_KEYS_FILE": str(folder / "verify_keys.pem"),
        "COUNTERSIGN_AGENT_TOKEN": secret["agent_token"],
        "COUNTERSIGN_DEMO_PASSWORD": secret["demo_password"],
        "COUNTERSIGN_STATIC_ROOT": str(settings.var / "static"),
        "RESTATE_INGRESS_URL": settings.url("RESTATE_INGRESS_PORT"),
        "RESTATE_ADMIN_URL": settings.url("RESTATE_ADMIN_PORT"),
        "RESTATE_UI_URL": settings.url("RESTATE_ADMIN_PORT") + "/ui/",
        # For people who look into a file; on a server a machine reads them.
        "COUNTERSIGN_LOG_FORMAT": "lines",
        "AGENTS_BIND": f"127.0.0.1:{settings.port('AGENTS_PORT')}",
        "AGENTS_IDENTITY_KEYS_FILE": str(folder / "identity_keys"),
        "AGENTS_URL": settings.url("AGENTS_PORT"),
    }
    inherited = {name: value for name, value in os.environ.items() if name not in HARMFUL}
    return inherited | ours | _for_supervisor(settings)


# Without byte code every start compiles ADK and Django again, which takes longer than all the rest.
HARMFUL = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"}


def database_url(settings: Settings, password: str) -> str:
    """The address of the embedded PostgreSQL."""
    return f"postgresql://countersign:{password}@127.0.0.1:{settings.port('POSTGRES_PORT')}/countersign"


def _for_supervisor(settings: Settings) -> dict[str, str]:
    """What the static supervisord.conf fills in."""
    ports = {name: str(port) for name, port in settings.ports.items()}
    return ports | {
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(settings.var),
        "COUNTERSIGN_PYTHON": sys.executable,
        "COUNTERSIGN_SUPERVISOR_SOCKET": str(socket_path(settings.var)),
    }


def main() -> int:
    """Become the command that stands on the command line."""
    os.execvpe(sys.argv[1], sys.argv[1:], environment(from_environment()))


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))

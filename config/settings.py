"""Countersign's settings: one file, all from the environment, wrong values refused at the start.

`Environment` lists what can be set. Nothing has a default that would be unsafe on a public address.
"""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from django.utils.csp import CSP
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent
_SHORTEST_TOKEN = 32
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Environment(BaseSettings):
    """What is read from the environment; `docs/settings.md` explains each for operators."""

    model_config = SettingsConfigDict(extra="ignore")

    secret_key: str = Field(alias="COUNTERSIGN_SECRET_KEY", min_length=50)
    public_url: str = Field(alias="COUNTERSIGN_PUBLIC_URL")
    database_url: str = Field(alias="DATABASE_URL")
    restate_ingress_url: str = Field(alias="RESTATE_INGRESS_URL")
    restate_admin_url: str = Field(alias="RESTATE_ADMIN_URL")
    restate_ui_url: str = Field(default="", alias="RESTATE_UI_URL")
    signing_key_file: Path | None = Field(default=None, alias="COUNTERSIGN_SIGNING_KEY_FILE")
    journal_keys_file: Path | None = Field(default=None, alias="COUNTERSIGN_JOURNAL_KEYS_FILE")
    static_root: Path = Field(default=BASE_DIR / "var" / "static", alias="COUNTERSIGN_STATIC_ROOT")
    debug: bool = Field(default=False, alias="COUNTERSIGN_DEBUG")
    internal_hosts: str = Field(default="", alias="COUNTERSIGN_INTERNAL_HOSTS")
    trust_proxy: bool = Field(default=False, alias="COUNTERSIGN_TRUST_PROXY")
    default_group: str = Field(default="reviewers", alias="COUNTERSIGN_DEFAULT_GROUP", min_length=1)
    delivery_check_seconds: float = Field(default=5, alias="COUNTERSIGN_DELIVERY_CHECK_SECONDS", gt=0)
    reconcile_seconds: float = Field(default=30, alias="COUNTERSIGN_RECONCILE_SECONDS", gt=0)
    waits_seconds: float = Field(default=10, alias="COUNTERSIGN_WAITS_SECONDS", gt=0)
    missing_seconds: float = Field(default=60, alias="COUNTERSIGN_MISSING_SECONDS", ge=0)
    undo_seconds: float = Field(default=5, alias="COUNTERSIGN_UNDO_SECONDS", ge=0, le=60)
    stale_seconds: float = Field(default=604_800, alias="COUNTERSIGN_STALE_SECONDS", gt=0)
    metrics_token: str = Field(default="", alias="COUNTERSIGN_METRICS_TOKEN")
    log_format: str = Field(default="json", alias="COUNTERSIGN_LOG_FORMAT", pattern="^(json|lines)$")
    log_level: str = Field(default="INFO", alias="COUNTERSIGN_LOG_LEVEL", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("public_url", "restate_ingress_url", "restate_admin_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return _address(value)

    @field_validator("restate_ui_url")
    @classmethod
    def _is_an_address_or_nothing(cls, value: str) -> str:
        return _address(value) if value else ""

    @field_validator("metrics_token")
    @classmethod
    def _cannot_be_guessed(cls, value: str) -> str:
        if value and len(value) < _SHORTEST_TOKEN:
            raise ValueError(f"must have {_SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must be a PostgreSQL address such as postgresql://user:password@host/name")
        try:
            conninfo_to_dict(value)
        except ProgrammingError as error:
            raise ValueError("is not a PostgreSQL address that can be read") from error
        return value

    @model_validator(mode="after")
    def _plain_http_stays_at_home(self) -> Self:
        parts = urlsplit(self.public_url)
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError("COUNTERSIGN_PUBLIC_URL: http is for loopback addresses only, use https")
        if self.debug and parts.hostname not in _LOOPBACK:
            raise ValueError("COUNTERSIGN_DEBUG: is for loopback addresses only, it shows the inside of the program")
        return self


def _address(value: str) -> str:
    """Return an address as others are made from it, without a slash at its end."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address such as https://inbox.example.org")
    return value.rstrip("/")


def _read_environment() -> Environment:
    try:
        return Environment()
    except ValidationError as error:
        # The values themselves stay out of the message: some are secret.
        lines = [f"  {'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()]
        sys.exit("Countersign can't start, the environment is incomplete or wrong:\n" + "\n".join(lines))


def _database(url: str) -> dict[str, Any]:
    known = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    options: dict[str, Any] = {key: value for key, value in parts.items() if key not in known}
    # A pool, because under ASGI each request has a thread of its own and could keep no connection.
    # The same few statements again and again: PostgreSQL plans each once a connection.
    options |= {"server_side_binding": True, "prepare_threshold": 3}
    options["pool"] = {"min_size": 1, "max_size": 20, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: parts.get(key, "") for key, name in known.items()},
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


ENVIRONMENT = _read_environment()
_public = urlsplit(ENVIRONMENT.public_url)
_secure = _public.scheme == "https"

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = sorted({_public.hostname or ""} | (set() if _secure else _LOOPBACK | {"[::1]"}))
_ports = f":{_public.port}" if _public.port else ""
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{host}{_ports}" for host in ALLOWED_HOSTS]
ALLOWED_HOSTS += ENVIRONMENT.internal_hosts.split()
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DATABASES = {"default": _database(ENVIRONMENT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "config.admin.CountersignAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "django_htmx",
    "ninja",
    "axes",
    "approvals",
    "operations",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.middleware.ZoneMiddleware",
    "config.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.templates.FlushLeft", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Who may sign in, and how often they may try.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "config.accounts.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "approvals:inbox"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By name and address together: a stranger who fails ten times must not lock the reviewer out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_ENABLE_ADMIN = False

# Cookies, transport, and what a page may load.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _secure
# Agents may come from inside, past the proxy that ends TLS. To redirect a call that carries a token protects nobody.
SECURE_REDIRECT_EXEMPT = [r"^api/"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.trust_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_CLIENT_IP_CALLABLE = "config.proxy.client_address"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.static_root
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.storage.HashedStaticFilesStorage"
    },
}

LANGUAGE_CODE = "en"
# Adding one is explained in docs/translating.md.
LANGUAGES = [("en", "English"), ("ko", "한국어")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Countersign's own.
PUBLIC_URL = ENVIRONMENT.public_url
RESTATE_INGRESS_URL = ENVIRONMENT.restate_ingress_url
RESTATE_ADMIN_URL = ENVIRONMENT.restate_admin_url
RESTATE_UI_URL = ENVIRONMENT.restate_ui_url
SIGNING_KEY_FILE = ENVIRONMENT.signing_key_file
JOURNAL_KEYS_FILE = ENVIRONMENT.journal_keys_file
DEFAULT_GROUP = ENVIRONMENT.default_group
DELIVERY_CHECK_SECONDS = ENVIRONMENT.delivery_check_seconds
METRICS_TOKEN = ENVIRONMENT.metrics_token
RECONCILE_SECONDS = ENVIRONMENT.reconcile_seconds
MISSING_SECONDS = ENVIRONMENT.missing_seconds
WAITS_SECONDS = ENVIRONMENT.waits_seconds
STALE_SECONDS = ENVIRONMENT.stale_seconds
UNDO_WINDOW = timedelta(seconds=ENVIRONMENT.undo_seconds)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"about": {"()": "restate_bridge.contract.AboutFilter"}},
    "formatters": {
        "lines": {"format": "{asctime} {levelname} {name}: {message}{about}", "style": "{"},
        "json": {"()": "restate_bridge.contract.json_lines"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": ENVIRONMENT.log_format, "filters": ["about"]}
    },
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Addresses carry ids of runs; httpx would log each call.
        "httpx": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # It comes with handlers of its own, which know neither form nor fields.
        "uvicorn": {"handlers": [], "level": "INFO", "propagate": True},
        "uvicorn.error": {"handlers": [], "propagate": True},
        # Ours says the same, without what people searched for.
        "uvicorn.access": {"level": "WARNING"},
    },
}

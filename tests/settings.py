"""Countersign's own settings, with an environment made for the tests.

DATABASE_URL may name a server; otherwise `tests/conftest.py` starts one on the port that is chosen here.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from embedded.ports import free_ports

SCRATCH = Path(tempfile.mkdtemp(prefix="countersign-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
# PostgreSQL's own account has to reach its folder below this one.
SCRATCH.chmod(0o755)
OWN_POSTGRES_PORT = 0 if "DATABASE_URL" in os.environ else free_ports(1)[0]

_signing_key = SCRATCH / "signing_key.pem"
_signing_key.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
_FOR_TESTS = {
    "COUNTERSIGN_SECRET_KEY": "for-tests-" * 6,
    "COUNTERSIGN_PUBLIC_URL": "http://127.0.0.1:8000",
    "COUNTERSIGN_SIGNING_KEY_FILE": str(_signing_key),
    "COUNTERSIGN_STATIC_ROOT": str(SCRATCH / "static"),
    "DATABASE_URL": f"postgresql://countersign:embedded@127.0.0.1:{OWN_POSTGRES_PORT}/countersign",
    # Nothing listens here: a test that needs the engine brings its own.
    "RESTATE_INGRESS_URL": "http://127.0.0.1:9",
    "RESTATE_ADMIN_URL": "http://127.0.0.1:9",
}
(SCRATCH / "static").mkdir()
for _name, _value in _FOR_TESTS.items():
    os.environ.setdefault(_name, _value)

from approvals.catalogues.files import compile_all  # noqa: E402
from config.settings import *  # noqa: E402, F403
from config.settings import LOCALE_PATHS  # noqa: E402

# As installing does.
compile_all(LOCALE_PATHS[0])

# The tests' own speed: hashing passwords slowly is tested by Django.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

"""The codec by which an agent's journal is sealed; see `restate_bridge.contract.sealing`."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import override

from restate import JournalValueCodec
from restate.server_context import current_context

from agents.approval.durable import on_server
from agents.approval.errors import ConfigurationError, JournalKeyMissing
from restate_bridge.contract import CantOpen, KeyFormatError, KeyNotHere, opened, sealed, use_journal_keys


class _Sealing(JournalValueCodec):
    @override
    def encode(self, buf: bytes) -> bytes:
        return sealed(buf)

    @override
    async def decode(self, buf: bytes) -> bytes:
        return _opened(buf)


@asynccontextmanager
async def key_is_here() -> AsyncIterator[None]:
    """Have a run whose input can't be opened tried again until its key is here; the SDK alone would end it for good.

    ``restate.VirtualObject("Desk", invocation_context_managers=[key_is_here])``

    An input that was damaged, or never sealed by anybody who has a key, ends the run.

    Raises:
        JournalKeyMissing: the key is not here.
    """
    if (ctx := current_context()) is not None:
        with suppress(CantOpen):
            _opened(bytes(on_server(ctx).invocation.input_buffer))
    yield


def journal_codec(environment: Mapping[str, str] = os.environ) -> JournalValueCodec | None:
    """Return what seals the journals of an endpoint, None when ``COUNTERSIGN_JOURNAL_KEYS_FILE`` names no keys.

    ``restate.app(services, journal_value_codec=journal_codec())``

    Raises:
        ConfigurationError: the file can't be read, or does not hold what it should.
    """
    file = environment.get("COUNTERSIGN_JOURNAL_KEYS_FILE")
    if file is None:
        return None
    try:
        use_journal_keys(Path(file))
    except (OSError, KeyFormatError) as error:
        raise ConfigurationError(f"COUNTERSIGN_JOURNAL_KEYS_FILE: {file}: {error}") from error
    return _Sealing()


def _opened(content: bytes) -> bytes:
    try:
        return opened(content)
    except KeyNotHere as error:
        # No terminal error: with the key back in the file, the run goes on.
        raise JournalKeyMissing(f"COUNTERSIGN_JOURNAL_KEYS_FILE: {error}") from error

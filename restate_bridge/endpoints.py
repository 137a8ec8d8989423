"""Whether the endpoints of deployments answer, asked in the way Restate asks them when they are registered."""

import asyncio
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

import httpx

_AT_ONCE: Final = 8
_MANIFESTS: Final = ", ".join(f"application/vnd.restate.endpointmanifest.v{version}+json" for version in (2, 3, 4))
_LONGEST: Final = 1_000_000  # bytes of a manifest that are read


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered just now.

    Attributes:
        problem: why it could not be reached; empty when it answered.
        sdk: what it says it runs, such as ``restate-sdk-python/1.3.0``; empty when it does not say.
        protocol: the versions of Restate's service protocol that it speaks, such as ``5–7``; empty likewise.
        is_signed_only: whether it takes the calls of its own Restate alone, which are signed: ours is not.
    """

    problem: str = ""
    sdk: str = ""
    protocol: str = ""
    is_signed_only: bool = False


def ask_endpoints(uris: Sequence[str], *, timeout: float) -> list[Answer]:
    """Return what each of some addresses answers, in their order; each has ``timeout`` seconds, eight at a time."""
    if not uris:
        return []
    with ThreadPoolExecutor(min(_AT_ONCE, len(uris)), thread_name_prefix="endpoints") as threads:
        return list(threads.map(lambda uri: ask_endpoint(uri, timeout=timeout), uris))


def ask_endpoint(uri: str, *, timeout: float) -> Answer:
    """Ask one address what it serves; an address that answers anything at all is there.

    Args:
        timeout: for everything together, in seconds: whoever sends a byte now and then holds nobody up.
    """
    try:
        return asyncio.run(_ask(f"{uri.rstrip('/')}/discover", timeout))
    except (httpx.RemoteProtocolError, httpx.ReadError):
        # Something listens that speaks no HTTP/1.1: an endpoint for HTTP/2 alone.
        return Answer()
    except TimeoutError:
        return Answer(problem="timed out")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Answer(problem=_why(error))


async def _ask(url: str, seconds: float) -> Answer:
    request = httpx.Request("GET", url, headers={"accept": _MANIFESTS, "accept-encoding": "identity"})
    answer: Answer | None = None
    try:
        async with asyncio.timeout(seconds), httpx.AsyncHTTPTransport() as transport:
            response = await transport.handle_async_request(request)
            async with aclosing(response):
                sdk = response.headers.get("x-restate-server", "")
                # A proxy that wants a password of its own says nothing of an SDK.
                signed_only = bool(sdk) and response.status_code == httpx.codes.UNAUTHORIZED
                answer = Answer(sdk=sdk, is_signed_only=signed_only)
                if response.is_success:
                    answer = replace(answer, protocol=_protocol(await _beginning(response)))
    except (TimeoutError, httpx.HTTPError):
        if answer is None:
            raise
    return answer  # of one that began to answer and did not end: it is there


def _why(error: Exception) -> str:
    """Return what was wrong; of an address that takes no connection what the system said, which stands behind it."""
    behind: BaseException = error
    while deeper := behind.__cause__ or behind.__context__:
        behind = deeper
    if isinstance(behind, BaseExceptionGroup):  # a name with several addresses
        behind = behind.exceptions[0]
    if isinstance(behind, ConnectionError) and behind.errno:
        return os.strerror(behind.errno)
    return str(error) or type(error).__name__


async def _beginning(response: httpx.Response) -> bytes:
    """Return what an answer holds, as it came; a little more than `_LONGEST` bytes of it at most."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > _LONGEST:
            break
    return bytes(body)


def _protocol(body: bytes) -> str:
    """Return the versions that a manifest names; empty for whatever is none."""
    try:
        manifest = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(manifest, dict):
        return ""
    least, most = manifest.get("minProtocolVersion"), manifest.get("maxProtocolVersion")
    return f"{least}–{most}" if isinstance(least, int) and isinstance(most, int) else ""

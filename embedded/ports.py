"""Is a port free, who holds it, and which ports can a test have?"""

import random
import socket
from collections.abc import Mapping

import psutil

from embedded.errors import SetupError


def is_free(port: int) -> bool:
    """Whether a server can listen on 127.0.0.1 at this port now."""
    with socket.socket() as probe:
        # As the servers do: connections of an earlier run that still linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether a server accepts connections on 127.0.0.1 at this port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def check_free(ports: Mapping[str, int]) -> None:
    """Check that every port can be had.

    Raises:
        SetupError: one is taken; names it, its holder if that can be found, and the variable that moves it.
    """
    for variable, port in ports.items():
        if not is_free(port):
            raise SetupError(
                f"Port {port} is taken{_by_whom(port)}; stop that program, "
                f"or choose another port, for example {variable}={port + 1000 if port < 64000 else port - 1000}."
            )


def _by_whom(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if (
                connection.status == psutil.CONN_LISTEN
                and connection.laddr
                and connection.laddr.port == port
                and connection.pid
            ):
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass  # other people's processes can't always be looked at
    return ""


def free_ports(count: int) -> list[int]:
    """Ports that are free now, below the range from which the kernel gives ports to outgoing connections."""
    found: set[int] = set()
    while len(found) < count:
        port = random.randrange(20000, 32000)  # noqa: S311 - no secret
        if is_free(port):
            found.add(port)
    return list(found)

"""Restate for the house: one server, or a cluster of several on loopback."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from embedded.ports import free_ports
from embedded.restate import EmbeddedRestate
from embedded.server import Server

_ROLES: Final = ["metadata-server", "worker", "log-server", "admin", "http-ingress"]


def restate_servers(
    folder: Path, nodes: int, ports: Mapping[str, int], env: dict[str, str]
) -> dict[str, EmbeddedRestate]:
    """Return the servers by name: ``restate`` alone, or ``restate-1``, ``restate-2`` and so on.

    Args:
        nodes: 1, or 3 or more: with two replicas of everything, a cluster of three bears the loss of one.
        ports: of the first, by the names that `embedded.settings.PORTS` gives them.
        env: added to the settings of each.
    """
    first = ports["RESTATE_INGRESS_PORT"], ports["RESTATE_ADMIN_PORT"], ports["RESTATE_NODE_PORT"]
    if nodes == 1:
        return {"restate": EmbeddedRestate(folder / "restate", *first, env=env)}
    # The ports of the house are chosen and look free until somebody listens.
    more = [port for port in free_ports(len(ports) + 3 * nodes) if port not in ports.values()]
    places = [first, *((more[3 * n], more[3 * n + 1], more[3 * n + 2]) for n in range(nodes - 1))]
    addresses = [f"http://127.0.0.1:{node}" for _, _, node in places]
    names = [f"restate-{number}" for number in range(1, nodes + 1)]
    return {
        name: EmbeddedRestate(folder / name, *place, env=_in_cluster(name, address, addresses) | env)
        for name, place, address in zip(names, places, addresses, strict=True)
    }


def start_together(servers: Sequence[Server]) -> None:
    """Start servers that wait for one another."""
    for server in servers:
        server.begin()
    for server in servers:
        server.wait_until_ready()


def _in_cluster(name: str, address: str, addresses: Sequence[str]) -> dict[str, str]:
    return {
        "RESTATE_CLUSTER_NAME": "house",
        "RESTATE_NODE_NAME": name,
        "RESTATE_ADVERTISED_ADDRESS": address,
        "RESTATE_ROLES": json.dumps(_ROLES),
        "RESTATE_METADATA_CLIENT__TYPE": "replicated",
        "RESTATE_METADATA_CLIENT__ADDRESSES": json.dumps(list(addresses)),
        "RESTATE_BIFROST__DEFAULT_PROVIDER": "replicated",
        "RESTATE_DEFAULT_REPLICATION": "2",
        # So that every node leads one.
        "RESTATE_DEFAULT_NUM_PARTITIONS": str(len(addresses)),
        # A second node that founded the cluster would found another one.
        "RESTATE_AUTO_PROVISION": "true" if address == addresses[0] else "false",
    }

"""The servers that an engine is made of."""

from dataclasses import dataclass

from restate_bridge.admin import Admin


@dataclass(frozen=True, slots=True)
class Cluster:
    """What the admin API says of them. How many partitions there are it does not say, nor which servers run.

    Attributes:
        nodes: the numbers of the servers that are to hold the metadata; one that is down is among them.
    """

    name: str
    nodes: tuple[int, ...]


def cluster_of(admin: Admin) -> Cluster:
    """Return which servers there are.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    answer = admin.get("/cluster-health")
    members = (answer.get("metadata_cluster_health") or {}).get("members", ())
    return Cluster(answer.get("cluster_name", ""), tuple(members))

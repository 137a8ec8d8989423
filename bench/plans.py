"""How PostgreSQL carries out what a page asks: does it read a large table from end to end?"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from django.db import connection

LARGE: Final = frozenset(
    {
        "approvals_approvalrequest",
        "approvals_approvalrequest_groups",
        "approvals_searchentry",
        "approvals_decision",
        "approvals_delivery",
        "approvals_auditevent",
    }
)

type Statement = tuple[str, Any]


def statements_of(ask: Callable[[], object]) -> list[Statement]:
    """Return the queries that something makes, with their parameters."""
    heard: list[Statement] = []

    def listen(execute: Callable[..., object], sql: str, parameters: Any, many: bool, context: object) -> object:
        heard.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(listen):
        ask()
    return heard


def tables_read_whole(statements: Sequence[Statement]) -> set[str]:
    """Return the large tables that the plan of one of these queries reads from end to end."""
    read: set[str] = set()
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            ((explained,),) = cursor.fetchall()
            scans = _nodes(explained[0]["Plan"])
            read |= {node["Relation Name"] for node in scans if node["Node Type"] == "Seq Scan"}
    return read & LARGE


def whole_reads() -> int:
    """Return how often a large table has been read from end to end so far, as the server counts, by all sessions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname = ANY(%s)", [[*LARGE]])
        ((count,),) = cursor.fetchall()
        return int(count)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)

"""Thousands of requests, made in a moment by the database itself."""

from django.db import connection

from approvals.models import ApprovalRequest


def settled_crowd(model: ApprovalRequest, number: int, *, tool: str = "'tool' || n % 20") -> None:
    """Add approved requests like ``model``, all with other arguments; ``tool`` is an expression over n."""
    columns = [str(field.column) for field in ApprovalRequest._meta.concrete_fields if not field.primary_key]
    made = {
        "awakeable_id": "'a' || n",
        "announcement_id": "'a' || n",
        "invocation_id": "'inv' || n",
        "digest": "'d' || n",
        "session_id": "'s' || n",
        "key": "'s' || n",
        "requester": "'r' || n % 50",
        "arguments": "json_build_object('n', n)",
        "tool": tool,
        "status": "'approved'",
        "settled_at": "announced_at - n * interval '1 minute'",
    }
    values = ", ".join(made.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO approvals_approvalrequest ({', '.join(columns)}) SELECT {values} "  # noqa: S608 - ours
            f"FROM approvals_approvalrequest, generate_series(1, {number:d}) n WHERE id = {model.pk:d}"
        )
        cursor.execute(
            "INSERT INTO approvals_approvalrequest_groups (approvalrequest_id, group_id) "  # noqa: S608 - ours
            "SELECT request.id, asked.group_id FROM approvals_approvalrequest request, "
            f"approvals_approvalrequest_groups asked WHERE asked.approvalrequest_id = {model.pk:d} "
            "AND request.invocation_id LIKE 'inv%' AND request.digest LIKE 'd%'"
        )
        cursor.execute("ANALYZE")


def plan_of(sql: str) -> str:
    """Return how PostgreSQL carries a query out."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(row[0] for row in cursor.fetchall())

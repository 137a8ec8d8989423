"""Whether the engine is there, as the courier last saw it."""

from collections.abc import Collection

from approvals.models import ApprovalRequest, EngineSight


def engine_sight() -> EngineSight | None:
    """Return how the courier saw the engine last; None before it has ever looked. One query."""
    return EngineSight.objects.filter(pk=1).first()


def announced_among(awakeable_ids: Collection[str]) -> set[str]:
    """Return those ids for which there is a request."""
    if not awakeable_ids:
        return set()
    return set(ApprovalRequest.objects.filter(awakeable_id__in=awakeable_ids).values_list("awakeable_id", flat=True))

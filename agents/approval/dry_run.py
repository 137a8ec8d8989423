"""Dry runs: agents work as always, but nobody is asked, and no gated tool does anything."""

import os
from functools import cache
from typing import Any

import restate

from agents.approval.errors import ConfigurationError


@cache
def is_dry_run() -> bool:
    """Return whether this process only rehearses (``COUNTERSIGN_DRY_RUN``).

    Raises:
        ConfigurationError: the variable is neither true nor false.
    """
    text = os.environ.get("COUNTERSIGN_DRY_RUN", "false")
    if text not in ("true", "false"):
        raise ConfigurationError(f"COUNTERSIGN_DRY_RUN: {text!r} is neither true nor false")
    return text == "true"


async def rehearse(ctx: restate.Context, tool: str, would: dict[str, Any]) -> dict[str, Any]:
    """Journal what a tool would have done, in a step of that name, and return what the model is told."""
    told = {"status": "dry_run", "note": "This is a dry run: nothing was done, and nobody was asked.", **would}
    return await ctx.run_typed(f"dry run: {tool}", lambda: told)

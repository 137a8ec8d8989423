"""Two people changed the same arguments: what becomes of them when one of the two goes on."""

from pydantic import JsonValue

from approvals.rules.changes import MISSING, Value, same


def merged(base: Value, mine: Value, theirs: Value) -> Value:
    """Return ``theirs`` with what ``mine`` changed of ``base``, as deep down as it can be told.

    Where both changed the same value, or the length of a list, it is as in ``mine``.
    """
    if same(mine, base) or same(mine, theirs):
        return theirs
    if same(theirs, base):
        return mine
    if isinstance(base, dict) and isinstance(mine, dict) and isinstance(theirs, dict):
        return _merged_objects(base, mine, theirs)
    if isinstance(base, list) and isinstance(mine, list) and isinstance(theirs, list):
        return _merged_lists(base, mine, theirs)
    return mine


type _Object = dict[str, JsonValue]


def _merged_objects(base: _Object, mine: _Object, theirs: _Object) -> _Object:
    found: _Object = {}
    for name in dict.fromkeys([*theirs, *mine]):
        value = merged(base.get(name, MISSING), mine.get(name, MISSING), theirs.get(name, MISSING))
        if value is not MISSING:
            found[name] = value
    return found


def _merged_lists(base: list[JsonValue], mine: list[JsonValue], theirs: list[JsonValue]) -> list[JsonValue]:
    if not len(base) == len(mine) == len(theirs):
        return mine
    items = (merged(*versions) for versions in zip(base, mine, theirs, strict=True))
    return [item for item in items if item is not MISSING]

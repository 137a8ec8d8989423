"""The lifecycle tables in docs/architecture.md are the code's."""

import re
from collections.abc import Mapping
from enum import StrEnum

import pytest

from approvals.rules.lifecycle import DELIVERY_TABLE, STATUS_TABLE
from tests.docs.pages import ROOT, rows


@pytest.mark.parametrize(("name", "table"), [("status", STATUS_TABLE), ("delivery", DELIVERY_TABLE)])
def test_a_lifecycle_table_is_the_codes(name: str, table: Mapping[StrEnum, frozenset[StrEnum]]) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    shown = re.search(rf"<!-- table: {name} -->\n((?:\|.*\n)+)", page)
    assert shown is not None
    _, *lines = rows(shown[1])
    documented = {old: set(filter(None, new.split(", "))) for old, new in lines}
    assert documented == {str(old): {str(new) for new in table[old]} for old in table}

"""docs/health.md names every number and every field, and its examples hold."""

import json
from typing import Any, Final

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from approvals.live.viewers import VIEWERS
from approvals.models import EngineSight
from tests.docs.pages import ROOT, blocks, rows

_PAGE: Final = ROOT / "docs" / "health.md"
_TOKEN: Final = "a-token-for-the-tests-of-the-documentation"


@pytest.mark.django_db
def test_every_number_of_ours_is_explained_and_every_explained_one_is_there(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = _TOKEN
    EngineSight.objects.create(pk=1, looked_at=timezone.now())
    text = client.get("/metrics", headers={"authorization": f"Bearer {_TOKEN}"}).text
    served = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(text)
        if family.name.startswith("countersign_") and not family.name.endswith("_created")
    }
    table = _PAGE.read_text().split("<!-- table: numbers -->")[1].split("\n\n")[0]
    assert VIEWERS.number == 0  # whose number is there as soon as somebody may connect
    assert {cells[0].strip("`") for cells in rows(table)[1:]} == served


def test_the_line_that_is_shown_has_the_fields_that_are_explained() -> None:
    [block] = blocks(_PAGE, "json")
    line = json.loads(block.text)
    explained = {name.strip("` ") for cells in rows(_PAGE.read_text()) for name in cells[0].split(",")}
    assert set(line) - explained == set()


def test_the_settings_for_prometheus_can_be_read() -> None:
    [block] = blocks(_PAGE, "yaml")
    [job] = yaml.safe_load(block.text)["scrape_configs"]
    assert job["job_name"] == "countersign"

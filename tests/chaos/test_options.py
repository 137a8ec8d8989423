"""What ``make chaos`` is told is checked before anything starts."""

import pytest

from chaos.options import Options
from embedded.errors import SetupError

GIVEN = {"requests": "12", "minutes": "0.5", "cluster": "3", "seed": "s"}


def test_good_parameters_are_read() -> None:
    assert Options.read(GIVEN) == Options(requests=12, minutes=0.5, nodes=3, seed="s")


def test_without_a_seed_each_storm_has_another_one() -> None:
    assert Options.read(GIVEN | {"seed": ""}).seed != Options.read(GIVEN | {"seed": ""}).seed


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("requests", "many", "REQUESTS is 'many', but must be a whole number from 1 to 2000."),
        ("requests", "1.5", "REQUESTS is '1.5', but must be a whole number"),
        ("requests", "0", "REQUESTS is '0', but"),
        ("requests", "inf", "REQUESTS is 'inf', but"),
        ("minutes", "-1", "MINUTES is '-1', but must be a number from 0.1 to 120."),
        ("minutes", "nan", "MINUTES is 'nan', but"),
        ("cluster", "2", r"CLUSTER is '2', but must be 1 \(a single Restate server\) or 3 \(a cluster\)."),
    ],
)
def test_a_bad_parameter_is_refused_with_a_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        Options.read(GIVEN | {name: text})

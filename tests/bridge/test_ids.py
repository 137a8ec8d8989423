"""Restate's ids, without an engine."""

import pytest

from restate_bridge.ids import MalformedId, awakeable_id, checked, is_invocation_id, run_of, signal_index

RUN = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
AWAKEABLE = "sign_1VIrjy6VAVbNqx5oHOUGeH0SGeaG8ckr6AAAAEQ"


def test_the_derivation_gives_what_an_engine_once_printed() -> None:
    assert awakeable_id(RUN) == AWAKEABLE


def test_the_run_of_an_awakeable_is_read_back() -> None:
    assert run_of(AWAKEABLE) == RUN


def test_the_index_is_read_back() -> None:
    assert signal_index(awakeable_id(RUN, 23)) == 23


@pytest.mark.parametrize("text", ["", "inv_1", RUN + "x", "' OR 1=1 --", RUN[:-1] + "'", RUN + "\n"])
def test_what_is_no_invocation_id_never_reaches_a_query(text: str) -> None:
    assert not is_invocation_id(text)
    for read in (checked, awakeable_id):
        with pytest.raises(MalformedId):
            read(text)


def test_what_is_one_may_stand_there() -> None:
    assert checked(RUN) == RUN


@pytest.mark.parametrize("text", ["", "sign_1", AWAKEABLE[:-4], AWAKEABLE.removeprefix("sign_1"), "sign_1€"])
def test_what_is_no_awakeable_id_is_said_to_be_none(text: str) -> None:
    with pytest.raises(MalformedId):
        signal_index(text)

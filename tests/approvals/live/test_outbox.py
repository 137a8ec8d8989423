"""What waits for one page: in order, each once, and never more than a bound."""

from approvals.live.outbox import CHANGED, ENGINE, LOOKING, REFRESH, Message, Outbox


async def everything_in(outbox: Outbox) -> list[Message]:
    return [await outbox.next() for _ in range(len(outbox))]


async def test_messages_come_out_in_their_order_and_each_once() -> None:
    outbox = Outbox()
    for message in ((CHANGED, 2), (CHANGED, 1), (CHANGED, 2), (LOOKING, 2), ENGINE):
        outbox.put(message)
    assert await everything_in(outbox) == [(CHANGED, 2), (CHANGED, 1), (LOOKING, 2), ENGINE]


async def test_what_was_said_can_be_said_again() -> None:
    outbox = Outbox()
    outbox.put((CHANGED, 1))
    assert await outbox.next() == (CHANGED, 1)
    outbox.put((CHANGED, 1))
    assert await outbox.next() == (CHANGED, 1)


async def test_more_than_it_holds_becomes_one_refresh() -> None:
    outbox = Outbox(at_most=3)
    for number in range(1000):
        outbox.put((CHANGED, number))
        assert len(outbox) <= 3
    assert await everything_in(outbox) == [REFRESH]


async def test_a_refresh_says_all_there_is_to_say_until_it_is_heard() -> None:
    outbox = Outbox()
    for message in ((CHANGED, 1), REFRESH, (CHANGED, 2), ENGINE):
        outbox.put(message)
    assert await everything_in(outbox) == [REFRESH]
    outbox.put((CHANGED, 3))
    assert await everything_in(outbox) == [(CHANGED, 3)]

"""However full the inbox: no list and no number reads a large table from end to end.

Searches are left to `make bench`: in an inbox as small as this one PostgreSQL is right to read them all for a word that
every eighth request has.
"""

from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService
from approvals.selectors.watching import watched
from approvals.services.saved_views import save_view
from bench.crowd import gather
from bench.filling import fill
from bench.inbox_questions import questions
from bench.plans import statements_of, tables_read_whole

REQUESTS, PENDING = 20_000, 2_000
# Of the large group and the sparse one; of six others; who sees all.
PEOPLE = ("reviewer-1", "reviewer-41", "operator")


def test_every_list_and_number_is_answered_by_indexes(agent_service: AgentService) -> None:
    fill(REQUESTS, PENDING, gather(), service=agent_service.pk)
    people = list(User.objects.filter(username__in=PEOPLE))
    assert len(people) == len(PEOPLE)
    for user in people:
        save_view(owner=user, name="risky", query="risk=high")
        save_view(owner=user, name="one tool", query="queue=teams&tool=tool_3")
    read_whole, now = {}, timezone.now()
    for question in {question.name: question for question in questions() if question.kind != "search"}.values():
        for user in people:
            statements = statements_of(lambda: question.ask(user, now))  # noqa: B023 - called at once
            if tables := tables_read_whole(statements):
                read_whole[question.name, user.username] = tables
    assert read_whole == {}


def test_what_is_watched_is_counted_by_indexes(agent_service: AgentService) -> None:
    fill(REQUESTS, PENDING, gather(), service=agent_service.pk)
    watched()  # counts what was decided, which is then known for a minute
    assert tables_read_whole(statements_of(watched)) == set()

"""An inbox full of requests, written by PostgreSQL itself in a few statements.

The triggers of the fifth migration are off meanwhile, and what they would have written is written at once, by the same
functions; `tests/bench/test_filling.py` compares it with what announcing and deciding write. The indexes are made
again afterwards: that is how a million rows take minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bench.crowd import Crowd
from bench.vocabulary import phrases

_PHRASES: Final = 20_000
_KEPT: Final = [
    f"approvals_{name}" for name in ("approvalrequest", "approvalrequest_groups", "searchentry", "decision", "comment")
]
_REBUILT: Final = ["approvals_approvalrequest", "approvals_approvalrequest_groups", "approvals_searchentry"]

# One row of dice a request, drawn once. Pending is every second of the latest, so that old and new lie together.
_DICE: Final = """
CREATE TEMP TABLE dice ON COMMIT DROP AS
SELECT n, base + n AS id, n > %(requests)s - 2 * %(pending)s AND n %% 2 = 0 AS pending,
    now() - (%(requests)s - n) * interval '730 days' / %(requests)s AS at,
    CASE WHEN random() < .3 THEN 0 ELSE floor(power(%(groups)s - 1, random()))::int END AS crowd,
    floor(power(150, random()))::int AS tool, (random() * 19999)::int AS title, (random() * 19999)::int AS note,
    (random() * 19999)::int AS said, random() AS risk, random() AS due, random() AS quorum, random() AS outcome,
    random() AS claim, random() AS second, random() AS more, (random() * 499)::int AS asker
FROM generate_series(1, %(requests)s) n, (SELECT coalesce(max(id), 0) AS base FROM approvals_approvalrequest) latest
"""
_REQUESTS: Final = """
INSERT INTO approvals_approvalrequest (id, awakeable_id, announcement_id, announced_by_id, announced_at, content_digest,
    kind, title, agent, tool, arguments, arguments_schema, schema_digest, editable, reject_reasons, digest, reason,
    question, choices, context, context_left_out, risk, quorum, requester, deadline_at, invocation_id, service, handler,
    key, session_id, status, settled_at, check_at, claimed_by_id, claimed_at, held_by, held_for)
SELECT dice.id, 'sign_1bench' || dice.id, 'sign_1bench' || dice.id, %(service)s, at, 'sha256:' || md5(dice.id::text),
    'approval', title.words || ' ' || dice.id, 'agent_' || tool %% 30, 'tool_' || tool,
    format('{"invoice": "INV-%%s", "amount": %%s, "note": "%%s", "lines": ["%%s", "%%s"]}',
        dice.id, dice.id %% 9973, note.words, said.words, note.words)::json,
    '{"type": "object"}', 'sha256:' || md5(tool::text), '[]', '[]', 'sha256:' || md5('a' || dice.id), said.words,
    '', '[]', json_build_array(json_build_object('kind', 'message', 'author', 'requester', 'text', said.words)), 0,
    CASE WHEN risk < .05 THEN 'high' WHEN risk < .3 THEN 'medium' ELSE 'low' END,
    CASE WHEN quorum < .05 THEN 2 ELSE 1 END,
    CASE WHEN asker < %(users)s / 4 THEN 'reviewer-' || asker ELSE 'requester-' || asker END,
    CASE WHEN due < .5 THEN CASE WHEN pending THEN now() ELSE at END + due * interval '30 days' END,
    'inv_1bench' || dice.id, 'Bench', 'ask', 's' || dice.id / 3, 's' || dice.id / 3,
    CASE WHEN pending THEN 'pending' WHEN outcome < .75 THEN 'approved' WHEN outcome < .95 THEN 'rejected'
        ELSE 'expired' END,
    CASE WHEN NOT pending THEN at + claim * interval '2 days' END,
    CASE WHEN pending THEN now() + outcome * interval '1 minute' END,
    CASE WHEN pending AND claim < .05 THEN (%(people)s)[1 + dice.id %% %(users)s] END,
    CASE WHEN pending AND claim < .05 THEN now() END, '', ''
FROM dice JOIN phrase title ON title.id = dice.title JOIN phrase note ON note.id = dice.note
    JOIN phrase said ON said.id = dice.said ORDER BY dice.id
"""
_ASKED: Final = """
CREATE TEMP TABLE asked ON COMMIT DROP AS
SELECT id, (%(teams)s)[1 + crowd] AS team FROM dice
UNION ALL SELECT id, (%(teams)s)[1 + (crowd + 7) %% (%(groups)s - 1)] FROM dice WHERE second < .1
UNION ALL SELECT id, (%(teams)s)[%(groups)s] FROM dice WHERE n %% 25000 = 0
"""
_TOOLS: Final = """
INSERT INTO approvals_knowntool (group_id, agent, tool)
SELECT DISTINCT team, agent, tool FROM asked JOIN approvals_approvalrequest USING (id) ON CONFLICT DO NOTHING
"""
_IN_GROUPS: Final = """
INSERT INTO approvals_approvalrequest_groups (approvalrequest_id, group_id, due_at, risk_rank, announced_at, tool_id,
    status, settled_at)
SELECT request.id, team, coalesce(deadline_at, '9999-01-01Z'), approvals_rank_of(request.risk), announced_at, known.id,
    status, settled_at
FROM asked JOIN approvals_approvalrequest request USING (id)
    JOIN approvals_knowntool known ON (known.group_id, known.agent, known.tool) = (team, request.agent, request.tool)
ORDER BY request.id
"""
# What settled a request; and the first approval of those that wait for a second.
_DECISIONS: Final = """
INSERT INTO approvals_decision (id, request_id, reviewer_id, outcome, note, answer, arguments, digest, decided_at,
    settles)
SELECT gen_random_uuid(), request.id,
    CASE WHEN status <> 'expired' THEN (%(people)s)[1 + (request.id * 7) %% %(users)s] END,
    CASE WHEN pending THEN 'approved' ELSE status END, CASE WHEN more < .3 THEN phrase.words ELSE '' END, '',
    CASE WHEN status IN ('pending', 'approved') THEN arguments END,
    CASE WHEN status IN ('pending', 'approved') THEN digest ELSE '' END, coalesce(settled_at, now()), NOT pending
FROM dice JOIN approvals_approvalrequest request USING (id) JOIN phrase ON phrase.id = dice.said
WHERE NOT pending OR (request.quorum = 2 AND more < .7)
"""
_DELIVERIES: Final = """
INSERT INTO approvals_delivery (request_id, decision_id, state, due_at, attempts, last_error, queued_at,
    claimed_at, sent_at, received_at, finished_at)
SELECT request_id, settling.id, 'done', NULL, 1, '', decided_at, decided_at, decided_at, decided_at, decided_at
FROM approvals_decision settling JOIN dice ON dice.id = request_id WHERE settles
"""
_EVENTS: Final = """
INSERT INTO approvals_auditevent (request_id, at, actor, code, status_from, status_to, data)
SELECT id, at, 'agent:bench', 'request.announced', '', '', '{}'::json FROM dice
UNION ALL
SELECT request.id, settled_at, 'user:somebody', 'request.' || status, 'pending', status, '{}'::json
FROM dice JOIN approvals_approvalrequest request USING (id) WHERE NOT pending
"""
_COMMENTS: Final = """
INSERT INTO approvals_comment (request_id, author_id, addressee_id, text, written_at, answered_at)
SELECT dice.id, (%(people)s)[1 + dice.id %% %(users)s],
    CASE WHEN more < .01 THEN (%(people)s)[1 + (dice.id * 3) %% %(users)s] END, words, at,
    CASE WHEN NOT pending OR more < .005 THEN at END
FROM dice JOIN phrase ON phrase.id = dice.said WHERE more < .02
"""
_SNOOZES: Final = """
INSERT INTO approvals_snooze (user_id, request_id, until)
SELECT (%(people)s)[1 + (id * 11) %% %(users)s], id, now() + (due - .3) * interval '20 days'
FROM dice WHERE pending AND claim > .9
"""
# The words as the triggers add them, decisions before comments; only a decision's order in time could differ.
_WORDS: Final = """
INSERT INTO approvals_searchentry (request_id, words, vector)
SELECT id, words, to_tsvector('simple', words) || approvals_pieces_of(words) || approvals_marks_of(id) FROM (
    SELECT request.id, concat_ws(' ', approvals_words_of(request),
        (SELECT string_agg(concat_ws(' ', approvals_words_of_person(reviewer_id), note, answer), ' '
            ORDER BY decided_at) FROM approvals_decision WHERE request_id = request.id),
        (SELECT string_agg(concat_ws(' ', approvals_words_of_person(author_id), text), ' ' ORDER BY id)
            FROM approvals_comment WHERE request_id = request.id)) AS words
    FROM dice JOIN approvals_approvalrequest request USING (id)) found
ORDER BY id
"""
_STEPS: Final = (
    _REQUESTS,
    _ASKED,
    _TOOLS,
    _IN_GROUPS,
    _DECISIONS,
    _DELIVERIES,
    _EVENTS,
    _COMMENTS,
    _SNOOZES,
    _WORDS,
    "SELECT setval(pg_get_serial_sequence('approvals_approvalrequest', 'id'), (SELECT max(id) FROM dice))",
)


def fill(requests: int, pending: int, crowd: Crowd, *, service: int) -> None:
    """Add ``requests`` of which ``pending`` wait, announced over two years, with all that hangs on them.

    The first group of the crowd has three in ten, the last one in 25,000.

    Args:
        service: the id of the agent service that announced them.
    """
    values: dict[str, Any] = {"requests": requests, "pending": pending, "service": service, "people": crowd.people}
    values |= {"teams": crowd.teams, "users": len(crowd.people), "groups": len(crowd.teams)}
    with transaction.atomic(), connection.cursor() as cursor:
        # What the transaction has changed so far would keep tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        with _without_triggers(cursor), _without_indexes(cursor):
            cursor.execute("SELECT setseed(0.4)")
            cursor.execute("CREATE TEMP TABLE phrase (id int PRIMARY KEY, words text) ON COMMIT DROP")
            cursor.executemany("INSERT INTO phrase VALUES (%s, %s)", list(enumerate(phrases(_PHRASES))))
            cursor.execute(_DICE, values)
            cursor.execute("ANALYZE dice")
            for step in _STEPS:
                cursor.execute(step, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _without_triggers(cursor: CursorWrapper) -> Iterator[None]:
    for table in _KEPT:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in _KEPT:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def _without_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """Drop the indexes that no constraint needs, and make them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [_REBUILT],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        cursor.execute(definition)

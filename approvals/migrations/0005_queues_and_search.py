from django.db import migrations

# What the database keeps by itself, so that no verb can forget it: the columns that queues are sorted by, the tools
# that a group knows, and the words that a request is found by. A tsvector holds 1 MB at most, hence the limits.
KEEP = r"""
CREATE FUNCTION approvals_rank_of(risk text) RETURNS smallint IMMUTABLE LANGUAGE sql AS $$
    SELECT (CASE risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END)::smallint
$$;
CREATE FUNCTION approvals_requestgroup_is_filled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE request approvals_approvalrequest;
BEGIN
    SELECT * INTO STRICT request FROM approvals_approvalrequest WHERE id = NEW.approvalrequest_id;
    INSERT INTO approvals_knowntool (group_id, agent, tool) VALUES (NEW.group_id, request.agent, request.tool)
    ON CONFLICT DO NOTHING;
    SELECT id INTO STRICT NEW.tool_id FROM approvals_knowntool
    WHERE group_id = NEW.group_id AND agent = request.agent AND tool = request.tool;
    NEW.due_at := coalesce(request.deadline_at, '9999-01-01Z');
    NEW.risk_rank := approvals_rank_of(request.risk);
    NEW.announced_at := request.announced_at;
    NEW.status := request.status;
    NEW.settled_at := request.settled_at;
    RETURN NEW;
END
$$;
CREATE TRIGGER requestgroup_is_filled BEFORE INSERT ON approvals_approvalrequest_groups
    FOR EACH ROW EXECUTE FUNCTION approvals_requestgroup_is_filled();
CREATE FUNCTION approvals_requestgroup_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE approvals_searchentry SET vector = vector || array_to_tsvector(ARRAY[' group ' || NEW.group_id])
    WHERE request_id = NEW.approvalrequest_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER requestgroup_is_found AFTER INSERT ON approvals_approvalrequest_groups
    FOR EACH ROW EXECUTE FUNCTION approvals_requestgroup_is_found();
CREATE FUNCTION approvals_request_moves_in_queues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE approvals_approvalrequest_groups
    SET due_at = coalesce(NEW.deadline_at, '9999-01-01Z'), status = NEW.status, settled_at = NEW.settled_at
    WHERE approvalrequest_id = NEW.id;
    UPDATE approvals_searchentry
    SET vector = ts_delete(vector, ' ' || OLD.status) || array_to_tsvector(ARRAY[' ' || NEW.status])
    WHERE request_id = NEW.id AND OLD.status <> NEW.status;
    RETURN NULL;
END
$$;
CREATE TRIGGER request_moves_in_queues AFTER UPDATE OF status, settled_at, deadline_at ON approvals_approvalrequest
    FOR EACH ROW WHEN ((OLD.status, OLD.settled_at, OLD.deadline_at)
        IS DISTINCT FROM (NEW.status, NEW.settled_at, NEW.deadline_at))
    EXECUTE FUNCTION approvals_request_moves_in_queues();

-- What a request is found by: words; numbers and addresses in one piece, since PostgreSQL takes INV-77 apart and every
-- request has an INV; and marks, which are no words since they begin with a space: what a search stays within.
CREATE FUNCTION approvals_pieces_of(words text) RETURNS tsvector IMMUTABLE LANGUAGE sql AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT left(found[1], 200) FROM regexp_matches(lower(words), '[a-z0-9]+(?:[._:+/@-]+[a-z0-9]+)+', 'g') found))
$$;
CREATE FUNCTION approvals_marks_of(request bigint) RETURNS tsvector STABLE LANGUAGE sql AS $$
    SELECT array_to_tsvector(array_cat(
        ARRAY[' by ' || requester, ' agent ' || agent, ' tool ' || tool, ' ' || status],
        ARRAY(SELECT ' group ' || group_id FROM approvals_approvalrequest_groups WHERE approvalrequest_id = request)))
    FROM approvals_approvalrequest WHERE id = request
$$;
-- Whatever people write, and however much: to be found by less is better than not to be decided at all.
CREATE FUNCTION approvals_searchentry_has_vector() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE shorter text;
BEGIN
    IF length(NEW.words) > 400000 THEN
        NEW.words := left(NEW.words, 200000) || ' ' || right(NEW.words, 199999);
    END IF;
    BEGIN
        NEW.vector := to_tsvector('simple', NEW.words) || approvals_pieces_of(NEW.words)
            || approvals_marks_of(NEW.request_id);
    EXCEPTION WHEN program_limit_exceeded THEN
        shorter := left(NEW.words, 20000) || ' ' || right(NEW.words, 20000);
        NEW.vector := to_tsvector('simple', shorter) || approvals_pieces_of(shorter)
            || approvals_marks_of(NEW.request_id);
    END;
    RETURN NEW;
END
$$;
CREATE TRIGGER searchentry_has_vector BEFORE INSERT OR UPDATE OF words ON approvals_searchentry
    FOR EACH ROW EXECUTE FUNCTION approvals_searchentry_has_vector();
CREATE FUNCTION approvals_words_of(request approvals_approvalrequest) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT concat_ws(' ', request.id, request.title, request.agent, request.tool, request.requester,
        request.session_id, request.invocation_id, request.question,
        left(regexp_replace(request.arguments::text, '\\[nrtbf"/\\]', ' ', 'g'), 100000))
$$;
CREATE FUNCTION approvals_words_of_person(person bigint) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT concat_ws(' ', username, first_name, last_name) FROM auth_user WHERE id = person
$$;
CREATE FUNCTION approvals_request_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO approvals_searchentry (request_id, words) VALUES (NEW.id, approvals_words_of(NEW));
    RETURN NULL;
END
$$;
CREATE TRIGGER request_is_found AFTER INSERT ON approvals_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approvals_request_is_found();
CREATE FUNCTION approvals_decision_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE approvals_searchentry
    SET words = concat_ws(' ', words, approvals_words_of_person(NEW.reviewer_id), NEW.note, NEW.answer)
    WHERE request_id = NEW.request_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER decision_is_found AFTER INSERT ON approvals_decision
    FOR EACH ROW EXECUTE FUNCTION approvals_decision_is_found();
CREATE FUNCTION approvals_comment_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE approvals_searchentry
    SET words = concat_ws(' ', words, approvals_words_of_person(NEW.author_id), NEW.text)
    WHERE request_id = NEW.request_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER comment_is_found AFTER INSERT ON approvals_comment
    FOR EACH ROW EXECUTE FUNCTION approvals_comment_is_found();

INSERT INTO approvals_searchentry (request_id, words)
SELECT request.id, concat_ws(' ', approvals_words_of(request), string_agg(
    concat_ws(' ', approvals_words_of_person(decision.reviewer_id), decision.note, decision.answer), ' '))
FROM approvals_approvalrequest request LEFT JOIN approvals_decision decision ON decision.request_id = request.id
GROUP BY request.id;
"""

FORGET = """
DROP TRIGGER comment_is_found ON approvals_comment;
DROP FUNCTION approvals_comment_is_found();
DROP TRIGGER decision_is_found ON approvals_decision;
DROP FUNCTION approvals_decision_is_found();
DROP TRIGGER request_is_found ON approvals_approvalrequest;
DROP FUNCTION approvals_request_is_found();
DROP FUNCTION approvals_words_of_person(bigint);
DROP FUNCTION approvals_words_of(approvals_approvalrequest);
DROP TRIGGER searchentry_has_vector ON approvals_searchentry;
DROP FUNCTION approvals_searchentry_has_vector();
DROP FUNCTION approvals_marks_of(bigint);
DROP FUNCTION approvals_pieces_of(text);
DROP TRIGGER request_moves_in_queues ON approvals_approvalrequest;
DROP FUNCTION approvals_request_moves_in_queues();
DROP TRIGGER requestgroup_is_found ON approvals_approvalrequest_groups;
DROP FUNCTION approvals_requestgroup_is_found();
DROP TRIGGER requestgroup_is_filled ON approvals_approvalrequest_groups;
DROP FUNCTION approvals_requestgroup_is_filled();
DROP FUNCTION approvals_rank_of(text);
DELETE FROM approvals_searchentry;
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0004_inbox")]
    operations = [migrations.RunSQL(KEEP, FORGET)]

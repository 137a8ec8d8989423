"""The record can only grow: PostgreSQL itself refuses to change, delete or empty it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION approvals_auditevent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER auditevent_append_only BEFORE UPDATE OR DELETE ON approvals_auditevent
    FOR EACH ROW EXECUTE FUNCTION approvals_auditevent_is_append_only();
CREATE TRIGGER auditevent_never_emptied BEFORE TRUNCATE ON approvals_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_auditevent_is_append_only();
"""

UNGUARD = """
DROP TRIGGER auditevent_never_emptied ON approvals_auditevent;
DROP TRIGGER auditevent_append_only ON approvals_auditevent;
DROP FUNCTION approvals_auditevent_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

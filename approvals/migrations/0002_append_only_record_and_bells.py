"""The record can only grow: PostgreSQL itself refuses to change, delete or empty it.

And the database itself rings the bells: each line of the record tells those who are looking, each new delivery wakes
the couriers. So nothing can happen without their being told, and telling takes no way to the database of its own.
"""

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
CREATE FUNCTION approvals_auditevent_tells_viewers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('countersign_live', NEW.request_id::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER auditevent_tells_viewers AFTER INSERT ON approvals_auditevent
    FOR EACH ROW EXECUTE FUNCTION approvals_auditevent_tells_viewers();
CREATE FUNCTION approvals_delivery_wakes_couriers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('countersign_courier', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER delivery_wakes_couriers AFTER INSERT ON approvals_delivery
    FOR EACH ROW EXECUTE FUNCTION approvals_delivery_wakes_couriers();
"""

UNGUARD = """
DROP TRIGGER delivery_wakes_couriers ON approvals_delivery;
DROP FUNCTION approvals_delivery_wakes_couriers();
DROP TRIGGER auditevent_tells_viewers ON approvals_auditevent;
DROP FUNCTION approvals_auditevent_tells_viewers();
DROP TRIGGER auditevent_never_emptied ON approvals_auditevent;
DROP TRIGGER auditevent_append_only ON approvals_auditevent;
DROP FUNCTION approvals_auditevent_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

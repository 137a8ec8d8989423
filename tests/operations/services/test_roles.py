"""The console's roles."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from operations.rules.roles import ROLES
from operations.services.roles import make_roles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_made_with_the_tables_and_allows_what_its_rule_says(role: str) -> None:
    member = User.objects.create_user("member")
    member.groups.add(Group.objects.get(name=role))
    assert member.get_all_permissions() == set(ROLES[role])


def test_what_an_administrator_made_of_a_role_stays() -> None:
    viewers = Group.objects.get(name="console-viewers")
    viewers.permissions.clear()
    make_roles(using="default")
    assert not viewers.permissions.exists()


def test_who_is_in_no_role_may_do_nothing_in_the_console() -> None:
    assert User.objects.create_user("nobody").get_all_permissions() == set()


@pytest.mark.django_db(transaction=True)
def test_what_a_permission_is_called_says_who_moves_runs_to_other_code_on_older_tables_too() -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    steering = Permission.objects.get(codename="steer_run", content_type__app_label="operations")
    managing = Permission.objects.get(codename="manage_deployment", content_type__app_label="operations")
    try:
        MigrationExecutor(connection).migrate([("operations", "0003_roles_and_a_wider_record")])
        managing.refresh_from_db()
        assert "move runs" in managing.name
    finally:
        MigrationExecutor(connection).migrate(latest)
    steering.refresh_from_db()
    managing.refresh_from_db()
    assert steering.name.endswith("and move them to other code")
    assert managing.name == "Can register and remove deployments"

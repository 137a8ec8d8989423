"""Who signs in: what the backend answers is what Django's own would."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from pytest_django import DjangoAssertNumQueries

from config.accounts import AccountBackend

HELD = ["operations.view_run", "approvals.view_agentservice", "auth.change_user"]


def permission(name: str) -> Permission:
    app, code = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=code)


@pytest.fixture
def person(db: None) -> User:
    """Somebody who holds one permission, two groups that hold others, and one of them twice."""
    held = [permission(name) for name in HELD]
    person = User.objects.create_user("person")
    person.user_permissions.add(*held[:1])
    for number, codes in enumerate((held[:2], held[2:])):
        group = Group.objects.create(name=f"group-{number}")
        group.permissions.add(*codes)
        person.groups.add(group)
    return person


def fresh(person: User) -> User:
    return get_user_model().objects.get(pk=person.pk)


def test_permissions_of_a_user_and_of_their_groups_come_in_one_query(
    person: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asking = fresh(person)
    with django_assert_num_queries(1):
        permissions = AccountBackend().get_all_permissions(asking)
        assert AccountBackend().get_all_permissions(asking) == permissions
    assert permissions == set(HELD) == ModelBackend().get_all_permissions(fresh(person))


def test_what_a_caller_does_with_the_answer_changes_nothing(person: User) -> None:
    AccountBackend().get_all_permissions(person).clear()
    assert AccountBackend().get_all_permissions(person) == set(HELD)


@pytest.mark.parametrize(
    "changed", [{"is_active": False}, {"is_superuser": True}, {"is_superuser": True, "is_active": False}]
)
def test_others_hold_what_django_says_they_hold(person: User, changed: dict[str, bool]) -> None:
    User.objects.filter(pk=person.pk).update(**changed)
    expected = ModelBackend().get_all_permissions(fresh(person))
    assert AccountBackend().get_all_permissions(fresh(person)) == expected
    assert bool(expected) == changed.get("is_active", True)


def test_nobody_holds_nothing_and_no_object_has_permissions_of_its_own(person: User) -> None:
    assert AccountBackend().get_all_permissions(AnonymousUser()) == set()
    assert AccountBackend().get_all_permissions(person, obj=person) == set()

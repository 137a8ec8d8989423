"""Who works with the full inbox: groups of uneven size, and people in one to six of them."""

import random
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import Group, Permission, User

GROUPS: Final = 40
USERS: Final = 200
_MOST_GROUPS: Final = 6
_SEED: Final = 4


@dataclass(frozen=True, slots=True)
class Crowd:
    """People and groups, by their ids; the first group is the large one, the last one the sparse."""

    people: list[int]
    teams: list[int]


def gather() -> Crowd:
    """Make the groups and the people.

    ``reviewer-0`` is in the large group alone, ``reviewer-1`` in it and the sparse one, ``reviewer-2`` in the sparse
    one alone; ``operator`` may see everything and is in no group.
    """
    chance = random.Random(_SEED)
    teams = Group.objects.bulk_create(Group(name=f"group-{number}") for number in range(GROUPS))
    people = User.objects.bulk_create(
        User(username=f"reviewer-{number}", first_name="Rea", last_name=f"Viewer{number}") for number in range(USERS)
    )
    memberships = {0: [0], 1: [0, GROUPS - 1], 2: [GROUPS - 1]}
    for number, user in enumerate(people):
        drawn = chance.sample(range(GROUPS - 1), 1 + number % _MOST_GROUPS)
        user.groups.set([teams[at] for at in memberships.get(number, drawn)])
    operator = User.objects.create(username="operator")
    operator.user_permissions.add(Permission.objects.get(codename="view_approvalrequest"))
    return Crowd([user.pk for user in people], [team.pk for team in teams])

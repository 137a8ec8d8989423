"""What a restart does once more, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from approvals.presentation.choices import Words
from operations.rules.restarting import Effect

_NAMED: Final[Mapping[str, Words]] = {
    "Call": _("Call of %(name)s"),
    "OneWayCall": _("One-way call of %(name)s"),
    "SetState": _("State “%(name)s” written"),
    "ClearState": _("State “%(name)s” cleared"),
    "CompletePromise": _("Promise “%(name)s” kept"),
}
_NAMELESS: Final[Mapping[str, Words]] = {
    "Run": _("A step without a name"),
    "Call": _("Call of another run"),
    "OneWayCall": _("One-way call of another run"),
    "CompleteAwakeable": _("Answer to what another run waits for"),
    "SendSignal": _("Signal to another run"),
    "SetState": _("State written"),
    "ClearState": _("State cleared"),
    "ClearAllState": _("All state cleared"),
    "CompletePromise": _("Promise kept"),
}


def effect_in_words(effect: Effect) -> str:
    """Return what is done once more, such as ``Call of Mail/someone/send``."""
    if effect.name and effect.command == "Run":
        return effect.name
    if effect.name and effect.command in _NAMED:
        return str(_NAMED[effect.command]) % {"name": effect.name}
    return str(_NAMELESS[effect.command])

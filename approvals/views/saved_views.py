"""Keeping lists under names, and forgetting them."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.errors import InvalidInput
from approvals.forms.saved_view import SavedViewForm
from approvals.presentation.words import problem_in_words
from approvals.selectors.queues import groups_of
from approvals.selectors.saved_views import get_view_of
from approvals.services.saved_views import remove_view, save_view
from approvals.views.viewer import viewer_of

# Of a longer one no browser and no proxy promises to come through.
_LONGEST_ADDRESS: Final = 8_000


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list that is shown."""
    user = viewer_of(request)
    groups = groups_of(user)
    form = SavedViewForm(groups, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(_list_at(request.POST.get("query", "")))
    team = next((group for group in groups if group.pk == form.cleaned_data["team"]), None)
    try:
        view = save_view(owner=user, name=form.cleaned_data["name"], query=form.cleaned_data["query"], team=team)
    except InvalidInput as error:
        messages.error(request, _("Not saved: %(problem)s.") % {"problem": problem_in_words(error)})
        return redirect(_list_at(form.cleaned_data["query"]))
    return redirect(view.get_absolute_url())


@require_POST
def remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a view; its list stays on the page."""
    view = get_view_of(viewer_of(request), view_id)
    remove_view(view=view)
    messages.success(request, _("The view “%(name)s” was removed.") % {"name": view.name})
    return redirect(view.get_absolute_url())


def _list_at(query: str) -> str:
    # Written into the query part of our own address, so it can't lead elsewhere.
    inbox = reverse("approvals:inbox")
    address = f"{inbox}?{query}"
    return address if len(iri_to_uri(address)) <= _LONGEST_ADDRESS else inbox

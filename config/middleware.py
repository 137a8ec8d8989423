"""Everybody signs in, except where a route says otherwise; and everybody reads their own language and clock."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation.trans_real import parse_accept_lang_header

from approvals.rules.zones import ZONE_COOKIE, zone_named


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own, but for the intake API: agents bring a token and no session."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the intake API through to its own check."""
        if request.resolver_match is not None and "intake" in request.resolver_match.namespaces:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class LanguageMiddleware(MiddlewareMixin):
    """The user's own choice of a language, or else the browser's first wish that there is; no cookie, no prefix."""

    def process_request(self, request: HttpRequest) -> None:
        """Speak the language of this request."""
        # First the browser's: should the database not answer, the page that says so is in a language already.
        translation.activate(_wished_by_browser(request))
        if chosen := _chosen_by(request):
            translation.activate(chosen)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say which language it is, and that another browser may get another."""
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language"])
        translation.deactivate()
        return response


class ZoneMiddleware(MiddlewareMixin):
    """The zone of the reader's browser, which the script has kept; the server's own until it has, or without scripts.

    Only what people read and type goes by it: the database keeps moments.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Go by the clock of this request's reader."""
        if zone := zone_named(request.COOKIES.get(ZONE_COOKIE, "")):
            timezone.activate(zone)
        else:
            timezone.deactivate()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave the clock as it was."""
        timezone.deactivate()
        return response


def _chosen_by(request: HttpRequest) -> str:
    preferences = getattr(request.user, "preferences", None)
    chosen = preferences.language if preferences else ""
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def _wished_by_browser(request: HttpRequest) -> str:
    for wish, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wish == "*":
            break
        with suppress(LookupError):
            return translation.get_supported_language_variant(wish)
    return settings.LANGUAGE_CODE

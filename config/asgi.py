"""The one ASGI application: pages, intake API and WebSocket."""

import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

# Below, because both need the apps to be loaded.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from approvals.live.routing import websocket_urlpatterns  # noqa: E402
from restate_bridge.contract import start_tracing  # noqa: E402

start_tracing("web")


class OneThreadHandler(ASGIHandler):
    """Runs a request's middleware and view in one thread.

    Our views speak to the database and so are synchronous. Django's own handler would change between the event loop
    and the thread for each middleware, there and back, which takes longer than a decision's queries.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Build the chain of middleware as for a synchronous server."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Run the whole chain in the request's thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


application = ProtocolTypeRouter(
    {
        "http": OneThreadHandler(),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)

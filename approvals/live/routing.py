"""Where the socket is."""

from django.urls import path

from approvals.live.consumer import LiveConsumer

websocket_urlpatterns = [path("live/", LiveConsumer.as_asgi())]

"""The inbox's routes."""

from django.urls import path

from approvals.views import decide, engine, inbox, request

app_name = "approvals"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("requests/<int:request_id>/", request.request_page, name="request"),
    path("requests/<int:request_id>/live/", request.live_fragments, name="live"),
    path("requests/<int:request_id>/approve/", decide.approve, name="approve"),
    path("requests/<int:request_id>/reject/", decide.reject, name="reject"),
    path("requests/<int:request_id>/answer/", decide.answer, name="answer"),
    path("requests/<int:request_id>/undo/", decide.undo, name="undo"),
    path("engine/", engine.engine_notice, name="engine"),
]

"""The inbox's routes."""

from django.urls import path

from approvals.views import (
    bulk,
    case,
    claim,
    comments,
    decide,
    edit,
    engine,
    files,
    inbox,
    palette,
    preferences,
    presence,
    record,
    request,
    saved_views,
    snooze,
)

app_name = "approvals"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("requests/<int:request_id>/", request.request_page, name="request"),
    path("requests/<int:request_id>/files/<int:number>/", files.download, name="file"),
    path("requests/<int:request_id>/files/<int:number>/picture/", files.picture, name="file-picture"),
    path("requests/<int:request_id>/files/<int:number>/text/", files.text, name="file-text"),
    path("requests/<int:request_id>/live/", request.live_fragments, name="live"),
    path("requests/<int:request_id>/record/", record.record_page, name="record"),
    path("requests/<int:request_id>/presence/", presence.presence, name="presence"),
    path("requests/<int:request_id>/approve/", decide.approve, name="approve"),
    path("requests/<int:request_id>/reject/", decide.reject, name="reject"),
    path("requests/<int:request_id>/answer/", decide.answer, name="answer"),
    path("requests/<int:request_id>/edit/", edit.edit, name="edit"),
    path("requests/<int:request_id>/undo/", decide.undo, name="undo"),
    path("cases/<str:run_id>/", case.case_page, name="case"),
    path("bulk/", bulk.decide_selected, name="bulk"),
    path("views/", saved_views.save, name="save-view"),
    path("views/<int:view_id>/remove/", saved_views.remove, name="remove-view"),
    path("palette/", palette.palette, name="palette"),
    path("keys/", palette.keys, name="keys"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/hints/", preferences.hints, name="dismiss-hints"),
    path("requests/<int:request_id>/claim/", claim.claim, name="claim"),
    path("requests/<int:request_id>/release/", claim.release, name="release"),
    path("requests/<int:request_id>/comment/", comments.comment, name="comment"),
    path("requests/<int:request_id>/snooze/", snooze.snooze, name="snooze"),
    path("requests/<int:request_id>/wake/", snooze.wake, name="wake"),
    path("requests/<int:request_id>/resolve/", decide.resolve, name="resolve"),
    path("engine/", engine.engine_notice, name="engine"),
]

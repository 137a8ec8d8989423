"""The console's routes."""

from django.urls import path

from operations.views.deploying import register, remove
from operations.views.deployments import deployment, deployments, guide
from operations.views.health import health
from operations.views.hold import hold
from operations.views.playground import call, playground
from operations.views.record import record
from operations.views.run import run_page, run_payloads
from operations.views.runs import runs
from operations.views.session_state import state
from operations.views.session_value import value
from operations.views.sessions import session, sessions
from operations.views.steer import steer
from operations.views.talk import talk
from operations.views.together import together
from operations.views.wait import settle, wait_page
from operations.views.waits import waits

app_name = "operations"
urlpatterns = [
    path("runs/", runs, name="runs"),
    path("runs/together/", together, name="together"),
    path("runs/<slug:invocation_id>/", run_page, name="run"),
    path("runs/<slug:invocation_id>/hold/", hold, {"verb": "hold"}, name="hold"),
    path("runs/<slug:invocation_id>/unhold/", hold, {"verb": "unhold"}, name="unhold"),
    path("runs/<slug:invocation_id>/payloads/", run_payloads, name="payloads"),
    path("runs/<slug:invocation_id>/<slug:verb>/", steer, name="steer"),
    path("record/", record, name="record"),
    path("deployments/", deployments, name="deployments"),
    path("deployments/guide/", guide, name="guide"),
    path("deployments/register/", register, name="register"),
    path("deployments/<slug:deployment_id>/", deployment, name="deployment"),
    path("deployments/<slug:deployment_id>/remove/", remove, name="remove"),
    path("health/", health, name="health"),
    path("sessions/", sessions, name="sessions"),
    path("sessions/one/", session, name="session"),
    path("sessions/one/value/", value, name="value"),
    path("sessions/one/<slug:verb>/", state, name="state"),
    path("playground/", playground, name="playground"),
    path("playground/call/", call, name="call"),
    path("playground/talk/", talk, name="talk"),
    path("waits/", waits, name="waits"),
    path("waits/<slug:awakeable_id>/", wait_page, name="wait"),
    path("waits/<slug:awakeable_id>/settle/", settle, name="settle"),
]

"""The agents' intake API: announce, see, acknowledge, report, withdraw. Agents can never decide."""

from typing import Annotated, Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from approvals.batch import answers_to
from approvals.models import AgentService
from approvals.receipts import receipt_for
from approvals.refusals import REFUSED, Problem, Problems, refusal_of
from approvals.selectors.agents import agent_service_for, is_announced
from approvals.selectors.restarts import restart_of
from approvals.selectors.states import state_of
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.announce import announce_request
from approvals.services.files import store_file
from approvals.services.report import record_invalid_answer, report_result, withdraw_request
from approvals.services.restarts import rebind_request
from restate_bridge.contract import (
    MAX_FILE_BYTES,
    Acknowledgement,
    Announcement,
    Answers,
    Batch,
    InvalidAnswer,
    Rebinding,
    Receipt,
    Report,
    RequestState,
    Verdict,
    Withdrawal,
)

#: Signals and ids have this form; anything else is refused before the database is asked.
AwakeableId = Annotated[str, Path(pattern=r"^sign_1[A-Za-z0-9_-]{20,80}$")]


class AgentToken(HttpBearer):
    """``Authorization: Bearer <token>``, a token of an agent service."""

    def authenticate(self, request: HttpRequest, token: str) -> AgentService | None:
        """Return the service, or None, which Ninja answers with 401."""
        return agent_service_for(token)


api = NinjaAPI(
    title="Countersign intake",
    version="1",
    description="For agents that wait for a person. Each call is idempotent: repeating it changes nothing.",
    auth=AgentToken(),
    urls_namespace="intake",
    docs_url="/docs",
    docs_decorator=login_required,
)
_REFUSALS: Final = {
    400: Problems,
    401: Problems,
    404: Problems,
    409: Problems,
    413: Problems,
    422: Problems,
    503: Problems,
}


@api.put("/requests/{awakeable_id}", response={200: Receipt, 201: Receipt, **_REFUSALS}, summary="Announce a request")
def announce(request: HttpRequest, awakeable_id: AwakeableId, body: Announcement) -> Status[Receipt]:
    """Put a request into the inbox. 201 when it is new, 200 when it was there; other content is a 409."""
    approval_request, created = announce_request(
        agent_service=_caller(request), awakeable_id=awakeable_id, announcement=body
    )
    receipt = receipt_for(approval_request, awakeable_id, is_new=created)
    return Status(201 if created else 200, receipt)


@api.post("/batch", response={200: Answers, **_REFUSALS}, summary="Make several calls in one")
def batch(request: HttpRequest, body: Batch) -> Answers:
    """Announce, acknowledge and report for several requests. Each call has its own answer, and none harms another."""
    return Answers(answers=answers_to(_caller(request), body.calls))


@api.put("/files/{digest}", response={204: None, **_REFUSALS}, summary="Send a file")
def send_file(request: HttpRequest, digest: Annotated[str, Path(pattern=r"^sha256:[0-9a-f]{64}$")]) -> Status[None]:
    """Send the content of a file, as it is, that an announcement will name. What none names is deleted after a day."""
    # Bounded here, not by Django's limit, which is for forms and announcements.
    store_file(digest=digest, content=request.read(MAX_FILE_BYTES + 1))
    return Status(204, None)


@api.get("/requests/{awakeable_id}", response={200: RequestState, **_REFUSALS}, summary="See where a request stands")
def see(request: HttpRequest, awakeable_id: AwakeableId) -> RequestState:
    """Say where a request stands and how far its decision got."""
    return state_of(_caller(request), awakeable_id)


@api.post("/requests/{announcement_id}/rebind", response={204: None, **_REFUSALS}, summary="Rebind after a restart")
def rebind(request: HttpRequest, announcement_id: AwakeableId, body: Rebinding) -> Status[None]:
    """Say which awakeable a restarted run waits for; its journal holds an announcement of another one."""
    if not is_announced(_caller(request), body.awakeable_id):
        restart = restart_of(body)
        rebind_request(
            agent_service=_caller(request),
            announcement_id=announcement_id,
            rebinding=body,
            ancestors={ancestor.run: ancestor.had_answer for ancestor in restart.ancestors},
            answer=restart.answer,
            steps=restart.steps,
        )
    return Status(204, None)


@api.post(
    "/requests/{awakeable_id}/acknowledge", response={200: Verdict, **_REFUSALS}, summary="Acknowledge a decision"
)
def acknowledge(request: HttpRequest, awakeable_id: AwakeableId, body: Acknowledgement) -> Verdict:
    """Ask for the last word on a verified decision; run the tool only when the answer says go."""
    return acknowledge_decision(agent_service=_caller(request), awakeable_id=awakeable_id, acknowledgement=body)


@api.post("/requests/{awakeable_id}/report", response={204: None, **_REFUSALS}, summary="Report what came of it")
def report(request: HttpRequest, awakeable_id: AwakeableId, body: Report) -> Status[None]:
    """Say what the tool returned, or how it failed."""
    report_result(agent_service=_caller(request), awakeable_id=awakeable_id, report=body)
    return Status(204, None)


@api.post("/requests/{awakeable_id}/withdraw", response={204: None, **_REFUSALS}, summary="Withdraw a request")
def withdraw(request: HttpRequest, awakeable_id: AwakeableId, body: Withdrawal) -> Status[None]:
    """Say that the run no longer waits. A settled request stays as it is."""
    withdraw_request(agent_service=_caller(request), awakeable_id=awakeable_id, reason=body.reason)
    return Status(204, None)


@api.post(
    "/requests/{awakeable_id}/invalid-answer", response={204: None, **_REFUSALS}, summary="Record an invalid answer"
)
def invalid_answer(request: HttpRequest, awakeable_id: AwakeableId, body: InvalidAnswer) -> Status[None]:
    """Put on record that something which is no valid decision reached the awakeable."""
    record_invalid_answer(agent_service=_caller(request), awakeable_id=awakeable_id, invalid_answer=body)
    return Status(204, None)


def _caller(request: HttpRequest) -> AgentService:
    service: AgentService = request.auth  # type: ignore[attr-defined]  # set by Ninja from `AgentToken`
    return service


def _refuse(request: HttpRequest, status: int, *problems: Problem) -> HttpResponse:
    return api.create_response(request, Problems(problems=list(problems)), status=status)


def _on_refused(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(error, Exception)
    status, problem = refusal_of(error)
    return _refuse(request, status, problem)


for kind in REFUSED:
    api.add_exception_handler(kind, _on_refused)


@api.exception_handler(AuthenticationError)
def _on_no_token(request: HttpRequest, error: Exception) -> HttpResponse:
    return _refuse(request, 401, Problem(message="a bearer token of an agent service is needed"))


@api.exception_handler(HttpError)
def _on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refuse(request, error.status_code, Problem(message=str(error)))


@api.exception_handler(RequestDataTooBig)
def _on_too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return _refuse(request, 413, Problem(message=f"the body is larger than {limit} bytes"))


@api.exception_handler(ValidationError)
def _on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _refuse(request, 422, *[_problem(detail) for detail in error.errors])


def _problem(detail: dict[str, Any]) -> Problem:
    """Name the field: from its place in the body, or, for a rule over several, from the message's ``field: …``."""
    field = ".".join(str(step) for step in detail["loc"] if step != "body")
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not field and ": " in message:
        field, message = message.split(": ", 1)
    return Problem(field=field, message=message)

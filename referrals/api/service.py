"""The operations, and their description. ninja finds the operation and writes the OpenAPI; nothing of it is shown as
a page, because its own would load scripts from elsewhere.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema

from mash_portal.accounts.models import User
from referrals.models import ApiToken
from referrals.vocabulary import Scope

from . import codes, following, once, problems, schemas, sending
from .keys import Key, token_of

TITLE = "Children’s front door"
VERSION = "1"
DESCRIPTION = (
    "Send referrals and police notifications, add information, see where a referral stands and read its feedback. "
    "In immediate danger ring 999: nothing sent here is read within minutes. "
    "No request is refused because it comes too fast."
)

#: Who a request comes from; an address that is none asks too.
key = Key()
api = NinjaAPI(title=TITLE, version=VERSION, description=DESCRIPTION, auth=key, docs_url=None, openapi_url=None)


def _told(*statuses: int) -> dict[Any, Any]:
    """The problems that an operation may answer with, besides those that any may."""
    return dict.fromkeys(sorted({401, 403, 500, 503, *statuses}), schemas.ProblemDetails)


def _sends(shape: type[Schema]) -> dict[str, Any]:
    """What ninja cannot know, because the body is read by us: its shape, and the key that makes it once."""
    reference = f"#/components/schemas/{shape.__name__}"
    header = {
        "name": once.HEADER,
        "in": "header",
        "required": True,
        "description": "Your own number for this request. Send the same one when you repeat it: it is done once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[A-Za-z0-9._:-]+$"},
    }
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": reference}}}}
    return {"parameters": [header], "requestBody": body}


def _by(token: ApiToken) -> User:
    account: User = token.acts_as
    return account


@api.post(
    "/referrals",
    response={201: schemas.Receipt, **_told(400, 409, 413, 415, 422)},
    openapi_extra=_sends(schemas.ReferralSent),
    summary="Send a referral",
    operation_id="send_referral",
    url_name="send_referral",
)
def send_referral(request: HttpRequest) -> HttpResponse:
    """Taken as from the form: the same rules, the same sentences, the same clocks from this moment."""
    token = token_of(request, Scope.SUBMIT)
    return once.answer(request, token, lambda data: sending.referral(token, data))


@api.get(
    "/referrals/{reference}",
    response={200: schemas.State, **_told(404)},
    summary="See where a referral stands",
    operation_id="see_referral",
    url_name="see_referral",
)
def see_referral(request: HttpRequest, reference: str) -> HttpResponse:
    """The state in plain words and both due times. Looking is recorded."""
    return problems.as_response(200, following.state(_by(token_of(request, Scope.FOLLOW)), reference))


@api.post(
    "/referrals/{reference}/additions",
    response={201: schemas.Added, **_told(400, 404, 409, 413, 415, 422)},
    openapi_extra=_sends(schemas.AdditionSent),
    summary="Add information to a referral",
    operation_id="add_information",
    url_name="add_information",
)
def add_information(request: HttpRequest, reference: str) -> HttpResponse:
    """What you have learned since. What you sent stays as it was; whoever works on it is told."""
    token = token_of(request, Scope.FOLLOW)
    return once.answer(request, token, lambda data: sending.addition(token, reference, data))


@api.get(
    "/referrals/{reference}/feedback",
    response={200: schemas.FeedbackState, **_told(404, 409)},
    summary="Read the feedback on a referral",
    operation_id="read_feedback",
    url_name="read_feedback",
)
def read_feedback(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for it when a person is about to read it: opening it is recorded as their reading it."""
    return problems.as_response(200, following.feedback(_by(token_of(request, Scope.FOLLOW)), reference))


@api.post(
    "/police-notifications",
    response={200: schemas.NotificationResults, **_told(400, 409, 413, 415, 422)},
    openapi_extra=_sends(schemas.NotificationsSent),
    summary="Send police notifications",
    operation_id="send_police_notifications",
    url_name="send_police_notifications",
)
def send_police_notifications(request: HttpRequest) -> HttpResponse:
    """Up to 500 at a time, each by itself. A police reference that has come before is the same one."""
    token = token_of(request, Scope.POLICE)
    return once.answer(request, token, lambda data: sending.police_notifications(token, data), in_parts=True)


@api.get(
    "/codes",
    response={200: schemas.Codes, **_told()},
    summary="Every code with its label",
    operation_id="codes",
    url_name="codes",
)
def list_codes(request: HttpRequest) -> HttpResponse:
    """National codes, and the indicators of the matrix in force."""
    return problems.as_response(200, codes.listed())

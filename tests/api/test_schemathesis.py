"""G18 for the API: whatever is sent, no fault of ours and no answer that the description does not have."""

import itertools
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, strategies
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from referrals.api.described import description
from referrals.models import Contact
from referrals.vocabulary import Scope
from tests import build, policing
from tests.api.calling import NOTIFICATION, REFERRAL

EXAMPLES = 40
OPERATIONS = sorted((method.upper(), path) for path, methods in description()["paths"].items() for method in methods)
#: No fault of ours, no status, no media type and no shape that is not described, no way round the key.
LOOKED_FOR = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)


@pytest.fixture
def systems(committed: str) -> tuple[Contact, str, str]:
    """A school's referral that has feedback, the key of the school's system, and the key of a police force's."""
    rosa, omar = build.player("Rosa"), build.player("Omar")
    contact = build.told(rosa, worker=build.player("Grace"), manager=build.player("Maya"))
    return contact, policing.key_of(rosa)[1], policing.key_of(omar, Scope.POLICE)[1]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_system_meets_a_fault_or_an_answer_that_is_not_described(
    method: str, path: str, mode: GenerationMode, systems: tuple[Contact, str, str]
) -> None:
    contact, school, police = systems
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    checks = [CHECKS.get_one(name) for name in LOOKED_FOR]
    numbers = itertools.count(1)
    seen: dict[int, int] = {}

    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @hypothesis.given(case=schema[path][method].as_strategy(generation_mode=mode), is_hers=strategies.booleans())
    def sends(case: Any, is_hers: bool) -> None:
        case.headers["Authorization"] = f"Bearer {police if 'police' in path else school}"
        if is_hers and method == "POST" and mode is GenerationMode.POSITIVE:
            case.headers["Idempotency-Key"] = f"n{next(numbers)}"
            case.body = _made_whole(path, case.body)
        if is_hers and "reference" in case.path_parameters:
            case.path_parameters["reference"] = contact.reference
        answer = case.call()
        case.validate_response(answer, checks=checks)
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1

    sends()
    print(method, path, mode, seen)
    assert mode is GenerationMode.NEGATIVE or seen.keys() & {200, 201}, "something of it was taken"


def _made_whole(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What was made up, with what the rules need: so that odd words get as far as the database."""
    if path.endswith("police-notifications"):
        made_up = [one | NOTIFICATION | {"police_reference": one["police_reference"]} for one in body["notifications"]]
        return body | {"notifications": made_up}
    return body | REFERRAL if path.endswith("referrals") else body

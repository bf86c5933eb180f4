"""Rosa makes a key for her school's records system; the system sends with it, until she revokes it."""

import http.client
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from referrals.models import ApiToken, Contact
from tests.api.calling import REFERRAL
from tests.portals import Portal

from .referrer import Referrer
from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CLIENT = Path(__file__).parents[2] / "docs" / "api_client.py"
NAME = "Pupil records"
MISSING = "Say what has happened"


def runs(portal: Portal, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The example client of docs/, as a school's technician starts it."""
    values = os.environ | {"FRONT_DOOR": portal.url, "FRONT_DOOR_KEY": key}
    command = [sys.executable, str(CLIENT), *arguments]
    return subprocess.run(command, env=values, capture_output=True, text=True, check=False, timeout=60)


def refused(portal: Portal, key: str, path: str) -> tuple[int, str, dict[str, str]]:
    """What the API says when it says no: status, media type, problem."""
    with closing(http.client.HTTPConnection(portal.url.removeprefix("http://"), timeout=30)) as line:
        line.request("GET", f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})
        answer = line.getresponse()
        return answer.status, answer.headers["Content-Type"], json.load(answer)


def test_rosa_makes_a_key_a_system_sends_with_it_and_she_revokes_it(stage: Stage, tmp_path: Path) -> None:
    # given that Rosa makes a key
    portal = stage.starts("web")
    rosa = stage.enters(Referrer, "Rosa").is_signed_in().goes_to("API keys").sees("No key has been made yet")
    rosa.looks_at("no-key").presses("Make a key").presses("Make this key").sees("Enter what the key is for")
    rosa.looks_at("nothing-said").fills({"What is it for?": NAME})
    rosa.chooses(
        "What may it do?", "Send referrals", "Follow referrals: add information, see where they stand, read feedback"
    )
    rosa.presses("Make this key").sees("Copy it now: it is not shown again", "Not used yet").looks_at("the-key")
    key = rosa.page.get_by_label("Copy it now").input_value()

    # then it is shown this once
    rosa.goes_to("API keys").follows(NAME).sees("Not used yet").looks_at("key-page")
    assert key not in rosa.page.content()
    assert key.split("_", 2)[2] not in str(ApiToken.objects.values().get())

    # when her system sends too little, it reads what she would read on the page; when it sends enough, it is there
    wanting, whole = tmp_path / "wanting.json", tmp_path / "whole.json"
    wanting.write_text(json.dumps(REFERRAL | {"worry": ""}))
    whole.write_text(json.dumps(REFERRAL))
    told = runs(portal, key, "send", str(wanting))
    assert (told.returncode, MISSING in told.stderr) == (1, True), told
    rosa.goes_to("Our referrals").presses("Start a referral").presses("Start a referral")
    rosa.checks_her_answers().sees(MISSING)
    assert not Contact.objects.exists()
    done = runs(portal, key, "send", str(whole))
    reference = json.loads(done.stdout)["reference"]
    rosa.goes_to("Our referrals").sees(reference, "Maisie Doyle", "Sent (1)").looks_at("our-referrals")
    rosa.follows(reference).sees("The referral as sent").looks_at("referral")
    rosa.goes_to("API keys").sees("In use").looks_at("keys").follows(NAME)

    # when she revokes it, it opens nothing any more, and says so as a problem
    rosa.presses("Revoke this key").sees("is revoked", "Revoked").looks_at("revoked")
    assert not rosa.can_press("Revoke this key")
    status, media_type, problem = refused(portal, key, f"referrals/{reference}")
    assert (status, media_type) == (401, "application/problem+json")
    again = runs(portal, key, "send", str(whole))
    assert (again.returncode, again.stderr.strip()) == (1, problem["detail"])
    assert Contact.objects.count() == 1

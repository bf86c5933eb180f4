"""The pages of quality: trainings, samples, audits, findings, actions, the look back and the report."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.assurance import auditing
from referrals.assurance.auditing import MAY_NOT_APPLY
from referrals.models import Audit, Contact, LearningEvent, Sampled
from referrals.vocabulary import Outcome
from referrals.vocabulary.learning import AuditQuestion
from tests import auditing as audits
from tests import build
from tests.pages.browsing import words
from tests.pages.casework import text

pytestmark = pytest.mark.django_db

AUDIT = {f"grade_{one}": "2" for one in AuditQuestion} | {f"evidence_{one}": f"Saw {one}" for one in AuditQuestion}
AUDIT |= {"threshold_right": "yes", "overall": "2", "finding": "Careful", "for_worker": "Well done"}


@pytest.fixture
def contact(rosa: User, grace: User, maya: User) -> Contact:
    return build.decided(rosa, worker=grace, manager=maya)


@pytest.fixture
def case(contact: Contact, priya: User, helen: User) -> Sampled:
    return audits.given_out(contact, auditor=priya, second=helen)


def look(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return words(text(answer))


def send(client: Client, who: User, url: str, **typed: Any) -> str:
    client.force_login(who)
    return words(text(client.post(url, typed, follow=True)))


def queries(client: Client, who: User, url: str) -> int:
    look(client, who, url)
    with CaptureQueriesContext(connection) as found:
        look(client, who, url)
    return len(found)


LISTS = ("", "events/", "samples/", "cases/", "actions/", "findings/", "look-back/", "look-back/children/", "report/")


@pytest.mark.parametrize("page", LISTS)
def test_every_list_of_quality_has_an_empty_state_and_is_not_for_an_agency(
    client: Client, helen: User, rosa: User, page: str
) -> None:
    look(client, helen, f"/assurance/{page}")
    client.force_login(rosa)
    assert client.get(f"/assurance/{page}").status_code == 404


def test_a_manager_records_a_training_corrects_it_and_follows_it_up(
    client: Client, maya: User, ana: User, rosa: User
) -> None:
    day = timezone.localdate() - timedelta(weeks=7)
    said = {
        "kind": "training",
        "held_on_day": str(day.day),
        "held_on_month": str(day.month),
        "held_on_year": str(day.year),
        "topic": "Thresholds",
        "agencies": [str(rosa.agency_id)],
        "who_came": "Rosa Bell of Alder Primary",
    }
    kept = send(client, maya, "/assurance/events/record/", **(said | {"topic": ""}))
    assert "Write what it was about" in kept
    assert "Rosa Bell of Alder Primary" in kept, "nothing that was typed is lost"
    for year in ("0001", "9999"):
        kept = send(client, maya, "/assurance/events/record/", **(said | {"held_on_year": year}))
        assert "Day it was held must be between 1973 and 2099" in kept
    assert not LearningEvent.objects.exists()
    send(client, maya, "/assurance/events/record/", **said)
    event = LearningEvent.objects.get()
    assert "1 training or meeting to follow up now" in look(client, maya, "/assurance/events/?state=due")
    assert "7 days late" in look(client, maya, "/assurance/events/")
    assert "1 follow-up due" in look(client, maya, "/assurance/")
    here = f"/assurance/events/{event.pk}/"
    send(client, maya, f"{here}change/", **(said | {"topic": "Thresholds and consent"}))
    page = look(client, maya, here)
    assert "Thresholds and consent" in page
    assert "Too few months to say" in page
    assert "Rosa Bell of Alder Primary" not in look(client, ana, here), "an analyst reads figures"
    assert "Write what has become" in send(client, maya, f"{here}follow-up/", words="")
    assert "They ring first" in send(client, maya, f"{here}follow-up/", words="They ring first")
    assert "0 trainings and meetings to follow up now" in look(client, maya, "/assurance/events/?state=due")


def test_an_auditor_draws_a_month_reads_the_cases_and_audits_one(client: Client, contact: Contact, priya: User) -> None:
    audits.decided_last_month(contact)
    ivan = build.player("Ivan")
    assert "has not been drawn" in look(client, priya, "/assurance/")
    said = {"month": f"{audits.last_month():%Y-%m-%d}", "size": "5", "twice": "0"}
    assert "Choose who audits" in send(client, priya, "/assurance/samples/draw/", **said)
    client.force_login(priya)
    assert client.get(f"/contacts/{contact.reference}/").status_code == 404
    drawn = send(client, priya, "/assurance/samples/draw/", **said, auditors=[str(priya.pk)])
    assert "1 dip sample" in drawn
    case = Sampled.objects.get()
    page = look(client, priya, f"/assurance/samples/{case.sample_id}/")
    assert "Drawn again today from its seed: the same 1 child." in page
    assert "Noor" not in page
    assert "Noor" in look(client, priya, f"/contacts/{contact.reference}/"), "who audits a case reads its record"
    here = f"/assurance/cases/{case.pk}/"
    kept = send(client, priya, f"{here}audit/", **(AUDIT | {"overall": "", "evidence_voice": ""}))
    assert "Choose the grade overall" in kept
    assert "Saw analysis" in kept
    assert not Audit.objects.exists()
    assert "Send the findings" in send(client, priya, f"{here}audit/", **AUDIT)
    client.force_login(ivan)
    assert client.get(f"{here}audit/").status_code == 409
    assert "0 cases for you to audit" in look(client, priya, "/assurance/cases/")


def test_a_question_may_not_apply_where_there_was_no_occasion(client: Client, case: Sampled, priya: User) -> None:
    here = f"/assurance/cases/{case.pk}/audit/"
    none = {f"grade_{one}": "0" for one in MAY_NOT_APPLY}
    assert "Select a valid choice" not in send(client, priya, here, **(AUDIT | none))
    assert set(Audit.objects.get().grades) == set(AuditQuestion) - MAY_NOT_APPLY


def test_a_second_auditor_does_not_read_the_first_before_their_own(
    client: Client, case: Sampled, priya: User, helen: User, ivan: User
) -> None:
    audits.audited(case, by=priya)
    here = f"/assurance/cases/{case.pk}/"
    assert "A careful decision" not in look(client, helen, here)
    assert "A careful decision" in look(client, ivan, here)
    audits.audited(case, by=helen)
    assert look(client, helen, here).count("A careful decision") == 2


def test_the_worker_and_the_lead_read_what_was_found_and_the_lead_reads_no_name(
    client: Client, case: Sampled, priya: User, grace: User, rosa: User
) -> None:
    audit = audits.audited(case, by=priya)
    assert "0 findings about your work" in look(client, grace, "/assurance/findings/")
    assert "the worker and the agency can read it" in send(client, priya, f"/assurance/audits/{audit.pk}/tell/")
    own = look(client, grace, "/assurance/findings/")
    assert audits.FOR_WORKER in own
    assert "Priya Nair" in own
    assert "1 finding about your work" in look(client, grace, "/assurance/")
    ours = look(client, rosa, "/assurance/ours/")
    assert audits.FOR_AGENCY in ours
    assert not any(name in ours for name in ("Priya", "Grace", audits.FOR_WORKER, "A careful decision"))
    assert audits.FOR_AGENCY not in look(client, build.player("Tom"), "/assurance/ours/")
    assert Event.objects.filter(verb="viewed:finding").count() == 2


def test_an_action_is_added_listed_late_and_done(client: Client, case: Sampled, priya: User, grace: User) -> None:
    audit, day = audits.audited(case, by=priya), timezone.localdate()
    parts = {"due_day": str(day.day), "due_month": str(day.month), "due_year": str(day.year)}
    here = f"/assurance/audits/{audit.pk}/action/"
    kept = send(client, priya, here, what="Ask the child", owner="", **parts)
    assert "Choose who does it" in kept
    assert "Ask the child" in kept
    send(client, priya, here, what="Ask the child", owner=str(grace.pk), **parts)
    action = audit.actions.get()
    assert "1 action open" in look(client, grace, "/assurance/actions/")
    assert "0 actions late" in look(client, grace, "/assurance/actions/?state=late")
    audit.actions.update(due=day - timedelta(days=3))
    assert "3 days late" in look(client, priya, "/assurance/actions/?state=late")
    assert "0 actions mine" in look(client, priya, "/assurance/actions/?state=mine")
    assert "Write what was done" in send(client, grace, f"/assurance/actions/{action.pk}/done/", done="")
    send(client, grace, f"/assurance/actions/{action.pk}/done/", done="Asked")
    assert "Asked" in look(client, grace, "/assurance/actions/?state=done")


def test_the_head_gives_a_case_to_somebody_else(client: Client, case: Sampled, helen: User, ivan: User) -> None:
    here = f"/assurance/cases/{case.pk}/auditors/"
    maya = build.player("Maya")
    assert "Maya Shah worked on this case" in send(client, helen, here, auditor=str(maya.pk), second="")
    assert "Auditors: Ivan Petrov." in send(client, helen, here, auditor=str(ivan.pk), second="")
    case.refresh_from_db()
    assert (case.auditor, case.second_auditor) == (ivan, None)


def test_the_lists_ask_as_much_of_ten_as_of_two(
    client: Client, rosa: User, grace: User, maya: User, priya: User
) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            one = build.decided(rosa, worker=grace, manager=maya)
            audit = audits.audited(audits.given_out(one, auditor=priya), by=priya)
            audits.given_out(build.decided(rosa, worker=grace, manager=maya), auditor=priya)
            auditing.tell(audit.pk, by=priya)
            auditing.add_action(audit.pk, what="Ask", owner=priya, due=timezone.localdate(), by=priya)
            audits.held(maya)

    more(1)
    sample = Sampled.objects.all()[0].sample_id
    pages = [
        (maya, "/assurance/events/"),
        (priya, f"/assurance/samples/{sample}/"),
        (priya, "/assurance/cases/"),
        (priya, "/assurance/actions/"),
        (priya, "/assurance/report/"),
        (priya, "/assurance/samples/"),
    ]
    few = [queries(client, who, url) for who, url in pages]
    more(3)
    assert [queries(client, who, url) for who, url in pages] == few
    assert max(few) <= 18


def test_the_report_says_how_far_two_agree_and_leaves_out_what_is_too_few(
    client: Client, case: Sampled, priya: User, helen: User, ana: User
) -> None:
    audits.audited(case, by=priya)
    audits.audited(case, by=helen, overall=3)
    page = look(client, ana, "/assurance/report/")
    assert "Too few audits in this period to say" in page
    assert "[c] audits of [c] sampled cases. The level decided was right in [c] of them." in page
    assert "Schools and education [c] [c] [c]" in page
    assert "Too few to say: it takes 10 that were audited twice" in page
    assert not any(name in page for name in ("Priya", "Helen", "Noor", case.child.contact.reference))
    answer = client.get("/assurance/report/?as=xlsx")
    assert answer.headers["Content-Type"].startswith("application/vnd.openxml")
    assert Event.objects.filter(verb="exported:figures").count() == 1


@pytest.mark.parametrize("page", ["look-back", "look-back/children", "report"])
@pytest.mark.parametrize(
    ("days", "wrong"),
    [("start=1066-10-14&end=2026-01-01", "First day"), ("start=2026-01-01&end=9999-12-31", "Last day")],
)
def test_days_that_are_a_slip_of_the_keyboard_are_answered_with_a_sentence(
    client: Client, helen: User, page: str, days: str, wrong: str
) -> None:
    shown = look(client, helen, f"/assurance/{page}/?{days}")
    assert f"{wrong} must be between 1973 and 2099" in shown


def test_every_number_of_the_look_back_opens_its_list(client: Client, rosa: User, helen: User, ana: User) -> None:
    contact = build.received(rosa, at=timezone.now() - timedelta(days=100))
    child = contact.children.get()
    at = timezone.now() - timedelta(days=99)
    type(child).objects.filter(pk=child.pk).update(outcome=Outcome.NFA_PUSHBACK, decided_at=at)
    again = build.received(rosa, children=[{"given_names": "Noor", "person": child.person}])
    page = look(client, helen, "/assurance/look-back/")
    assert "1 child closed without further action: too early to say" in page
    here = "/assurance/look-back/children/?state=over&days=90"
    listed = look(client, helen, here)
    assert "1 child" in listed
    assert contact.reference in listed
    assert again.reference in listed
    assert "0 children" in look(client, helen, "/assurance/look-back/children/?state=back&days=90")
    assert contact.reference not in look(client, ana, here), "an analyst counts and opens nothing"
    assert "Noor" not in listed
    file = client.get("/assurance/look-back/?as=csv").content.decode()
    assert "All,[c],[c],0,0,0" in file
    assert "Fewer than" not in file, "what is hidden beside a small number need not be small"
    assert Event.objects.filter(verb="exported:figures").count() == 1

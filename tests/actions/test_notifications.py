"""Police notifications from a file: what is read, what comes in, what stays out, and that nothing comes in twice."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.intake.notifications import actions, bringing, pages, queries
from referrals.models import Assessment, Child, Contact, Draft, ItemState, Notice, Upload, UploadItem
from referrals.refusals import Refused
from referrals.vocabulary import Channel, Rag
from tests import build, policing
from tests.policing import row, uploaded

pytestmark = pytest.mark.django_db


def problems(upload: Upload) -> list[tuple[int, str]]:
    return [(line, said) for line, _, said in queries.problems_of(upload)]


def test_omar_brings_in_two_children_of_one_reference_as_one_contact(omar: User) -> None:
    sister = row(
        given_names="Bilal", date_of_birth="2022-05-02", sex="M", narrative="", rag="", adult1_relationship="stepfather"
    )
    [contact] = policing.brought_in(omar, row(), sister)
    assert (contact.channel, contact.external_reference, contact.rag) == (Channel.POLICE, "PN/26/118377", Rag.GREEN)
    assert [child.name for child in contact.children.all()] == ["Zara Hussain", "Bilal Hussain"]
    [adult] = contact.adults.all()
    told = {tie.child.given_names: tie.relationship for tie in adult.relationships.select_related("child")}
    assert told == {"Zara": "father", "Bilal": "stepfather"}
    assert contact.marf.answers["worry"]["factors"] == ["3B"]
    assert contact.agency == omar.agency
    view = Assessment.objects.get(contact=contact)
    assert (view.level, view.dvrim_scale, "dv" in view.alerts) == (2, 1, True)


def test_a_notification_without_a_scale_believes_no_level_and_comes_in_without_agreement(omar: User) -> None:
    [contact] = policing.brought_in(omar, row(dvrim_scale="", dash_grade="", rag="red", incident_type="Missing child"))
    assert contact.level_believed is None
    assert contact.children.get().level_believed is None
    assert not Assessment.objects.filter(contact=contact).exists()
    assert contact.deadlines.live().count() == 2


def test_little_is_enough_because_a_blank_of_the_police_means_not_known(omar: User) -> None:
    bare = {"police_reference": "PN/1", "narrative": "A child alone in a car.", "family_name": "not known"}
    [contact] = policing.brought_in(omar, bare)
    child = contact.children.get()
    assert (child.name, child.date_of_birth, child.postcode) == ("Name not known", None, "")


def test_nothing_that_the_police_wrote_is_lost(omar: User) -> None:
    columns = (*policing.NAMES, "Officer in case")
    content = policing.file_of(row(ethnicity="Asian 2", **{"Officer in case": "PC 4411"}), columns=columns)
    assert omar.agency is not None
    upload = actions.take(content, name="a.csv", agency=omar.agency, by=omar)
    actions.go_on(actions.confirm(upload.key, by=omar), seconds=60)
    words = Contact.objects.get().marf.answers["worry"]["other"]
    assert "PC 4411" in words
    assert "Asian 2" in words


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"police_reference": ""}, "Enter the police reference."),
        ({"narrative": ""}, "Write what happened in the narrative."),
        ({"rag": "purple"}, "rag must be red, amber or green, and is “purple”."),
        ({"dash_grade": "severe"}, "dash_grade must be standard, medium or high, and is “severe”."),
        ({"dvrim_scale": "5"}, "dvrim_scale must be 1, 2, 3 or 4, and is “5”."),
        ({"incident_at": "yesterday"}, "“yesterday” is not a date and time. Write it like 19/11/2026 20:15."),
        ({"incident_at": "31/12/2099 10:00"}, "The incident must be in the past."),
        ({"date_of_birth": "30/02/2019"}, "“30/02/2019” is not a date. Write the date of birth like 10/10/2019."),
        ({"date_of_birth": "01/01/2099"}, "The date of birth must be today or in the past."),
        ({"given_names": "", "family_name": ""}, "Enter the child’s name, or “not known”."),
        ({"adult1_source_of_risk": "perhaps"}, "Say yes or no: is the adult thought to have caused the harm?"),
        ({"family_name": "x" * 121}, "Family name must be 120 characters or fewer."),
        ({"police_reference": "P" * 61}, "police_reference must be 60 characters or fewer."),
    ],
)
def test_a_line_with_a_slip_stays_out_with_its_number_and_a_sentence_and_stops_no_other(
    omar: User, changes: dict[str, str], sentence: str
) -> None:
    upload = uploaded(omar, row(police_reference="PN/2"), row(**changes))
    assert problems(upload) == [(3, sentence)]
    actions.go_on(actions.confirm(upload.key, by=omar), seconds=60)
    assert Contact.objects.values_list("external_reference", flat=True).get() == "PN/2"
    assert Draft.objects.count() == 0


def test_lines_of_one_reference_that_disagree_are_told_which_line(omar: User) -> None:
    upload = uploaded(omar, row(), row(given_names="Bilal", rag="red"), row())
    assert problems(upload) == [
        (3, "rag is not the same as on line 2, which has the same police reference."),
        (4, "Zara Hussain is on this form twice. Remove one of the two, or correct what is the same."),
    ]
    assert upload.counts()[ItemState.READY] == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "The file has no column police_reference"),
        (policing.file_of(), "The file has a heading and no line under it."),
        (b"PK\x03\x04\x00\x00\xff\xfe", "The file must be a CSV file"),
        (policing.file_of(*[row()] * 2001), "The file must have 2,000 lines or fewer."),
        (b"x" * (5 * 1024 * 1024 + 1), "The file must be 5 MB or smaller."),
        (b"rag,rag," + ",".join(policing.NAMES).encode() + b"\n1,2,3\n", "The file has the column rag twice."),
    ],
)
def test_what_is_no_file_of_notifications_is_refused_with_a_sentence_and_nothing_is_kept(
    omar: User, content: bytes, sentence: str
) -> None:
    assert omar.agency is not None
    with pytest.raises(Refused, match=sentence):
        actions.take(content, name="a.csv", agency=omar.agency, by=omar)
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_what_a_spreadsheet_saves_is_read(omar: User, encoding: str) -> None:
    assert omar.agency is not None
    text = policing.file_of(row(given_names="Zoë")).decode().replace(",", ";").replace("\r\n", "\n")
    upload = actions.take(text.encode(encoding), name="a.csv", agency=omar.agency, by=omar)
    assert upload.items.get().document["children"][0]["given_names"] == "Zoë"


def test_the_template_on_the_page_can_be_uploaded_as_it_is(omar: User) -> None:
    assert omar.agency is not None
    with time_machine.travel(build.FRIDAY_AT_FOUR):
        content = policing.columns_template().encode()
        upload = actions.take(content, name="a.csv", agency=omar.agency, by=omar)
    assert problems(upload) == []
    assert upload.counts()[ItemState.READY] == 1


def test_the_same_file_again_adds_nothing(omar: User) -> None:
    [contact] = policing.brought_in(omar, row())
    again = uploaded(omar, row(), row(police_reference="PN/NEW"))
    same = again.items.get(state=ItemState.SAME)
    assert (same.reference, same.lines, same.document) == (contact.reference, [], {})
    actions.go_on(actions.confirm(again.key, by=omar), seconds=60)
    actions.go_on(actions.confirm(again.key, by=omar), seconds=60)
    assert Contact.objects.count() == 2


def test_two_uploads_looked_at_before_either_comes_in_still_make_one_contact(omar: User) -> None:
    first, second = uploaded(omar), uploaded(omar)
    for upload in (first, second):
        actions.go_on(actions.confirm(upload.key, by=omar), seconds=60)
    assert Contact.objects.count() == 1
    assert second.counts()[ItemState.SAME] == 1


def test_nothing_comes_in_before_it_is_confirmed(omar: User) -> None:
    upload = uploaded(omar)
    actions.go_on(upload, seconds=60)
    actions.go_on_with_all(seconds=60)
    assert Contact.objects.count() == 0
    actions.confirm(upload.key, by=omar)
    actions.go_on_with_all(seconds=60)
    assert Contact.objects.count() == 1, "the timers finish what nobody watches"


def test_a_reference_of_another_force_stays_out_and_is_not_shown(omar: User, sam: User) -> None:
    policing.brought_in(omar, row())
    other = build.agency("Regional Police")
    other.pk, other.name = None, "Northern Police"
    other.save()
    upload = uploaded(sam, row(), force=other)
    actions.go_on(actions.confirm(upload.key, by=sam), seconds=60)
    assert problems(upload) == [(2, "Another agency has already sent a contact with the reference PN/26/118377.")]
    assert Contact.objects.count() == 1


def test_what_came_in_is_deleted_from_the_file_and_what_did_not_is_kept_for_seven_days(omar: User) -> None:
    upload = uploaded(omar, row(), row(police_reference="PN/2", rag="purple"))
    actions.go_on(actions.confirm(upload.key, by=omar), seconds=60)
    came, stayed = upload.items.order_by("number")
    assert (came.state, came.lines, came.document, came.possible) == (ItemState.IN, [], {}, [])
    assert stayed.lines[0][1]["given_names"] == "Zara"
    assert actions.forget_old(timezone.now() + timedelta(days=6)) == 0
    assert actions.forget_old(timezone.now() + timedelta(days=8)) > 0
    assert UploadItem.objects.count() == 0
    assert Contact.objects.count() == 1


def test_the_lines_left_out_come_back_as_they_were_with_why_and_can_be_put_right(omar: User) -> None:
    assert omar.agency is not None
    upload = uploaded(omar, row(rag="purple", narrative="=1+1 he said"))
    text = pages.left_out_file(upload)
    assert "rag must be red, amber or green" in text
    assert "'=1+1 he said" in text, "a spreadsheet must not take words for a formula"
    right = actions.take(text.replace("purple", "red").encode(), name="b.csv", agency=omar.agency, by=omar)
    assert problems(right) == []
    assert right.items.get().document["worry"]["worry"] == "=1+1 he said"


def test_five_hundred_come_in_in_less_than_thirty_seconds_and_nobody_is_sent_five_hundred_receipts(omar: User) -> None:
    """Wall time is printed and the processor's time is held to: other tests may be running beside this one."""
    assert omar.agency is not None
    began, worked = time.monotonic(), time.process_time()
    upload = actions.take(policing.many(500), name="monday.csv", agency=omar.agency, by=omar)
    actions.go_on(actions.confirm(upload.key, by=omar), seconds=100)
    took = time.process_time() - worked
    print(f"500 notifications: {time.monotonic() - began:.1f} s, {took:.1f} s of them here")
    assert upload.counts()[ItemState.IN] == Contact.objects.count() == Child.objects.count() == 500
    assert Notice.objects.count() == 0
    assert took < 20


def test_who_brought_it_in_is_on_the_trail_of_each_contact(sam: User) -> None:
    [contact] = policing.brought_in(sam, row())
    line = Event.objects.get(verb="notification:bring_in")
    assert (line.by, line.reference) == (sam, contact.reference)
    assert contact.referrer.full_name == "Regional Police (systems)"


def test_a_file_is_its_forces_and_the_hubs_and_nobody_elses(omar: User, sam: User, nell: User, rosa: User) -> None:
    upload = uploaded(omar)
    assert queries.upload_of(sam, upload.key) == queries.upload_of(omar, upload.key) == upload
    for stranger in (nell, rosa):
        with pytest.raises(Http404):
            actions.confirm(upload.key, by=stranger)
        with pytest.raises(Http404):
            actions.throw_away(upload.key, by=stranger)
    assert Upload.objects.filter(confirmed_at=None).count() == 1


def test_a_file_cannot_be_deleted_while_it_comes_in_and_can_before_and_after(omar: User) -> None:
    actions.throw_away(uploaded(omar).key, by=omar)
    upload = uploaded(omar)
    actions.confirm(upload.key, by=omar)
    with pytest.raises(Refused, match="This file is being brought in"):
        actions.throw_away(upload.key, by=omar)
    actions.go_on_with_all(seconds=60)
    actions.throw_away(upload.key, by=omar)
    assert (Upload.objects.count(), Contact.objects.count()) == (0, 1)


def test_a_child_who_may_be_known_is_named_with_why(omar: User) -> None:
    policing.brought_in(omar, row())
    upload = uploaded(omar, row(police_reference="PN/2"))
    assert "Zara Hussain" in upload.items.get().possible[0]


def test_a_fault_of_ours_stops_one_notification_and_is_said(omar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = uploaded(omar, row(), row(police_reference="PN/2"))
    real = bringing.bring_in

    def breaks(answers: Any, **named: Any) -> object:
        if answers["arrival"]["police_reference"] == "PN/2":
            raise ZeroDivisionError
        return real(answers, **named)

    monkeypatch.setattr(bringing, "bring_in", breaks)
    actions.go_on(actions.confirm(upload.key, by=omar), seconds=60)
    assert [said for _, said in problems(upload)] == [
        "The portal could not bring this in. Upload it again, and ring the MASH if it fails twice."
    ]
    assert Contact.objects.count() == 1

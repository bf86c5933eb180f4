"""`manage.py import_history`: what goes in, what is reported, and what a second run does."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from mash_portal.accounts.models import Agency
from mash_portal.audit.models import Event
from referrals.insight.period import LONDON
from referrals.models import Child, Contact, Feedback, Person
from tests.history_file import imported, row, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.csv"


def count(**counts: int) -> dict[str, int]:
    nothing = {"imported": 0, "already_there": 0, "bad": 0, "contacts_added": 0, "agencies_added": 0}
    return nothing | counts


def test_an_administrator_can_bring_a_contact_over(path: Path) -> None:
    counts, said, failure = imported(written(path, [row()]))
    assert (counts, said, failure) == (count(imported=1, contacts_added=1, agencies_added=1), "", "")
    contact = Contact.objects.get(external_reference="H1")
    assert (contact.stage, contact.channel, contact.source, contact.rag) == ("closed", "marf", "2A", "amber")
    assert (contact.agency.name, contact.agency.kind) == ("Oak High", "school")
    assert contact.received_at == datetime(2017, 9, 1, 5, 0, 26, tzinfo=UTC)
    assert contact.due_at == contact.received_at + timedelta(hours=24)
    child = contact.children.get()
    assert (child.name, child.date_of_birth, child.postcode) == ("Ava Azzi", date(2009, 3, 23), "WS5 1NJ")
    assert (child.outcome, child.level_believed, child.level_decided) == ("nfa_pushback", 4, 2)
    assert child.person is not None
    assert child.person.external_reference == "C1"


def test_the_import_writes_one_line_of_the_trail(path: Path) -> None:
    imported(written(path, [row(), row(contact_ref="H2"), row(contact_ref="H3", sex="X")]))
    event = Event.objects.get(verb="history_imported")
    assert event.details == count(imported=2, bad=1, contacts_added=2, agencies_added=1)


def test_a_second_run_brings_nothing_over(path: Path) -> None:
    written(path, [row(), row(contact_ref="H2")])
    imported(path)
    assert imported(path) == (count(already_there=2), "", "")
    assert Contact.objects.count() == 2
    assert Person.objects.count() == 1


def test_a_bad_row_is_reported_with_all_that_is_wrong_and_the_rest_goes_in(path: Path) -> None:
    bad = row(contact_ref="H2", source="99", sex="", rag="blue", level_decided="7", decided_at="2017-08-31T10:00:00")
    counts, said, failure = imported(written(path, [row(), bad, row(contact_ref="H3")]))
    assert counts == count(imported=2, bad=1, contacts_added=2, agencies_added=1)
    assert said == (
        "Line 3: source “99” is not a national contact source code. sex is empty. It has to be one of M, F, U. "
        "rag “blue” is not one of red, amber, green. level_decided “7” is not 1, 2, 3 or 4. "
        "decided_at is before received_at.\n"
    )
    assert failure == "1 row could not go in. The others are in."
    assert not Contact.objects.filter(external_reference="H2").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"contact_ref": ""}, "contact_ref is empty."),
        ({"child_ref": "9" * 60}, "child_ref is longer than 54 characters."),
        ({"agency": ""}, "agency is empty."),
        ({"given_names": "A\x00va"}, "given_names has a character in it that cannot be shown."),
        ({"received_at": "yesterday"}, "received_at “yesterday” is not a date and time such as 2017-09-01T06:00:26."),
        ({"received_at": "2017-09-01"}, "received_at “2017-09-01” is not a date and time such as 2017-09-01T06:00:26."),
        ({"received_at": "0001-01-01T00:00:00"}, "received_at “0001-01-01T00:00:00” is before 1973."),
        ({"decided_at": ""}, "decided_at is empty."),
        ({"decided_at": "2999-01-01T10:00:00", "feedback_at": ""}, "decided_at is in the future."),
        ({"feedback_at": "2017-09-01T07:00:00"}, "feedback_at is before decided_at."),
        ({"channel": "fax"}, "channel “fax” is not one of marf, phone, police_notification, edt, api."),
        ({"ethnicity": "XXXX"}, "ethnicity “XXXX” is not a national ethnicity code."),
        ({"date_of_birth": "23/03/2009"}, "date_of_birth “23/03/2009” is not a date such as 2009-03-23."),
        ({"date_of_birth": "2018-09-01"}, "date_of_birth is more than 40 weeks after received_at."),
        ({"date_of_birth": "1960-09-01"}, "date_of_birth makes the child older than 25 when the contact was received."),
        ({"level_believed": "high"}, "level_believed “high” is not 1, 2, 3 or 4."),
        ({"outcome": "closed"}, "outcome “closed” is not one of nfa_information, nfa_pushback, signpost,"),
    ],
)
def test_a_bad_value_is_said_in_a_sentence(path: Path, changes: dict[str, str], sentence: str) -> None:
    assert imported(written(path, [row()]))[0]["imported"] == 1
    counts, said, failure = imported(written(path, [row(**{"contact_ref": "H2", **changes})]))
    assert said.startswith(f"Line 2: {sentence}")
    assert (counts, failure) == (count(bad=1), "1 row could not go in. The others are in.")
    assert Contact.objects.count() == 1


def test_what_the_earlier_system_did_not_know_may_be_empty(path: Path) -> None:
    unknown = dict.fromkeys(("given_names", "date_of_birth", "postcode", "rag", "level_believed", "feedback_at"), "")
    assert imported(written(path, [row(**unknown)]))[0] == count(imported=1, contacts_added=1, agencies_added=1)
    child = Child.objects.select_related("contact").get()
    assert (child.date_of_birth, child.level_believed, child.contact.rag) == (None, None, "")
    assert not Feedback.objects.exists()


def test_a_row_with_too_few_values_is_reported(path: Path) -> None:
    written(path, [row()])
    path.write_text(path.read_text(encoding="utf-8") + "H2,2017-09-01T06:00:26,marf\n", encoding="utf-8")
    counts, said, _ = imported(path)
    assert counts == count(imported=1, bad=1, contacts_added=1, agencies_added=1)
    assert said == "Line 3: there are 3 values where the first line names 18 columns.\n"


def test_a_known_contact_with_other_details_is_reported_and_left_as_it_was(path: Path) -> None:
    imported(written(path, [row()]))
    counts, said, _ = imported(written(path, [row(outcome="section_17")]))
    assert counts == count(bad=1)
    assert said == (
        "Line 2: child C1 of contact H1 was imported before with other details. What is there was left as it is.\n"
    )
    assert Child.objects.get().outcome == "nfa_pushback"


def test_dates_can_be_moved_so_that_the_last_receipt_was_yesterday(path: Path) -> None:
    rows = [
        row(),
        row(contact_ref="H2", received_at="2017-09-04T21:00:00", decided_at="2017-09-06T09:00:00", feedback_at=""),
    ]
    assert imported(written(path, rows), "--ends", "yesterday")[0]["imported"] == 2
    yesterday = timezone.localdate() - timedelta(days=1)
    first, last = Child.objects.order_by("received_at")
    assert last.received_at.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(
        yesterday, datetime.min.time()
    ) + timedelta(hours=21)
    assert first.received_at.astimezone(LONDON).date() == yesterday - timedelta(days=3)
    assert first.date_of_birth == date(2009, 3, 23) + (yesterday - date(2017, 9, 4))
    assert last.decided_at is not None
    assert last.received_at <= last.decided_at <= timezone.now()


def test_a_moved_import_does_not_stand_in_the_way_of_the_true_one(path: Path) -> None:
    written(path, [row()])
    assert imported(path, "--ends", "2020-02-29")[0]["imported"] == 1
    assert imported(path)[0] == count(imported=1, contacts_added=1)
    assert imported(path, "--ends", "yesterday")[0] == count(already_there=1)
    assert imported(path)[0] == count(already_there=1)
    assert set(Contact.objects.values_list("external_reference", flat=True)) == {"H1", "H1+moved"}


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ("soon", "--ends has to be 'yesterday' or a date such as 2018-02-28, not 'soon'."),
        ("2999-01-01", "--ends has to be a day that is over: yesterday at the latest."),
    ],
)
def test_a_day_that_is_not_over_is_refused(path: Path, ends: str, sentence: str) -> None:
    written(path, [row()])
    assert imported(path, "--ends", ends) == ({}, "", sentence)
    assert not Contact.objects.exists()


COLUMNS = ",".join(row())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "{path} cannot be read: No such file or directory."),
        (b"", "{path} is empty. Its first line must name the columns: contact_ref, received_at,"),
        (COLUMNS.encode(), "{path} has no rows under its first line."),
        (f"{COLUMNS}\n".replace("sex,", "").encode() + b"H1\n", "{path} has no column sex."),
        (f"{COLUMNS},sex\n".encode() + b"H1\n", "{path} has two columns called sex."),
        (f"{COLUMNS}\n".encode() + ",".join(row(given_names="Zoë").values()).encode("latin-1"), "{path} is not a text"),
        (f"{COLUMNS}\n".encode() + b'"' + b"x" * 200_000, "{path} cannot be read as CSV after line 1: field larger"),
    ],
)
def test_a_file_that_is_no_history_is_refused(path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        path.write_bytes(content)
    counts, said, failure = imported(path)
    assert failure.startswith(sentence.format(path=path))
    assert (counts, said) == ({}, "")
    assert not Agency.objects.filter(name="Oak High").exists()
    assert not Event.objects.exists()


def test_a_file_that_breaks_off_in_the_middle_leaves_nothing_behind(path: Path) -> None:
    rows = [row(contact_ref=f"H{number}") for number in range(1200)]
    written(path, rows)
    path.write_bytes(path.read_bytes() + b"\xff\n")
    assert imported(path)[2] == f"{path} is not a text file in UTF-8."
    assert not Contact.objects.exists()


def test_a_file_with_a_byte_order_mark_and_more_columns_can_be_read(path: Path) -> None:
    columns = ["note", *row()]
    written(path, [{"note": "x", **row()}], columns)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert imported(path)[0]["imported"] == 1

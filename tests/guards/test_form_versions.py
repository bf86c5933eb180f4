"""What was sent is shown with the questions it was asked, for ever: a change of the form is a new version of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from mash_portal.accounts.models import User
from referrals.intake import actions as intake
from referrals.intake import joining
from referrals.models import Contact
from referrals.printing.sheet import css_and_html
from referrals.rules import marf
from referrals.rules.marf import frozen
from tests import ringing
from tests.actions.test_intake import draft_by
from tests.pages.browsing import signed_in, words

ASKED, NOW_ASKED = "What happened", "What was different"
CHOSEN, NOW_CHOSEN = "Level 3", "Third level"


def changed() -> tuple[marf.Section, ...]:
    """The form of another year: a question reworded, one taken away, an answer called something else."""
    sections = []
    for section in marf.SECTIONS:
        pages = [replace(page, questions=tuple(_changed(page))) for page in section.pages]
        sections.append(replace(section, title=f"{section.title}, again", pages=tuple(pages)))
    return tuple(sections)


def _changed(page: marf.Page) -> list[marf.Question]:
    found = []
    for question in page.questions:
        if question.name == "impact":
            continue
        if question.short == ASKED:
            question = replace(question, short=NOW_ASKED)  # noqa: PLW2901 - the same question in other words
        if question.name == "level":
            question = replace(question, choices=[("3", NOW_CHOSEN)])  # noqa: PLW2901
        found.append(question)
    return found


@pytest.fixture
def another_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "SECTIONS", changed())
    monkeypatch.setattr(frozen, "FORM_VERSION", "2099.1")


def test_the_questions_of_today_are_written_down_under_their_version() -> None:
    path = frozen.VERSIONS / f"{marf.FORM_VERSION}.json"
    assert path.exists(), "Run scripts/freeze_form.py and commit what it writes."
    assert json.loads(path.read_text()) == frozen.as_data(marf.SECTIONS), (
        "What the form asks has changed. Give it a new FORM_VERSION and run scripts/freeze_form.py: forms that were "
        "sent are shown with the words they were asked."
    )


def test_every_version_that_is_written_down_can_be_read_and_says_what_it_said() -> None:
    for path in frozen.VERSIONS.glob("*.json"):
        assert frozen.as_data(frozen._read(path.stem)) == json.loads(path.read_text())


def test_a_version_is_never_written_over_with_other_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = frozen.freeze(tmp_path)
    before = path.read_text()
    assert frozen.freeze(tmp_path) == path, "the same words again change nothing"
    monkeypatch.setattr(frozen, "SECTIONS", changed())
    with pytest.raises(frozen.AlreadyFrozen):
        frozen.freeze(tmp_path)
    assert path.read_text() == before
    monkeypatch.setattr(frozen, "FORM_VERSION", "2099.1")
    assert frozen.freeze(tmp_path).name == "2099.1.json"


@pytest.fixture
def sent(rosa: User) -> Contact:
    draft = draft_by(rosa)
    intake.save_section(draft.key, "worry", {"impact": "She is tired and sore."}, by=rosa)
    return intake.submit(draft.key, by=rosa)


def test_a_referral_is_shown_with_the_words_it_was_asked_after_the_form_has_changed(
    sent: Contact, rosa: User, grace: User, request: pytest.FixtureRequest
) -> None:
    before = shown_everywhere(sent, rosa, grace)
    request.getfixturevalue("another_year")
    assert NOW_ASKED in str(marf.sheet(sent.marf.answers, {}, version="2099.1"))
    after = shown_everywhere(sent, rosa, grace)
    for then, now in zip(before, after, strict=True):
        for said in (ASKED, CHOSEN, "Impact on the child", "She is tired and sore."):
            assert said in then, said
            assert said in now, said
        for other in (NOW_ASKED, NOW_CHOSEN, ", again"):
            assert other not in now, other


def shown_everywhere(contact: Contact, rosa: User, grace: User) -> list[str]:
    """To the agency, to the hub, and on paper."""
    pages = [
        signed_in(person).get(reverse(name, args=[contact.reference])).content.decode()
        for person, name in ((rosa, "intake:referral"), (grace, "triage:marf"))
    ]
    return [words(html) for html in (*pages, css_and_html(contact, contact.marf)[1])]


def test_a_form_of_a_version_that_was_never_written_down_can_still_be_read(another_year: None) -> None:
    oldest = min(path.stem for path in frozen.VERSIONS.glob("*.json"))
    assert frozen.sections_of("2001.1") == frozen.sections_of(oldest) != frozen.sections_of("2099.1")


def test_a_form_that_is_joined_to_its_call_later_keeps_the_version_it_was_sent_under(
    sam: User, rosa: User, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, form = ringing.call_of(rosa, sam), ringing.sent_alone(rosa)
    request.getfixturevalue("another_year")
    monkeypatch.setattr(marf, "FORM_VERSION", "2099.1")
    monkeypatch.setattr(marf, "DECLARATION", "Other words")
    joined = joining.join_by_hand(form.reference, call.reference, by=sam).marf
    assert (joined.form_version, joined.declaration) == (form.marf.form_version, form.marf.declaration)
    assert intake.submit(draft_by(rosa).key, by=rosa).marf.form_version == "2099.1"

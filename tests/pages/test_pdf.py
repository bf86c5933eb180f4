"""The referral on paper: what it says, that it is tagged, that it fetches nothing, and who may have it."""

import re
import socket
import sys
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import printing
from referrals.following import actions as following
from referrals.intake import actions as intake
from referrals.models import Contact
from tests import build
from tests.actions.test_intake import answers_of
from tests.pages.browsing import signed_in, words
from thresholds.models import Matrix
from thresholds.publishing import default_document, import_matrix, publish

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<img src=http://canary.example/a.png><link rel=stylesheet href=http://canary.example/b.css>"
    "<style>@import 'http://canary.example/c.css'; p { background: url(file:///etc/passwd) }</style>"
    "<script>alert(1)</script>{{ contact.pk }} &amp; <object data=file:///etc/passwd>"
)


def sent_by(person: User, **worry: str) -> Contact:
    answers = answers_of("hungry-and-late")
    answers["worry"] |= worry
    return intake.submit(intake.start_draft(by=person, answers=answers).key, by=person)


def paper(client: Client, contact: Contact, side: str = "referrals") -> Any:
    return client.get(f"/{side}/{contact.reference}/form.pdf")


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    """The words of every page; where a line was broken does not matter."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read(content).pages))


def test_a_referrer_downloads_what_they_sent_named_by_its_reference_alone(rosa: User) -> None:
    contact = sent_by(rosa)
    answer = paper(signed_in(rosa), contact)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{contact.reference}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    document = read(answer.content)
    assert document.metadata is not None
    assert document.metadata.title == f"Referral {contact.reference}"
    for number, page in enumerate(document.pages, 1):
        foot = page.extract_text()
        assert f"Page {number} of {len(document.pages)}" in foot
        assert f"Referral {contact.reference}. Confidential" in foot
    assert list(Event.objects.filter(verb__in=["viewed:follow", "printed"]).values_list("verb", "by", "reference")) == [
        ("viewed:follow", rosa.pk, contact.reference),
        ("printed", rosa.pk, contact.reference),
    ]


def test_the_paper_has_every_answer_of_the_page(rosa: User) -> None:
    contact = sent_by(rosa)
    client = signed_in(rosa)
    printed = text_of(paper(client, contact).content).replace(" ", "")
    page = client.get(f"/referrals/{contact.reference}/").content.decode()
    answers = re.findall(r'<dd class="govuk-summary-list__value">(.*?)</dd>', page, re.DOTALL)
    assert len(answers) > 20
    for answer in answers:
        said = words(answer).replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"').replace(" ", "")
        assert said in printed, said


def test_the_paper_is_tagged_for_people_who_hear_it_read(rosa: User) -> None:
    catalog: Any = read(paper(signed_in(rosa), sent_by(rosa)).content).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in catalog["/Metadata"].get_object().get_data().decode()
    kinds = list(kinds_of(catalog["/StructTreeRoot"]))
    assert kinds.count("/H1") == 1
    assert {"/Document", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/P"} <= set(kinds)


def kinds_of(element: Any) -> Any:
    """The structure of a document in reading order."""
    element = element.get_object()
    if not isinstance(element, dict):
        return
    if "/S" in element:
        yield element["/S"]
    below = element.get("/K", [])
    for child in below if isinstance(below, list) else [below]:
        yield from kinds_of(child)


def test_what_somebody_typed_is_text_and_nothing_is_fetched(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = sent_by(rosa, worry=HOSTILE)
    client = signed_in(rosa)
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_: asked.append(where))
    answer = paper(client, contact)
    assert answer.status_code == 200
    assert asked == []
    printed = text_of(answer.content).replace(" ", "")
    for typed in ("<imgsrc=http://canary.example/a.png>", "<linkrel=stylesheet", "<script>alert(1)</script>", "&amp;"):
        assert typed in printed
    assert "{{contact.pk}}" in printed
    assert "root:" not in printed


@pytest.mark.parametrize(
    "asks",
    ["<img src=http://canary.example/a.png>", "<link rel=stylesheet href=file:///etc/passwd>", "<img src=data:,x>"],
)
def test_a_document_that_would_fetch_something_is_not_printed_at_all(asks: str) -> None:
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - the same lateness as in printing

    from referrals.printing import press  # noqa: PLC0415

    assert press.pdf("", '<html lang="en-GB"><title>T</title><p>Nothing').startswith(b"%PDF-")
    with pytest.raises(FatalURLFetchingError, match="may fetch nothing"):
        press.pdf("", f'<html lang="en-GB"><title>T</title>{asks}')


def test_the_hub_prints_the_same_paper_and_a_stranger_meets_nothing(
    rosa: User, sam: User, tom: User, priya: User
) -> None:
    contact = sent_by(rosa)
    assert text_of(paper(signed_in(sam), contact, "contacts").content) == text_of(
        paper(signed_in(rosa), contact).content
    )
    before = Event.objects.filter(verb="printed").count()
    for person in (tom, priya):
        for side in ("referrals", "contacts"):
            theirs = signed_in(person).get(f"/{side}/{contact.reference}/form.pdf")
            nothing = signed_in(person).get(f"/{side}/ZZZZ-ZZZZ/form.pdf")
            assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert paper(signed_in(sam), contact).status_code == 403, "the agency's address is the agency's"
    assert paper(signed_in(rosa), contact, "contacts").status_code == 403
    assert signed_in(rosa).post(f"/referrals/{contact.reference}/form.pdf").status_code == 405
    assert Event.objects.filter(verb="printed").count() == before


def test_a_contact_without_a_form_has_no_paper_and_offers_none(rosa: User) -> None:
    contact = build.received(rosa)
    answer = paper(signed_in(rosa), contact)
    assert answer.status_code == 409
    assert "No referral form came with this contact" in answer.content.decode()
    assert "form.pdf" not in signed_in(rosa).get(f"/referrals/{contact.reference}/").content.decode()
    assert "form.pdf" not in signed_in(rosa).get(f"/referrals/{contact.reference}/sent/").content.decode()


def test_where_the_library_is_missing_the_page_says_so_in_a_sentence(
    rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = sent_by(rosa)
    client = signed_in(rosa)

    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "referrals.printing.press":
                raise OSError("cannot load library 'libpango-1.0-0'")

    with monkeypatch.context() as without:
        without.delitem(sys.modules, "referrals.printing.press", raising=False)
        without.delattr(printing, "press", raising=False)
        without.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
        answer = paper(client, contact)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A PDF cannot be made here" in page
    assert "libpango" not in page
    assert not Event.objects.filter(verb="printed").exists()
    assert paper(client, contact).status_code == 200


def as_sent(contact: Contact, agency: Client, hub: Client) -> list[str]:
    """The referral as its agency reads it, as the hub reads it, and on paper; the clocks above it go on."""
    theirs = words(agency.get(f"/referrals/{contact.reference}/").content.decode())
    ours = words(hub.get(f"/contacts/{contact.reference}/referral/").content.decode())
    printed = text_of(paper(agency, contact).content)
    return [theirs.split("The referral as sent")[1], ours.split("As it was sent")[1], printed]


def test_a_referral_is_shown_for_ever_as_it_was_even_under_a_matrix_that_is_superseded(
    rosa: User, grace: User, kit: User
) -> None:
    contact = sent_by(rosa)
    first = Matrix.objects.current()
    agency, hub = signed_in(rosa), signed_in(grace)
    before = as_sent(contact, agency, hub)
    new = import_matrix(default_document(), by=kit)
    new.indicators.update(text="Other words")
    publish(new, by=kit, now=contact.received_at)
    assert Matrix.objects.current().version == first.version + 1
    following.add(contact.reference, text="Learned on Monday", by=rosa)
    assert as_sent(contact, agency, hub) == before
    for shown in before:
        assert re.search(rf"version {re.escape(contact.marf.form_version)}\b", shown, re.IGNORECASE)
        assert f"{first.title}, version {first.version}" in shown
        assert "Learned on Monday" not in shown

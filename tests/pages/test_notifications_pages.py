"""The pages of police notifications, screening and keys, as people meet them."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mash_portal.accounts.models import User
from referrals.intake.notifications import views
from referrals.models import ApiToken, Contact, Screening, Upload
from referrals.vocabulary import Scope, Stage
from tests import build, policing
from tests.pages.browsing import signed_in, words
from tests.policing import row

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return words(answer.content.decode())


def choose(person: User, content: bytes, name: str = "monday.csv", **said: str) -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    return signed_in(person).post("/police-notifications/", {"file": file, **said}, follow=True)


def test_omar_uploads_looks_brings_in_and_reads_what_became_of_it(omar: User) -> None:
    looked = choose(omar, policing.file_of(row(), row(police_reference="PN/2", rag="purple")))
    page = text_of(looked)
    assert "1 notification can be brought in" in page
    assert "Bring in 1 notification" in page
    assert "Line 3" in page
    assert "rag must be red, amber or green, and is “purple”." in page
    assert Contact.objects.count() == 0
    upload = Upload.objects.get()
    done = signed_in(omar).post(f"/police-notifications/{upload.key}/bring-in/", follow=True)
    assert "1 notification brought in" in text_of(done)
    assert Contact.objects.count() == 1
    left = signed_in(omar).get(f"/police-notifications/{upload.key}/left-out.csv")
    assert left.headers["Content-Disposition"].startswith("attachment;")
    assert "purple" in left.content.decode()
    assert "PN/26/118377" not in left.content.decode()


def test_the_progress_is_shown_without_javascript_until_all_is_in(omar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "WORK_SECONDS", 0.0)
    choose(omar, policing.many(3))
    upload = Upload.objects.get()
    address = f"/police-notifications/{upload.key}/"
    looked = signed_in(omar).post(f"{address}bring-in/", follow=True)
    assert looked.headers["Refresh"] == "1"
    assert "0 of 3 notifications are in" in text_of(looked)
    assert '<progress id="progress"' in looked.content.decode()
    monkeypatch.setattr(views, "WORK_SECONDS", 60.0)
    finished = signed_in(omar).get(address)
    assert "Refresh" not in finished.headers
    assert "3 notifications brought in" in text_of(finished)


def test_sam_chooses_the_force_where_there_are_several_and_sees_who_may_be_known(sam: User, omar: User) -> None:
    policing.brought_in(omar, row())
    other = build.agency("Northern Police")
    other.kind, other.source = "police", "6"
    other.save()
    wanting = choose(sam, policing.file_of(row()))
    assert "Choose the force that the file is from" in text_of(wanting)
    assert "Error:" in text_of(wanting)
    page = text_of(choose(sam, policing.file_of(row(police_reference="PN/2")), agency=str(omar.agency_id)))
    assert "Children who may be known" in page
    assert "Zara Hussain" in page


def test_omar_is_not_told_who_the_mash_knows(omar: User) -> None:
    policing.brought_in(omar, row())
    page = text_of(choose(omar, policing.file_of(row(police_reference="PN/2"))))
    assert "1 notification can be brought in" in page
    assert "known" not in page


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "The file is empty"), (b"a,b\n1,2", "The file has no column police_reference")]
)
def test_a_file_that_is_none_comes_back_with_a_sentence(omar: User, content: bytes, sentence: str) -> None:
    assert sentence in text_of(choose(omar, content))
    assert Upload.objects.count() == 0


def test_no_file_is_asked_for_in_a_sentence(omar: User) -> None:
    assert "Choose the CSV file with the notifications" in text_of(signed_in(omar).post("/police-notifications/", {}))


def test_the_menu_has_notifications_for_the_police_and_not_for_a_nurse(omar: User, nell: User, grace: User) -> None:
    menus = {who.full_name: signed_in(who).get("/", follow=True).content.decode() for who in (omar, nell, grace)}
    assert [name for name, menu in menus.items() if "/police-notifications/" in menu] == ["Omar Khan", "Grace Lin"]


def test_the_template_has_every_column(omar: User) -> None:
    heading = signed_in(omar).get("/police-notifications/template.csv").content.decode("utf-8-sig").splitlines()[0]
    assert heading.split(",") == list(policing.NAMES)


def screened(grace: User, contact: Contact, **said: str) -> Any:
    child = contact.children.get().pk
    posted = {f"{name}_{child}": value for name, value in said.items()} | {"version": str(contact.version)}
    return signed_in(grace).post(f"/contacts/{contact.reference}/screening/", posted, follow=True)


def test_grace_screens_a_notification_and_maya_signs_the_list_off(omar: User, grace: User, maya: User) -> None:
    [contact] = policing.brought_in(omar, row())
    assert "1 notification to screen" in text_of(signed_in(grace).get("/screening/"))
    page = text_of(signed_in(grace).get(f"/contacts/{contact.reference}/screening/"))
    assert "A neighbour heard shouting about money." in page
    assert "From Regional Police" in page, "the head of the case stays whole"
    assert "Choose what to do about Zara Hussain" in text_of(screened(grace, contact))
    assert Screening.objects.count() == 0
    wanting = screened(grace, contact, decision="out", reason="First call.")
    assert "Choose the level decided for Zara Hussain." in text_of(wanting)
    assert "Recorded for" in text_of(screened(grace, contact, decision="out", level="2", reason="First call."))
    contact.refresh_from_db()
    listed = signed_in(maya).get("/screening/sign-off/").content.decode()
    [ticked] = re.findall(r'name="contact" value="([^"]+)"', listed)
    assert "Tick the notifications" in text_of(signed_in(maya).post("/screening/sign-off/", {}))
    done = signed_in(maya).post("/screening/sign-off/", {"contact": [ticked]}, follow=True)
    assert "1 notification screened out and closed." in text_of(done)
    contact.refresh_from_db()
    assert contact.as_stage is Stage.CLOSED
    out = text_of(signed_in(maya).get("/screening/screened-out/"))
    assert "Zara Hussain" in out
    assert "Proposed by Grace Lin, signed off by Maya Shah" in out
    assert "No further action" in text_of(signed_in(maya).get(f"/contacts/{contact.reference}/decision/"))


def test_maya_loses_nothing_that_she_wrote_where_a_line_cannot_be_signed_off(
    omar: User, grace: User, maya: User
) -> None:
    contacts = policing.brought_in(omar, row(), row(police_reference="PN/2", given_names="Ian", family_name="Roe"))
    for contact in contacts:
        screened(grace, contact, decision="out", level="2", reason="First call.")
        contact.refresh_from_db()
    first, second = contacts
    stale = {"contact": [f"{first.reference}.{first.version - 1}"], f"why_{first.reference}": "She has moved out."}
    page = signed_in(maya).post("/screening/sign-off/", stale).content.decode()
    assert f'href="#contact_{first.reference}"' in page
    assert re.search(rf'value="{first.reference}\.{first.version}" checked', page)
    assert not re.search(rf'value="{second.reference}\.{second.version}" checked', page)
    assert Contact.objects.open().count() == 2


def test_whoever_may_not_sign_off_sees_the_list_without_boxes_and_is_told(omar: User, grace: User, sam: User) -> None:
    [contact] = policing.brought_in(omar, row())
    screened(grace, contact, decision="out", level="2", reason="First call.")
    assert 'name="contact"' not in signed_in(sam).get("/screening/sign-off/").content.decode()
    contact.refresh_from_db()
    posted = {"contact": [f"{contact.reference}.{contact.version}", "x.y", "ZZZZ-ZZZZ.1"]}
    page = text_of(signed_in(sam).post("/screening/sign-off/", posted))
    assert f"{contact.reference} is not signed off." in page
    assert "ZZZZ-ZZZZ is not signed off. There is no such contact." in page
    contact.refresh_from_db()
    assert contact.as_stage is Stage.RECEIVED


def test_a_notification_without_a_level_has_its_pages(omar: User, grace: User) -> None:
    [contact] = policing.brought_in(omar, row(dvrim_scale="", dash_grade="", incident_type="Missing", rag="red"))
    for page in ("", "referral/", "assessment/", "decision/", "screening/"):
        assert signed_in(grace).get(f"/contacts/{contact.reference}/{page}").status_code in (200, 409), page
    assert signed_in(omar).get(f"/referrals/{contact.reference}/").status_code == 200


def test_rosa_makes_a_key_that_is_shown_once(rosa: User) -> None:
    made = signed_in(rosa).post("/keys/add/", {"name": "Pupil records", "scopes": ["submit", "follow"]})
    [key] = re.findall(r"mash_[0-9a-f]{10}_[\w-]{32}", made.content.decode())
    token = ApiToken.objects.get()
    assert token.agency == rosa.agency
    assert key not in signed_in(rosa).get(f"/keys/{token.pk}/").content.decode()
    assert token.prefix in signed_in(rosa).get("/keys/").content.decode()
    assert key not in (token.hashed, token.prefix)


def test_rosa_cannot_make_a_key_for_police_notifications_and_is_told(rosa: User) -> None:
    page = text_of(signed_in(rosa).post("/keys/add/", {"name": "Odd", "scopes": ["police"]}))
    assert "Only a police force’s system can send police notifications." in page
    assert "Send police notifications" not in text_of(signed_in(rosa).get("/keys/add/")), "it is not offered either"
    wanting = text_of(signed_in(rosa).post("/keys/add/", {}))
    assert "Enter what the key is for" in wanting
    assert "Choose what the key may do" in wanting
    assert ApiToken.objects.count() == 0


def test_rosa_replaces_and_revokes_her_agencys_keys_and_nobody_elses(rosa: User, omar: User, kit: User) -> None:
    hers, his = policing.key_of(rosa)[0], policing.key_of(omar, Scope.POLICE)[0]
    for verb in ("", "replace/", "revoke/"):
        assert signed_in(rosa).get(f"/keys/{his.pk}/").status_code == 404
        assert signed_in(rosa).post(f"/keys/{his.pk}/{verb}").status_code in (404, 405)
    replaced = signed_in(rosa).post(f"/keys/{hers.pk}/replace/")
    assert len(re.findall(r"mash_[0-9a-f]{10}_[\w-]{32}", replaced.content.decode())) == 1
    assert signed_in(rosa).post(f"/keys/{hers.pk}/replace/").status_code == 409, "it has been replaced"
    assert "revoked" in text_of(signed_in(rosa).post(f"/keys/{hers.pk}/revoke/", follow=True))
    assert ApiToken.objects.filter(revoked_at=None).count() == 2
    assert "Regional Police" in text_of(signed_in(kit).get("/keys/"))


def test_kit_makes_a_key_for_the_agency_that_he_chooses(kit: User, omar: User) -> None:
    said = {"agency": str(omar.agency_id), "name": "Command and control", "scopes": ["police"]}
    assert signed_in(kit).post("/keys/add/", said).status_code == 200
    assert ApiToken.objects.get().agency == omar.agency

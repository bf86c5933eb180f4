"""The administrator’s pages of matrix versions: the list, a draft from a file, what changes, publish and discard."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from referrals.administration.versions import actions, files
from tests import build
from tests.actions.test_matrix_versions import as_file, in_force, row_of
from tests.pages.casework import text
from thresholds.models import Matrix

pytestmark = pytest.mark.django_db

HERE = "/settings/matrix/"
CODE = "L3-LRN-01"


def changed() -> bytes:
    document = in_force()
    row_of(document, CODE)["text"] = "Attendance below 90 per cent"
    document["matrix"]["indicators"].append({"code": "L2-LRN-96", "text": "Kept at home to interpret"})
    return as_file(document, "xlsx")


def uploaded(client: Client, content: bytes, name: str = "matrix.xlsx") -> Any:
    return client.post(f"{HERE}draft/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def main(answer: Any) -> str:
    page = text(answer)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))


@pytest.fixture(autouse=True)
def _kit(client: Client, kit: User) -> None:
    client.force_login(kit)


def test_the_administrator_reads_which_version_is_in_force_since_when_and_who_published_it(
    client: Client, kit: User
) -> None:
    shown = main(client.get(HERE))
    assert "1 version of the threshold matrix" in shown
    assert "with the portal" in shown
    actions.publish(actions.draft(changed(), name="x", by=kit), by=kit)
    shown = main(client.get(HERE))
    assert "2 versions of the threshold matrix" in shown
    assert "by Kit Wells" in shown
    assert "Superseded" in shown


def test_an_administrator_drafts_reads_what_changes_confirms_and_publishes(client: Client) -> None:
    shown = main(uploaded(client, changed()))
    assert "Version 2 is a draft." in shown
    assert "1 indicator added" in shown
    assert "L2-LRN-96: Kept at home to interpret" in shown
    assert "Attendance below 90 per cent" in shown
    assert "1 indicator has no everyday words" in shown
    unconfirmed = client.post(f"{HERE}2/publish/", {})
    assert "Confirm that the partnership has agreed this version" in text(unconfirmed)
    assert Matrix.objects.current().version == 1
    shown = main(client.post(f"{HERE}2/publish/", {"confirmed": "on"}, follow=True))
    assert "Version 2 is in force." in shown
    assert Matrix.objects.current().version == 2
    again = client.post(f"{HERE}2/publish/", {"confirmed": "on"})
    assert again.status_code == 409
    assert "only a draft can be published" in text(again)
    assert "Publish or discard" not in text(client.get(f"{HERE}2/"))


def test_an_administrator_is_told_of_every_wrong_row_and_nothing_is_kept(client: Client) -> None:
    book = load_workbook(BytesIO(changed()))
    book["Indicators"]["B3"], book["Indicators"]["C4"] = None, "panic"
    wrong = BytesIO()
    book.save(wrong)
    page = text(uploaded(client, wrong.getvalue()))
    assert "Indicators, row 3: Indicator L1-LRN-02 needs text, as text." in page
    assert "there is no alert" in page
    assert "There is a problem" in page
    assert Matrix.objects.count() == 1
    for content, sentence in ((b"", "The file is empty"), (b"x" * (files.MOST_BYTES + 1), "larger than 2 MB")):
        assert sentence in text(uploaded(client, content))
    assert "Choose the file with the new version" in text(client.post(f"{HERE}draft/"))


def test_an_administrator_discards_a_draft(client: Client) -> None:
    uploaded(client, changed())
    assert "There is a draft already." in text(client.get(f"{HERE}draft/"))
    shown = main(client.post(f"{HERE}2/discard/", follow=True))
    assert "The draft of version 2 has been discarded." in shown
    assert Matrix.objects.count() == 1
    assert client.post(f"{HERE}1/discard/").status_code == 409
    assert Matrix.objects.count() == 1


@pytest.mark.parametrize("kind", files.KINDS)
def test_an_administrator_downloads_a_version_as_the_template_of_the_next(client: Client, kind: str) -> None:
    answer = client.get(f"{HERE}1/matrix.{kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="four-level-2018-version-1.{kind}"'
    assert "Nothing." in main(uploaded(client, answer.content, f"matrix.{kind}"))
    for nothing in (f"{HERE}1/matrix.pdf", f"{HERE}9/matrix.{kind}", f"{HERE}9/"):
        assert client.get(nothing).status_code == 404


@pytest.mark.parametrize("who", ["Maya", "Helen", "Rosa", "Ana", "Priya"])
def test_nobody_else_sees_or_changes_a_version(client: Client, who: str) -> None:
    client.force_login(build.player(who))
    for page in ("", "draft/", "1/", "1/matrix.xlsx"):
        assert client.get(HERE + page).status_code == 404
    assert uploaded(client, changed()).status_code == 404
    assert client.post(f"{HERE}1/publish/", {"confirmed": "on"}).status_code == 404
    assert Matrix.objects.count() == 1


def test_a_page_of_differences_asks_as_many_questions_for_one_change_as_for_many(client: Client, kit: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{HERE}2/").status_code == 200
        return len(queries)

    actions.draft(changed(), name="x", by=kit)
    client.get(f"{HERE}2/")
    few = asked()
    document = in_force()
    for row in document["matrix"]["indicators"]:
        row["text"] += ", or nearly"
    actions.draft(as_file(document), name="x", by=kit)
    assert asked() == few
    assert few <= 24

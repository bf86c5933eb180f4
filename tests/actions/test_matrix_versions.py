"""A new version of the matrix from a file: read by line and row, compared, published, and its everyday words kept."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.administration.versions import actions, files
from referrals.models import Assessment
from referrals.refusals import Refused
from referrals.vocabulary import Outcome
from tests import build
from thresholds import differences, finding, publishing, sheet_file, writing, yaml_file
from thresholds.models import EverydayPhrase, Indicator, Matrix
from thresholds.problems import MatrixProblems
from thresholds.publishing import NotADraft

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)
CHANGED, GONE, NEW = "L3-LRN-01", "L2-LRN-05", "L2-LRN-96"


def in_force() -> dict[str, Any]:
    return writing.document_of(Matrix.objects.current())


def row_of(document: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in document["matrix"]["indicators"] if row["code"] == code)
    return found


def without_words(document: dict[str, Any]) -> dict[str, Any]:
    for row in document["matrix"]["indicators"]:
        row.pop("words", None)
    return document


def as_file(document: dict[str, Any], kind: str = "yaml") -> bytes:
    return yaml_file.write(document).encode() if kind == "yaml" else sheet_file.write(document)


def phrases(matrix: Matrix) -> set[tuple[str, str]]:
    return set(EverydayPhrase.objects.filter(matrix=matrix).values_list("indicator__code", "phrase"))


def rows() -> list[int]:
    return [Matrix.objects.count(), Indicator.objects.count(), EverydayPhrase.objects.count(), Event.objects.count()]


# files


@pytest.mark.django_db
@pytest.mark.parametrize("kind", files.KINDS)
def test_the_version_in_force_comes_back_from_its_own_file_as_it_was(kind: str, kit: User) -> None:
    current = Matrix.objects.current()
    draft = actions.draft(files.write(current, kind), name=f"matrix.{kind}", by=kit)
    found = differences.between(in_force(), writing.document_of(draft))
    assert found.is_none
    assert phrases(draft) == phrases(current)
    assert draft.ruler() == current.ruler()
    assert (draft.version, draft.status, draft.source) == (2, "draft", f"matrix.{kind}")


def broken_sheet(**cells: str | None) -> bytes:
    """The version in force as a workbook with other values in some cells of Indicators, such as A7."""
    book = load_workbook(BytesIO(sheet_file.write(in_force())))
    for cell, value in cells.items():
        book["Indicators"][cell] = value
    made = BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"B7": None}, "Indicators, row 7: Indicator L1-HEA-01 needs text, as text."),
        ({"C7": "panic, harm"}, "Indicators, row 7: Indicator L1-HEA-01: there is no alert 'panic'."),
        ({"D7": "one"}, "Indicators, row 7: Indicator L1-HEA-01: dv_scales must be a list of whole numbers."),
        ({"A7": "L1-XXX-01"}, "Indicators, row 7: Indicator L1-XXX-01: there is no domain 'XXX'."),
        ({"A7": "L1-LRN-01"}, "Indicator L1-LRN-01 is there twice (Indicators, row 2; Indicators, row 7)."),
        ({"E1": "slang"}, "The sheet Indicators has a column slang, which is no field."),
        ({"E1": "slang"}, "The sheet Indicators has no column words."),
    ],
)
def test_what_is_wrong_in_a_spreadsheet_is_said_with_its_row_and_nothing_is_written(
    cells: dict[str, str | None], sentence: str, kit: User
) -> None:
    before = rows()
    with pytest.raises(Refused) as refused:
        actions.draft(broken_sheet(**cells), name="x", by=kit)
    assert sentence in refused.value.reasons
    assert rows() == before
    assert actions.draft(broken_sheet(), name="x", by=kit).version == 2


@pytest.mark.django_db
def test_what_is_wrong_in_a_yaml_file_is_said_with_its_line(kit: User) -> None:
    text = as_file(without_words(in_force())).decode()
    line = next(number for number, one in enumerate(text.split("\n"), 1) if f"code: {CHANGED}" in one)
    before = rows()
    for wrong, sentence in (
        (text.replace(f"code: {CHANGED}", "code: first"), f"Line {line}: Indicator first: a code names level, domain"),
        (
            text.replace(f"code: {CHANGED}", f"code: {CHANGED}\n    code: {CHANGED}"),
            f"Line {line + 1}: 'code' is there",
        ),
        (text.replace(f"code: {CHANGED}", "code: &a x\n    text: *a"), f"Line {line + 1}: write the text out again."),
        (text.replace(f"code: {CHANGED}", "code: [x"), "The file cannot be read as YAML at line"),
        ("[" * 5000, "The file cannot be read as YAML"),
        ("a: " + "9" * 5000, "The file cannot be read as YAML"),
        ("2018-99-99", "The file cannot be read as YAML"),
    ):
        with pytest.raises(Refused) as refused:
            actions.draft(wrong.encode(), name="x", by=kit)
        assert any(reason.startswith(sentence) for reason in refused.value.reasons), refused.value.reasons
    assert rows() == before


def bomb() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (sheet_file.MOST_BYTES + 1))
    return made.getvalue()


def empty_book() -> bytes:
    made, book = BytesIO(), Workbook()
    book.save(made)
    return made.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "The file is neither an Excel workbook (.xlsx) nor a YAML file in UTF-8."),
        (b"PK\x03\x04nonsense", sheet_file.NO_SPREADSHEET),
        (bomb(), "The spreadsheet is too large to be a matrix."),
        (empty_book(), "The workbook needs a sheet called Levels, with number, name, "),
        (b"x" * (files.MOST_BYTES + 1), files.TOO_LARGE),
        (b"", "The document needs 'matrix' at its top"),
    ],
    ids=["bytes", "no zip", "bomb", "empty", "large", "nothing"],
)
def test_a_file_that_is_no_matrix_is_refused_with_a_sentence(content: bytes, sentence: str, kit: User) -> None:
    before = rows()
    with pytest.raises(Refused) as refused:
        actions.draft(content, name="x", by=kit)
    assert any(reason.startswith(sentence) for reason in refused.value.reasons), refused.value.reasons
    assert rows() == before


@pytest.mark.django_db
def test_a_text_that_begins_like_a_formula_stays_a_text() -> None:
    document = in_force()
    row_of(document, CHANGED)["text"] = "=HYPERLINK(1)"
    content = sheet_file.write(document)
    cells = load_workbook(BytesIO(content))["Indicators"]
    assert {cell.data_type for row in cells.iter_rows() for cell in row if cell.value} == {"s"}
    back = sheet_file.read(content)
    assert row_of(back, CHANGED)["text"] == "=HYPERLINK(1)"


# differences


@pytest.mark.django_db
def test_a_draft_shows_what_it_adds_takes_away_moves_and_changes() -> None:
    before, after = in_force(), in_force()
    indicators = after["matrix"]["indicators"]
    row_of(after, CHANGED).update(text="Attendance below 90 per cent", alerts=["neglect"])
    indicators.remove(row_of(after, GONE))
    moved = row_of(after, "L2-HEA-05")
    moved["code"] = "L3-HEA-20"
    indicators.append({"code": NEW, "text": "Kept at home to interpret", "words": ["translates for mum"]})
    after["matrix"]["levels"][1]["need"] = "Something more"
    after["matrix"]["factors"][0]["domains"][0]["name"] = "School"
    found = differences.between(before, after)
    assert [row["code"] for row in found.added] == [NEW]
    assert [row["code"] for row in found.removed] == [GONE]
    [move] = found.moved
    assert (move.before, move.after, move.what) == ("L2-HEA-05", "L3-HEA-20", "From level 2 to level 3")
    assert [(one.about, one.what, one.after) for one in found.changed] == [
        (CHANGED, "Text", "Attendance below 90 per cent"),
        (CHANGED, "Alerts", "neglect"),
    ]
    assert [(one.about, one.what, one.after) for one in found.levels] == [("Level 2", "need", "Something more")]
    assert [(one.about, one.after) for one in found.places] == [("Domain LRN", "School (Child development)")]


# words


@pytest.mark.django_db
def test_everyday_words_stay_with_the_code_and_an_indicator_without_any_is_listed(kit: User) -> None:
    document = without_words(in_force())
    row_of(document, CHANGED)["text"] += " and beyond"
    row_of(document, "L2-LRN-03")["text"] = "Something that is not at all alike: a pony"
    moved_from, moved_to = "L2-HEA-05", "L3-HEA-20"
    row_of(document, moved_from)["code"] = moved_to
    document["matrix"]["indicators"] += [
        {"code": NEW, "text": "Kept at home to interpret"},
        {"code": "L2-LRN-97", "text": "Minds the shop", "words": ["behind the till"]},
    ]
    draft = actions.draft(as_file(document), name="x", by=kit)
    before, after = phrases(Matrix.objects.current()), phrases(draft)
    kept = {said for said in before if said[0] == CHANGED and said[1] != in_force_text(CHANGED)}
    assert kept
    assert kept <= after
    assert {said for code, said in before if code == "L2-HEA-05"} <= {
        said for code, said in after if code == "L3-HEA-20"
    }
    assert [one.code for one in writing.without_words(draft)] == ["L2-LRN-03", NEW]
    assert finding.find("behind the till", matrix=draft)[0].code == "L2-LRN-97"
    assert finding.find("mum drinks", matrix=draft)[:3] != []
    assert [one.code for one in finding.find("wont go to school", matrix=draft)[:3]] == [
        one.code for one in finding.find("wont go to school", matrix=Matrix.objects.current())[:3]
    ]


def in_force_text(code: str) -> str:
    return Matrix.objects.current().indicators.get(code=code).text


@pytest.mark.django_db
def test_words_that_a_partnership_wrote_itself_are_carried_over_to_the_version_after_next(kit: User) -> None:
    document = without_words(in_force())
    document["matrix"]["indicators"].append({"code": NEW, "text": "Minds the shop", "words": ["behind the till"]})
    first = actions.draft(as_file(document), name="x", by=kit)
    actions.publish(first, by=kit)
    second = actions.draft(as_file(without_words(in_force())), name="x", by=kit)
    assert (NEW, "behind the till") in phrases(second)


# coming into force


@pytest.mark.django_db
def test_an_old_assessment_and_its_decision_keep_the_version_they_were_made_with(
    kit: User, rosa: User, grace: User, maya: User
) -> None:
    old = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.SECTION_17)
    first = Matrix.objects.current()
    document = in_force()
    row_of(document, CHANGED)["text"] = "Reworded from top to bottom"
    draft = actions.draft(as_file(document), name="x", by=kit)
    open_one = build.claimed(rosa, worker=grace)
    actions.publish(draft, by=kit)
    new = build.assess(open_one, by=grace)
    kept = Assessment.objects.latest_of(old, Assessment.HUB)
    assert kept is not None
    assert (kept.matrix, kept.findings.get().indicator.text) == (first, in_force_text_of(first))
    assert (new.matrix, new.findings.get().indicator.text) == (draft, "Reworded from top to bottom")
    first.refresh_from_db()
    assert first.status == "superseded"


def in_force_text_of(matrix: Matrix) -> str:
    return matrix.indicators.get(code=CHANGED).text


@pytest.mark.django_db
def test_an_administrator_discards_a_draft_and_cannot_discard_what_was_published(kit: User) -> None:
    first = Matrix.objects.current()
    before = rows()[:3]
    draft = actions.draft(as_file(in_force()), name="x", by=kit)
    with pytest.raises(Refused, match="only a draft can be discarded"):
        actions.discard(first, by=kit)
    assert Matrix.objects.count() == 2
    actions.discard(draft, by=kit)
    assert rows()[:3] == before
    assert Event.objects.filter(verb="matrix.discard", by=kit).count() == 1
    with pytest.raises(NotADraft):
        publishing.discard(draft, by=kit)
    with pytest.raises(Refused, match="only a draft can be published"):
        actions.publish(draft, by=kit)


@pytest.mark.django_db
def test_a_corrected_file_replaces_the_draft_and_a_wrong_one_leaves_it(kit: User) -> None:
    actions.draft(as_file(in_force()), name="first", by=kit)
    with pytest.raises(Refused):
        actions.draft(b"matrix: {}", name="wrong", by=kit)
    assert Matrix.objects.get(status="draft").source == "first"
    actions.draft(as_file(in_force()), name="second", by=kit)
    draft = Matrix.objects.get(status="draft")
    assert (draft.version, draft.source) == (2, "second")


def test_a_spreadsheet_gives_up_with_a_problem_and_not_with_a_traceback() -> None:
    with pytest.raises(MatrixProblems, match="cannot be read as a spreadsheet"):
        sheet_file.read(b"PK")

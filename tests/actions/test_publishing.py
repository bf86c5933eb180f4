"""How a matrix comes into force, and that nothing changes it afterwards."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from thresholds import publishing
from thresholds.document import problems
from thresholds.models import Domain, Factor, Indicator, Level, Matrix
from thresholds.publishing import MatrixProblems, NotADraft, import_matrix, publish

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)


def document() -> Any:
    return publishing.default_document()


def rows() -> list[int]:
    return [model.objects.count() for model in (Matrix, Level, Factor, Domain, Indicator, Event)]


# the matrix that the portal ships with


@pytest.mark.django_db
def test_a_migrated_database_has_the_default_matrix_in_force() -> None:
    matrix = Matrix.objects.current()

    assert (matrix.code, matrix.version, matrix.published_by) == ("four-level-2018", 1, None)
    assert matrix.indicators.count() == 200


@pytest.mark.django_db
def test_the_default_in_the_database_is_what_importing_its_document_gives(kit: User) -> None:
    shipped, imported = Matrix.objects.current(), import_matrix(document(), by=kit)

    assert imported.ruler() == shipped.ruler()
    assert pages(imported) == pages(shipped)
    assert list(imported.levels.values(*TEXTS)) == list(shipped.levels.values(*TEXTS))
    assert all(any(row.values()) for row in shipped.levels.values(*TEXTS))


TEXTS = (
    "name",
    "need",
    "care_profile_grades",
    "care_profile",
    "neglect",
    "assessment",
    "intervention",
    "consent_rule",
    "consent",
)


def pages(matrix: Matrix) -> list[tuple[str, str, str, str]]:
    return [
        (group.level.name, side.factor.name, field.domain.name, indicator.text)
        for group in matrix.grouped()
        for side in group.factors
        for field in side.domains
        for indicator in field.indicators
    ]


@pytest.mark.django_db
def test_the_matrix_is_grouped_for_pages_in_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    matrix = Matrix.objects.current()
    with django_assert_num_queries(2):
        shown = pages(matrix)

    assert len(shown) == 200
    assert [group.level.number for group in matrix.grouped()] == [1, 2, 3, 4]
    assert [side.factor.code for side in matrix.grouped()[3].factors] == ["child", "family", "parenting"]
    assert [field.domain.code for field in matrix.grouped()[3].factors[0].domains] == [
        "LRN",
        "HEA",
        "SOC",
        "DIS",
        "IND",
    ]


@pytest.mark.django_db
def test_indicators_are_found_by_code_in_the_order_of_the_matrix() -> None:
    found = Matrix.objects.current().indicators.by_code(["L4-HEA-10", "L2-LRN-01", "L9-XXX-01"])

    assert [one.code for one in found] == ["L2-LRN-01", "L4-HEA-10"]


@pytest.mark.django_db
def test_a_suggestion_takes_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    matrix = Matrix.objects.current()
    with django_assert_num_queries(2):
        suggestion = matrix.suggest(["L4-HEA-10"], care_profile_grade=4, dvrim_scale=1)

    assert (suggestion.level, suggestion.alerts) == (4, ("harm", "dv"))


# importing


def test_an_administrator_can_import_a_matrix_as_a_draft(kit: User) -> None:
    draft = import_matrix(document(), by=kit, source="Adopted in February")

    assert (draft.status, draft.version, draft.published_at) == ("draft", 2, None)
    assert Matrix.objects.current().version == 1
    assert Event.objects.filter(verb="matrix.import", by=kit).count() == 1


Change = Callable[[Any], object]


def without(key: str) -> Change:
    return lambda matrix: matrix.pop(key)


def on(kind: str, number: int, /, **change: object) -> Change:
    return lambda matrix: matrix[kind][number].update(change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without("title"), "The matrix needs title, as text."),
        (without("effective_from"), "The matrix needs effective_from, a date such as 2018-02-01."),
        (lambda matrix: matrix.update(effective_from="soon"), "The matrix needs effective_from, a date"),
        (lambda matrix: matrix.update(effective_from=NOW), "The matrix needs effective_from, a date"),
        (lambda matrix: matrix.update(code="our matrix"), "code can have letters, digits, - and _ only."),
        (lambda matrix: matrix.update(title="x" * 201), "title must be ordinary text of at most 200 characters."),
        (lambda matrix: matrix.update(title="x\0"), "title must be ordinary text"),
        (lambda matrix: matrix.update(colour="red"), "The matrix has 'colour', which is no field."),
        (without("levels"), "The matrix needs levels, a list of at least one."),
        (without("factors"), "The matrix needs factors, a list of at least one."),
        (without("indicators"), "The matrix needs indicators, a list of at least one."),
        (lambda matrix: matrix.update(indicators=["L4-HEA-10"]), "entry 1 of indicators must have named fields"),
        (lambda matrix: matrix["levels"].pop(), "The matrix needs levels 1, 2, 3 and 4, each once."),
        (on("levels", 0, number="1st"), "The matrix needs levels 1, 2, 3 and 4, each once."),
        (on("levels", 0, number="1"), "The matrix needs levels 1, 2, 3 and 4, each once."),
        (on("levels", 1, need=None), "Level 2 needs need, as text."),
        (on("levels", 1, neglect=7), "Level 2 needs neglect, as text."),
        (on("levels", 1, consent_rule="ask"), "Level 2 needs a consent_rule: one of agency, required, "),
        (on("levels", 1, care_profile_grades=["3"]), "Level 2: care_profile_grades must be a list of whole numbers."),
        (on("levels", 1, care_profile_grades=[3, 5]), "Graded Care Profile grade 5 belongs to more than one level."),
        (on("factors", 0, code="family"), "Factor 'family' is there twice."),
        (on("factors", 0, domains=None), "Factor 'child' needs domains, a list of at least one."),
        (lambda matrix: matrix["factors"][0]["domains"][0].update(code="HEA"), "Domain 'HEA' is there twice."),
        (on("indicators", 0, code="L1-XXX-01"), "Indicator L1-XXX-01: there is no domain 'XXX'."),
        (on("indicators", 0, code="L5-LRN-01"), "Indicator L5-LRN-01: there is no level 5."),
        (
            on("indicators", 0, code="first"),
            "Indicator first: a code names level, domain and number, such as L4-HEA-10.",
        ),
        (on("indicators", 0, code="L1-LRN-02"), "Indicator L1-LRN-02 is there twice."),
        (on("indicators", 0, text=" "), "Indicator L1-LRN-01 needs text, as text."),
        (on("indicators", 0, alerts=["panic"]), "Indicator L1-LRN-01: there is no alert 'panic'."),
        (on("indicators", 0, alerts="harm"), "Indicator L1-LRN-01: alerts must be a list."),
        (on("indicators", 0, alerts=[["harm"]]), "Indicator L1-LRN-01: there is no alert '['harm']'."),
        (on("indicators", 0, dv_scales=[0]), "Indicator L1-LRN-01: dv_scales must be a list of whole numbers."),
        (on("indicators", 0, **{"or a care leaver": None}), "If it belongs to a text, put the text in quotes."),
    ],
)
def test_a_document_that_is_no_matrix_cannot_be_imported(change: Change, sentence: str, kit: User) -> None:
    good, bad = document(), copy.deepcopy(document())
    change(bad["matrix"])
    before = rows()

    with pytest.raises(MatrixProblems) as refusal:
        import_matrix(bad, by=kit)

    assert sentence in str(refusal.value)
    assert rows() == before
    assert problems(good) == [], "and nothing else was wrong with it"


@pytest.mark.parametrize("nonsense", [None, [], "matrix", 7, {"levels": []}, {"matrix": "four levels"}])
def test_nonsense_cannot_be_imported(nonsense: object, kit: User) -> None:
    before = rows()

    with pytest.raises(MatrixProblems, match="The document needs 'matrix' at its top"):
        import_matrix(nonsense, by=kit)

    assert rows() == before


def test_all_that_is_wrong_with_a_document_is_said_at_once(kit: User) -> None:
    bad = document()
    bad["matrix"].pop("title")
    bad["matrix"]["indicators"][0]["alerts"] = ["panic"]
    bad["matrix"]["indicators"][1]["code"] = "L1-XXX-02"

    with pytest.raises(MatrixProblems) as refusal:
        import_matrix(bad, by=kit)

    assert len(refusal.value.problems) == 3


def test_a_file_that_is_not_yaml_is_refused_with_its_line() -> None:
    assert publishing.read("matrix: {}") == {"matrix": {}}

    with pytest.raises(MatrixProblems, match=r"^The file cannot be read as YAML at line 3\.$"):
        publishing.read("matrix:\n  - {code: [\n")


# publishing


def test_an_administrator_can_publish_a_draft_and_the_last_one_is_superseded(kit: User) -> None:
    first, draft = Matrix.objects.current(), import_matrix(document(), by=kit)

    published = publish(draft, by=kit, now=NOW)

    first.refresh_from_db()
    assert (published.status, published.published_by, published.published_at) == ("published", kit, NOW)
    assert (first.status, Matrix.objects.current()) == ("superseded", published)
    assert Event.objects.filter(verb="matrix.publish", by=kit).count() == 1


def test_an_administrator_cannot_publish_what_is_not_a_draft(kit: User) -> None:
    first, draft = Matrix.objects.current(), import_matrix(document(), by=kit)
    publish(draft, by=kit, now=NOW)
    before = rows()

    for published in (first, draft):
        with pytest.raises(NotADraft, match="only a draft can be published"):
            publish(published, by=kit, now=NOW)

    assert rows() == before
    assert Matrix.objects.current() == draft

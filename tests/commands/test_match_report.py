"""`manage.py match_report`: what it compares, what it prints, and how good the rules are on slips that they meet."""

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mash_portal.accounts.models import User
from referrals.identity import actions
from referrals.models import Child, Contact
from referrals.rules.matching import Known
from tests import slips
from tests.history_file import HISTORY, another, imported, written

pytestmark = pytest.mark.django_db

AVA = {"given_names": "Ava", "family_name": "Osei", "date_of_birth": "2009-03-23", "postcode": "WS5 1NJ"}


def report(path: Path, *options: str) -> tuple[dict[str, Any], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("match_report", str(path), *options, stdout=out, stderr=err)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found, err.getvalue()


def truth(path: Path, *pairs: tuple[str, str]) -> Path:
    file = path / "truth.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("child_ref_a", "child_ref_b"), *pairs])
    return file


@pytest.fixture
def three(tmp_path: Path) -> list[str]:
    """Ava, Ava again with a slip, and her twin: the numbers that the earlier system gave them."""
    rows = [another(**AVA), another(**AVA | {"family_name": "Oesi"}), another(**AVA | {"given_names": "Eva"})]
    imported(written(tmp_path / "history.csv", rows))
    return [row["child_ref"] for row in rows]


def test_an_analyst_can_see_how_good_the_rules_are(three: list[str], tmp_path: Path) -> None:
    ava, again, twin = three
    found, said = report(truth(tmp_path, (again, ava)))
    assert (found["precision"], found["recall"], found["pairs"], found["children"]) == (1, 1, 1, 3)
    assert said == ""
    found, said = report(truth(tmp_path, (ava, twin)), "--misses")
    assert (found["true_positives"], found["false_positives"], found["false_negatives"]) == (0, 1, 1)
    assert (found["precision"], found["recall"]) == (0, 0)
    first, second = said.splitlines()
    assert first.startswith(f"wrong: {min(ava, again)} {max(ava, again)} likely")
    assert second.startswith(f"missed: {min(ava, twin)} {max(ava, twin)} possible")
    assert "different first name" in second


def test_a_number_that_is_not_here_is_missed_and_said(three: list[str], tmp_path: Path) -> None:
    found, said = report(truth(tmp_path, (three[0], three[1]), ("X1", three[0])), "--misses")
    assert (found["recall"], found["numbers_not_here"]) == (0.5, 1)
    assert said.endswith("(not in the history)\n")


def test_the_demonstrations_moved_copy_counts_where_there_is_nothing_else(three: list[str], tmp_path: Path) -> None:
    pairs = truth(tmp_path, (three[0], three[1]))
    before, _ = report(pairs)
    for child in Child.objects.select_related("person"):
        assert child.person is not None
        child.person.external_reference = f"{child.person.external_reference}+moved"
        child.person.save()
    after, _ = report(pairs)
    assert after | {"seconds": 0} == before | {"seconds": 0}


def test_a_join_by_hand_does_not_change_what_the_rules_would_do(three: list[str], tmp_path: Path, sam: User) -> None:
    pairs = truth(tmp_path, (three[0], three[1]))
    before, _ = report(pairs)
    one, other = (Child.objects.get(person__external_reference=number) for number in three[:2])
    contact = Contact.objects.get(pk=one.contact_id)
    actions.confirm(
        contact.reference, child=one.pk, person=other.person_id or 0, reason="", by=sam, version=contact.version
    )
    after, _ = report(pairs)
    assert after | {"seconds": 0} == before | {"seconds": 0}


def test_the_report_of_an_empty_portal_has_no_rates(tmp_path: Path) -> None:
    found, _ = report(truth(tmp_path))
    assert (found["precision"], found["recall"], found["children"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no file truth.csv."),
        (b"\xff\xfe\x00", "truth.csv cannot be read: it must be a CSV file in UTF-8."),
        (b"a,b\n1,2\n", "truth.csv must have the columns child_ref_a and child_ref_b in its first line."),
        (b"", "truth.csv must have the columns child_ref_a and child_ref_b in its first line."),
        (b"child_ref_a,child_ref_b\nC1,\n", "Line 2 of truth.csv does not name two children."),
        (b"child_ref_a,child_ref_b\nC1,C2\nC3\n", "Line 3 of truth.csv does not name two children."),
        (b"child_ref_a,child_ref_b\nC1,C1\n", "Line 2 of truth.csv names C1 twice."),
    ],
)
def test_a_file_that_is_no_truth_file_is_refused_with_a_sentence(
    content: bytes | None, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "truth.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=f"^{sentence}$"):
        report(file)


CHILDREN, EACH = 3000, 25


def _population(path: Path) -> dict[str, dict[str, str]]:
    """The first children of the demonstration's history, one row each, none of whom is there twice."""
    with path.open(encoding="utf-8") as file:
        rows = {row["child_ref"]: row for row in csv.DictReader(file)}
    kept: dict[str, dict[str, str]] = {}
    for row in rows.values():
        kept.setdefault(row["postcode"], row)
    return {row["child_ref"]: row for row in list(kept.values())[:CHILDREN]}


def _as_known(row: dict[str, str]) -> Known:
    born = date.fromisoformat(row["date_of_birth"])
    return Known(
        row["given_names"],
        row["family_name"],
        born,
        row["sex"],
        postcode=row["postcode"],
        ethnicity=row["ethnicity"],
        birth_year=born.year,
    )


def _as_row(row: dict[str, str], known: Known) -> dict[str, str]:
    assert known.date_of_birth is not None
    return another(
        **{name: row[name] for name in ("sex", "ethnicity")} | {"postcode": known.postcode or "WS5 1NJ"},
        given_names=known.given_names,
        family_name=known.family_name,
        date_of_birth=known.date_of_birth.isoformat(),
    )


def test_the_rules_join_every_kind_of_slip_and_no_twins_siblings_or_namesakes(tmp_path: Path) -> None:
    """3,000 children of one town, 25 of each kind of slip and of each kind of double; the same ones in every run."""
    random = Random(20_261_120)
    people = _population(HISTORY)
    common = Counter((row["given_names"], row["sex"]) for row in people.values())
    family = slips.Family([name for name, count in common.items() if count > CHILDREN / 200])
    kinds = {kind: how for kind, how in slips.JOINED.items() if kind != "no postcode"}  # the file has to have one
    spare = list(people)
    random.shuffle(spare)
    rows: list[dict[str, str]] = []
    pairs: dict[tuple[str, str], str] = {}
    for kind, how in kinds.items():
        chosen = [one for one in spare if slips.can_have(_as_known(people[one]), kind)][:EACH]
        spare = [one for one in spare if one not in chosen]
        for one in chosen:
            rows.append(_as_row(people[one], slips.written_again(random, _as_known(people[one]), how)))
            pairs[one, rows[-1]["child_ref"]] = kind
    for double in (family.twin, family.sibling, family.namesake):
        rows += [_as_row(people[one], double(random, _as_known(people[one]))) for one in spare[:EACH]]
        spare = spare[EACH:]
    counts, bad, _ = imported(written(tmp_path / "history.csv", [*people.values(), *rows]))
    assert counts["bad"] == 0, bad
    found, said = report(truth(tmp_path, *pairs), "--misses")
    gone = {pair: kind for pair, kind in pairs.items() if f"missed: {min(pair)} {max(pair)} " in said}
    missed = Counter(gone.values())
    assert found["precision"] >= 0.98, said
    assert found["recall"] >= 0.95, said
    assert {kind: count for kind, count in missed.items() if count > EACH * 0.12} == {}, said

"""A published matrix never changes, whoever writes and however: the database refuses it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mash_portal.accounts.models import User
from tests import build
from thresholds.models import Domain, Factor, Indicator, Level, Matrix
from thresholds.publishing import default_document as document
from thresholds.publishing import import_matrix, publish

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)


def rows() -> list[int]:
    return [model.objects.count() for model in (Matrix, Level, Factor, Domain, Indicator)]


WRITES: dict[str, Callable[[Matrix], object]] = {
    "reword an indicator": lambda m: m.indicators.update(text="Other words"),
    "delete an indicator": lambda m: m.indicators.all()[0].delete(),
    "add an indicator": lambda m: Indicator.objects.create(
        matrix=m, level=m.levels.all()[0], domain=Domain.objects.filter(factor__matrix=m)[0],
        code="L1-LRN-99", text="New", position=999,
    ),
    "change a level": lambda m: m.levels.update(consent_rule="agency"),
    "add a level": lambda m: Level.objects.create(matrix=m, number=5),
    "delete a level": lambda m: m.levels.all()[0].delete(),
    "rename a factor": lambda m: m.factors.update(name="Other"),
    "add a factor": lambda m: Factor.objects.create(matrix=m, code="new", name="New", position=9),
    "rename a domain": lambda m: Domain.objects.filter(factor__matrix=m).update(name="Other"),
    "add a domain": lambda m: Domain.objects.create(factor=m.factors.all()[0], code="NEW", name="New", position=9),
    "delete a domain": lambda m: Domain.objects.filter(factor__matrix=m)[0].delete(),
    "retitle the matrix": lambda m: Matrix.objects.filter(pk=m.pk).update(title="Other"),
    "delete the matrix": lambda m: m.delete(),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_a_draft_can_be_edited_and_a_published_matrix_cannot(write: Callable[[Matrix], object], kit: User) -> None:
    write(import_matrix(document(), by=kit))
    draft = import_matrix(document(), by=kit)
    publish(draft, by=kit, now=NOW)
    before = rows()

    for frozen in Matrix.objects.exclude(status="draft"):
        with pytest.raises(IntegrityError, match=r"takes no change|changed in no other way"), transaction.atomic():
            write(frozen)

    assert rows() == before


@pytest.mark.parametrize(
    ("status", "change"),
    [
        ("published", {"status": "draft", "published_at": None}),
        ("published", {"status": "superseded", "title": "Other"}),
        ("superseded", {"status": "published"}),
        ("superseded", {"status": "draft", "published_at": None}),
        ("draft", {"status": "superseded", "published_at": NOW}),
    ],
)
def test_a_matrix_cannot_go_back_or_round_its_life(status: str, change: dict[str, Any], kit: User) -> None:
    publish(import_matrix(document(), by=kit), by=kit, now=NOW)
    import_matrix(document(), by=kit)
    matrix = Matrix.objects.filter(status=status)

    with pytest.raises(IntegrityError, match="changed in no other way"), transaction.atomic():
        matrix.update(**change)

    assert matrix.count() == 1


@pytest.mark.django_db
def test_no_row_can_be_moved_out_of_a_published_matrix_into_a_draft(kit: User) -> None:
    draft = import_matrix(document(), by=kit)
    indicator = Matrix.objects.current().indicators.filter(code="L4-HEA-10")
    draft.indicators.filter(code="L4-HEA-10").delete()

    with pytest.raises(IntegrityError, match="takes no change"), transaction.atomic():
        indicator.update(matrix=draft)

    assert indicator.count() == 1


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """Do the first and hold it uncommitted while the second, in another thread, waits; the second's troubles."""
    started = threading.Event()
    troubles: list[Exception] = []

    def other() -> None:
        started.set()
        try:
            second()
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        first()
        thread.start()
        started.wait()
        thread.join(timeout=0.5)
        assert thread.is_alive()
    thread.join()
    return troubles


@pytest.mark.usefixtures("committed")
def test_two_administrators_publishing_at_once_leave_one_matrix_in_force() -> None:
    kit = build.player("Kit")
    one, two = [import_matrix(document(), by=kit) for _ in range(2)]

    troubles = meanwhile(lambda: publish(one, by=kit, now=NOW), lambda: publish(two, by=kit, now=NOW))

    assert troubles == []
    assert Matrix.objects.current() == two
    assert Matrix.objects.filter(status="superseded").count() == 2


@pytest.mark.usefixtures("committed")
def test_two_administrators_importing_at_once_get_a_version_each() -> None:
    kit = build.player("Kit")

    troubles = meanwhile(lambda: import_matrix(document(), by=kit), lambda: import_matrix(document(), by=kit))

    assert troubles == []
    assert sorted(Matrix.objects.values_list("version", flat=True)) == [1, 2, 3]


@pytest.mark.usefixtures("committed")
def test_an_edit_beside_a_publication_waits_and_is_refused() -> None:
    kit = build.player("Kit")
    draft = import_matrix(document(), by=kit)

    troubles = meanwhile(
        lambda: publish(draft, by=kit, now=NOW), lambda: draft.factors.create(code="late", name="Late", position=9)
    )

    assert [type(trouble) for trouble in troubles] == [IntegrityError]
    assert draft.factors.count() == 3

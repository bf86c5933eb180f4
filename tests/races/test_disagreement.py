"""A disagreement raised twice at once is one; answered and taken up at once, it stands at one stage."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from referrals.models import Disagreement
from referrals.refusals import Refused
from referrals.vocabulary import Outcome
from tests import build, disagreeing


def attempt(act: Callable[[], object]) -> str:
    try:
        act()
    except Refused as refusal:
        return str(refusal)
    finally:
        connections.close_all()
    return "done"


def test_raised_by_four_at_once_it_is_one_disagreement_with_one_clock(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.told(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    acts = [lambda n=n: disagreeing.raised(contact, by=rosa, why=f"Reason {n}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(attempt, acts))
    assert said.count("done") == 1
    assert len([one for one in said if "already disagreed" in one]) == 3
    found = Disagreement.objects.get()
    assert contact.steps.filter(verb="disagree").count() == 1
    assert contact.deadlines.live().filter(about=found.stages.get().about).count() == 1


def test_answered_and_taken_up_at_once_it_stands_at_one_stage_with_one_clock(committed: str) -> None:
    rosa, grace, maya, ivan = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Ivan"))
    contact = build.told(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    disagreeing.late(disagreeing.raised(contact, by=rosa))
    acts = [lambda: disagreeing.answered(contact, by=ivan), lambda: disagreeing.taken_up(contact, by=rosa)]
    with ThreadPoolExecutor(2) as pool:
        answered, taken_up = pool.map(attempt, acts)
    assert taken_up == "done", "late: it may be taken up before and after the answer"
    found = Disagreement.objects.get()
    first, second = found.stages.all()
    assert found.stage == second.number == 2
    assert (first.answered_at is not None) is (answered == "done")
    assert answered in ("done", "The disagreement has gone on to stage 2 since you opened the page.")
    assert contact.deadlines.live().filter(about=first.about).count() == 1

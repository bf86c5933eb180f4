"""Two people act at once, two managers look at once: on real connections, one of each is on record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from mash_portal.accounts.models import User
from referrals.decision import emergency
from referrals.decision.emergency import Act
from referrals.models import Contact, EmergencyAct
from referrals.refusals import Refused
from referrals.vocabulary import Clock
from tests import build


def answers_of(people: list[User], what: Callable[[User], object]) -> list[str]:
    """What each of them is told, all of them trying at the same moment."""

    def attempt(person: User) -> str:
        try:
            what(person)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(attempt, people))


def act_of(contact: Contact) -> Act:
    return Act("A fire", "Rang 999", "Fire service, 77", [child.pk for child in contact.children.all()])


def test_two_who_act_at_once_make_one_act_and_one_of_them_holds_the_contact(committed: str) -> None:
    rosa, grace, ivan, _maya = (build.player(name) for name in ("Rosa", "Grace", "Ivan", "Maya"))
    contact = build.received(rosa)
    act = act_of(contact)
    told = answers_of([grace, ivan], lambda person: emergency.act_now(contact.reference, act, by=person))
    assert sorted(answer == "done" for answer in told) == [False, True]
    assert "wrote down at" in next(answer for answer in told if answer != "done")
    winner = (grace, ivan)[told.index("done")]
    assert EmergencyAct.objects.get().by == winner
    contact.refresh_from_db()
    assert contact.owner == winner
    assert contact.deadlines.live().filter(clock=Clock.EMERGENCY).count() == 1
    assert contact.steps.filter(verb="act_now").count() == 1


def test_two_managers_who_look_at_once_leave_one_word_on_it(committed: str) -> None:
    rosa, grace, maya, ivan = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Ivan"))
    contact = build.received(rosa)
    emergency.act_now(contact.reference, act_of(contact), by=grace)
    told = answers_of(
        [maya, ivan],
        lambda person: emergency.confirm_act(contact.reference, was_right=True, words=person.full_name, by=person),
    )
    assert sorted(told) == ["Nothing waits to be looked at: a manager has done so already.", "done"]
    act = EmergencyAct.objects.get()
    assert act.confirmed_by == (maya, ivan)[told.index("done")]
    assert act.managers_words == str(act.confirmed_by)
    assert contact.steps.filter(verb="confirm_act").count() == 1

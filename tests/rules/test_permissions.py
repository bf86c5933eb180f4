"""Who may do what, read back from the table in the words of the guide."""

from pathlib import Path

from mash_portal.accounts.roles import Role
from referrals.rules import permissions
from referrals.rules.permission_guide import guide
from referrals.rules.permissions import Relation
from referrals.vocabulary import Verb

ROOT = Path(__file__).resolve().parents[2]


def may(role: Role, *relations: Relation) -> frozenset[Verb]:
    return permissions.allowed(role, frozenset(relations))


def test_a_referrer_follows_their_own_agency_and_does_nothing_in_the_hub() -> None:
    assert may(Role.REFERRER, Relation.OWN_AGENCY) == {
        Verb.FOLLOW,
        Verb.READ_FEEDBACK,
        Verb.ADD,
        Verb.ANSWER,
        Verb.WITHDRAW,
        Verb.JOIN,
        Verb.UNDERSTAND,
        Verb.ASK_BACK,
        Verb.DISAGREE,
        Verb.TAKE_UP,
    }
    assert not may(Role.REFERRER, Relation.HUB, Relation.HOLDER)


def test_a_contact_officer_reads_and_does_not_decide() -> None:
    assert may(Role.CONTACT_OFFICER, Relation.HUB, Relation.HOLDER) == {
        Verb.READ,
        Verb.NOTE,
        Verb.JOIN,
        Verb.DUPLICATE,
        Verb.IDENTIFY,
    }


def test_a_social_worker_works_only_on_what_they_hold() -> None:
    joins = {Verb.JOIN, Verb.DUPLICATE, Verb.IDENTIFY}
    at_once = {Verb.ACT_NOW, Verb.BREAK_GLASS, Verb.NOTE, Verb.MEET, Verb.RESPOND}
    assert may(Role.SOCIAL_WORKER, Relation.HUB) == {Verb.READ, Verb.CLAIM, Verb.SCREEN} | joins | at_once
    assert {Verb.ASSESS, Verb.RECOMMEND} <= may(Role.SOCIAL_WORKER, Relation.HUB, Relation.HOLDER)
    assert Verb.SIGN_OFF not in may(Role.SOCIAL_WORKER, *Relation)


def test_only_managers_sign_off() -> None:
    signs = {role for role in Role if Verb.SIGN_OFF in may(role, *Relation)}
    assert signs == {Role.TEAM_MANAGER, Role.SERVICE_MANAGER}


def test_an_administrator_and_an_analyst_see_no_case() -> None:
    for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.SYSTEM):
        assert not may(role, *Relation)


def test_an_auditor_reads_what_they_audit_and_nothing_else() -> None:
    assert may(Role.AUDITOR, *Relation) == may(Role.AUDITOR, Relation.SAMPLED) == {Verb.READ}
    assert not may(Role.AUDITOR, *(set(Relation) - {Relation.SAMPLED}))


def test_every_verb_a_person_can_do_is_given_to_somebody() -> None:
    given = {verb for verbs in permissions.PERMISSIONS.values() for verb in verbs}
    assert given == set(Verb) - {Verb.RECEIVE, Verb.IMPORT}


def test_the_guide_in_docs_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text() == guide(), (
        "run: manage.py permission_guide > docs/permissions.md"
    )

"""The cases of a dip sample: what a month holds, who worked on each, and the door to one of them.

A restricted record is in no sample, and leaves every list of one the moment it is restricted.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.lookups import Exact
from django.http import Http404

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Audit, Child, Decision, Sampled, Screening
from referrals.models.learning import SampledQuerySet
from referrals.rules import sampling
from referrals.rules.period import midnight


def strata(month: date) -> dict[str, list[int]]:
    """Stratum → the children decided in that month that may be counted: two queries, one more where any is hidden."""
    first, last = midnight(month), midnight((month + timedelta(days=31)).replace(day=1))
    decided = access.countable().filter(in_scope=True, decided_at__gte=first, decided_at__lt=last).exclude(outcome="")
    screened_out = set(
        Screening.objects.filter(screened_out=True, signed_off_at__gte=first, signed_off_at__lt=last).values_list(
            "child", flat=True
        )
    )
    found: dict[str, list[int]] = {}
    for child, kind, outcome in decided.order_by("pk").values_list("pk", "agency__kind", "outcome"):
        name = sampling.stratum(kind, outcome, screened_out=child in screened_out)
        found.setdefault(name, []).append(child)
    return found


def worked_on(children: Collection[int]) -> Mapping[int, frozenset[int]]:
    """child → who held the contact, recommended, signed off, sent back or screened: they audit it never.

    Three queries.
    """
    found: dict[int, set[int | None]] = {child: set() for child in children}
    rows = Child.objects.filter(pk__in=children)
    for child, *people in rows.values_list("pk", "contact__owner", "screening__by", "screening__signed_off_by"):
        found[child].update(people)
    made = Decision.objects.filter(contact__children__in=list(children))
    people_of = ("recommended_by", "signed_off_by", "sent_back_by")
    for child, *people in made.values_list("contact__children", *people_of):
        if child in found:
            found[child].update(people)
    assessed = rows.exclude(contact__assessments=None).values_list("pk", "contact__assessments__by")
    for child, person in assessed:
        found[child].add(person)
    return {child: frozenset(one for one in people if one is not None) for child, people in found.items()}


def seen_by(user: User) -> SampledQuerySet:
    """Every sampled case but for those on records that this person would never hear of."""
    return Sampled.objects.exclude(child__contact__in=access.hidden_from(user))


def read_case(user: User, case: int) -> Sampled:
    """One sampled case with everybody it names. 404 where there is none to see."""
    people = ("child__contact__agency", "sample", "auditor", "second_auditor")
    found = seen_by(user).select_related(*people).prefetch_related("audits__by").filter(pk=case).first()
    if found is None:
        raise Http404
    return found


def open_case(user: User, case: int) -> Sampled:
    """The same, locked for writing: inside the transaction of an action."""
    if Sampled.objects.select_for_update(of=("self",)).filter(pk=case).first() is None:
        raise Http404
    return read_case(user, case)


def read_audit(user: User, audit: int) -> Audit:
    """One audit with its case and its actions. 404 where the record is hidden."""
    people = ("by", "sampled__child__contact__agency", "sampled__sample")
    found = audits_seen_by(user).select_related(*people).filter(pk=audit).first()
    if found is None:
        raise Http404
    return found


def audits_seen_by(user: User) -> QuerySet[Audit]:
    return Audit.objects.exclude(sampled__child__contact__in=access.hidden_from(user))


def worker_of(audit: Audit) -> User | None:
    """The person whose work it is, if they are still here.

    Who recommended, or proposed to screen out, what was in force when the sample was drawn. Nobody for what an earlier
    system decided, which kept no names.
    """
    contact, drawn = audit.sampled.child.contact_id, audit.sampled.sample.drawn_at
    made = Decision.objects.filter(contact=contact, signed_off_at__lte=drawn, is_imported=False).order_by("-pk").first()
    return User.objects.filter(pk=made.recommended_by_id, is_active=True).first() if made else None


def found_about(user: User) -> QuerySet[Audit]:
    """What audits found about this person's own work (see worker_of), and they have been told."""
    contact, drawn = OuterRef("sampled__child__contact"), OuterRef("sampled__sample__drawn_at")
    made = Decision.objects.filter(contact=contact, signed_off_at__lte=drawn, is_imported=False).order_by("-pk")
    theirs = Exact(Subquery(made.values("recommended_by")[:1]), user.pk)
    told = audits_seen_by(user).filter(theirs).exclude(worker_told_at=None)
    return told.select_related("by", "sampled__child__contact", "sampled__sample").order_by("-worker_told_at", "-pk")


def found_about_forms_of(user: User) -> QuerySet[Audit]:
    """What audits found about the forms of this person's agency, and it has been told."""
    if user.agency_id is None:
        return Audit.objects.none()
    told = Audit.objects.filter(sampled__child__contact__in=access.visible_to(user)).exclude(agency_told_at=None)
    mine = told.filter(sampled__child__contact__agency=user.agency_id)
    return mine.select_related("sampled__child__contact", "sampled__sample").order_by("-agency_told_at", "-pk")

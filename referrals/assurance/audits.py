"""Pages of an audit: what one has to audit, the form, what was found and who is told, and the actions that follow."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.audit import trail
from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, casefile
from referrals.refusals import Refused
from referrals.rules import permissions

from . import auditing, cases, pages, queries
from .forms import ActionForm, AuditForm, DoneForm
from .queries import ALL, DONE, LATE, MINE, OPEN, Filters
from .views import posted, turning

_STATES = ((OPEN, "Open"), (LATE, "Late"), (MINE, "Mine"), (DONE, "Done"), (ALL, "All"))


@declares(roles(permissions.AUDITS))
def to_audit(request: HttpRequest) -> HttpResponse:
    """What this person has been given and has not audited."""
    user = visitor(request)
    rows = [pages.case_row(case, user) for case in queries.to_audit(user)]
    context = {"heading": f"{count(len(rows), 'case')} for you to audit", "rows": rows}
    return render(request, "assurance/to_audit.html", context)


@declares(roles(permissions.AUDITS))
def case(request: HttpRequest, case: int) -> HttpResponse:
    """One sampled case: what it stands for, the way to its record, and what was found."""
    user, today = visitor(request), timezone.localdate()
    found = cases.read_case(user, case)
    reference = found.child.contact.reference
    trail.record("viewed:audit", by=user, reference=reference)
    read = [audit for audit in found.audits.all() if pages.reads(audit, found, user)]
    actions = queries.actions_of([audit.pk for audit in read])
    opens = access.visible_to(user).filter(reference=reference).exists()
    context: dict[str, Any] = {
        "case": pages.case_row(found, user),
        "sampled": found,
        "record_url": reverse("triage:contact", args=[reference]) if opens else "",
        "why_not": auditing.why_not(found, user),
        "audits": [pages.audit_card(audit) for audit in read],
        "actions": [pages.action_row(action, user, today) for action in actions],
        "may_give": pages.may(user)["draws"],
    }
    return render(request, "assurance/case.html", context)


@declares(roles(permissions.AUDITS))
def audit(request: HttpRequest, case: int) -> HttpResponse:
    """A grade and its evidence for each question."""
    user = visitor(request)
    found = cases.read_case(user, case)
    if said := auditing.why_not(found, user):
        raise Refused(said)
    form = AuditForm(posted(request))
    if form.is_valid() and casefile.taken(form, auditing.audit, case, form.found(), by=user):
        messages.success(request, "The audit is saved. Send the findings when they are ready, and add what follows.")
        return redirect("assurance:case", case)
    reference = found.child.contact.reference
    context = {
        "form": form,
        "case": pages.case_row(found, user),
        "record_url": reverse("triage:contact", args=[reference]),
    }
    return render(request, "assurance/audit.html", context)


@declares(roles(permissions.AUDITS))
@require_POST
def tell(request: HttpRequest, audit: int) -> HttpResponse:
    """Send what is for the worker and for the agency."""
    made = auditing.tell(audit, by=visitor(request))
    told = [who for who, at in (("the worker", made.worker_told_at), ("the agency", made.agency_told_at)) if at]
    messages.success(request, f"Sent: {' and '.join(told)} can read it.")
    return redirect("assurance:case", made.sampled_id)


@declares(roles(permissions.AUDITS))
def add_action(request: HttpRequest, audit: int) -> HttpResponse:
    """What follows, who does it, and by when."""
    user = visitor(request)
    made = cases.read_audit(user, audit)
    form = ActionForm(queries.owners(), posted(request))
    if form.is_valid():
        said = form.cleaned_data | {"owner": form.people[form.cleaned_data["owner"]]}
        if casefile.taken(form, auditing.add_action, audit, **said, by=user):
            messages.success(request, "The action is added. Its owner has been told.")
            return redirect("assurance:case", made.sampled_id)
    return render(request, "assurance/add_action.html", {"form": form, "audit": made})


@declares(roles(permissions.AUDITED))
def actions(request: HttpRequest) -> HttpResponse:
    """What follows from audits: who has it to do, by when, how late it is."""
    user, today = visitor(request), timezone.localdate()
    filters = Filters.read(request.GET, OPEN, LATE, MINE, DONE, ALL)
    page = queries.paged(queries.actions(user, filters, today), request.GET.get("page", ""))
    rows = [pages.action_row(one, user, today) for one in page]
    label = dict(_STATES)[filters.state].lower()
    context = {
        "heading": f"{count(page.paginator.count, 'action')}{'' if filters.state == ALL else f' {label}'}",
        "rows": rows,
        "states": [(label, f"?state={key}", key == filters.state) for key, label in _STATES],
    }
    return render(request, "assurance/actions.html", context | turning(page, f"?state={filters.state}&"))


@declares(roles(permissions.AUDITED))
def finish(request: HttpRequest, action: int) -> HttpResponse:
    """It has been done, with what was done."""
    user, today = visitor(request), timezone.localdate()
    found = queries.action(user, action)
    form = DoneForm(posted(request))
    if form.is_valid() and casefile.taken(form, auditing.finish, action, done=form.cleaned_data["done"], by=user):
        messages.success(request, "Done.")
        return redirect("assurance:actions")
    row = pages.action_row(found, user, today)
    return render(request, "assurance/done.html", {"form": form, "action": row})

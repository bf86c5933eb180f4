"""Is this child known? A person looks, and says: the same child, not the same child, or two who were taken for one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, visitor
from referrals import access, casefile
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Verb

from . import actions, pages
from .forms import SAME, ApartForm, VerdictForm

DONE = {
    True: "They are one child now. Every contact about either is in the history.",
    False: "Remembered. They will not be proposed for each other again.",
}


@declares(case(Verb.READ, post=Verb.IDENTIFY))
def known(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.IDENTIFY if request.method == "POST" else Verb.READ)
    form = _posted(request)
    if form is not None and form.is_valid() and _said(request, reference, form):
        return redirect("identity:known", reference)
    frame = casefile.frame(contact, user, timezone.now(), current="known")
    shown = {"people": pages.children_of(contact, user, form), "form": form}
    return render(request, "identity/known.html", frame | shown)


@declares(case(Verb.IDENTIFY))
def apart(request: HttpRequest, reference: str, child: int) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.IDENTIFY)
    row = pages.child_of(contact, child)
    form = ApartForm(pages.contacts_of(row, user), request.POST or None, initial={"version": contact.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.part(reference, child=child, by=user, **form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, "They are two children now. Each keeps their own contacts.")
            return redirect("identity:known", reference)
    frame = casefile.frame(contact, user, timezone.now(), current="known")
    return render(request, "identity/apart.html", frame | {"form": form, "name": row.name})


def _posted(request: HttpRequest) -> VerdictForm | None:
    if request.method != "POST":
        return None
    return pages.verdict_form(request.POST.get("child", ""), request.POST.get("person", ""), request.POST)


def _said(request: HttpRequest, reference: str, form: VerdictForm) -> bool:
    """Whether it was done; a refusal is left on the form."""
    told = dict(form.cleaned_data)
    is_same = told.pop("answer") == SAME
    try:
        (actions.confirm if is_same else actions.reject)(reference, by=visitor(request), **told)
    except NotYours:
        raise
    except Refused as refusal:
        casefile.add_refusal(form, refusal)
        return False
    messages.success(request, DONE[is_same])
    return True

"""The files of a draft, and opening a file: one's own agency's, or the hub's."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mash_portal import uploads
from mash_portal.door import case, declares, drafting, visitor
from referrals import access, papers
from referrals.models import Attachment
from referrals.refusals import Refused
from referrals.rules import permissions
from referrals.vocabulary import AttachmentKind, Verb

from . import actions
from .forms import AttachForm

SENT = "This referral has been sent, so no file can be attached to it here. If there is more to say, add information."


@declares(drafting(permissions.DRAFTING))
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is attached, and one more. A file that is not taken leaves the list as it was."""
    user = visitor(request)
    try:
        draft = access.draft_of(user, key)
    except Http404:
        return _sent_already(request, key)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachForm(*posted, too_large=uploads.was_stopped(request))
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"], AttachmentKind(form.cleaned_data["kind"])
        try:
            attached = actions.attach(key, file.name, file.read(), kind, by=user)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"“{attached.name}” is attached.")
            return redirect("attachments:files", key)
    context = {"draft": draft, "form": form, "rows": papers.of_draft(draft), "most": settings.ATTACHMENTS_PER_REFERRAL}
    return render(request, "attachments/files.html", context)


@declares(drafting(permissions.DRAFTING))
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, key: UUID, attachment: UUID) -> HttpResponse:
    """Ask first."""
    user = visitor(request)
    found = actions.on_draft(key, attachment, by=user)
    if request.method == "POST":
        actions.remove(key, attachment, by=user)
        messages.success(request, f"“{found.name}” is removed.")
        return redirect("attachments:files", key)
    return render(request, "attachments/remove.html", {"attachment": found, "key": key})


@declares(drafting(permissions.DRAFTING))
@require_safe
def of_draft(request: HttpRequest, key: UUID, attachment: UUID) -> HttpResponse:
    found = actions.on_draft(key, attachment, by=visitor(request))
    return _opened(request, found, back=reverse("attachments:files", args=[key]))


@declares(case(Verb.FOLLOW))
@require_safe
def of_referral(request: HttpRequest, reference: str, file: UUID) -> HttpResponse:
    contact, found = actions.on_contact(reference, file, Verb.FOLLOW, by=visitor(request))
    return _opened(request, found, back=reverse("intake:referral", args=[reference]), reference=contact.reference)


@declares(case(Verb.READ))
@require_safe
def of_contact(request: HttpRequest, reference: str, file: UUID) -> HttpResponse:
    contact, found = actions.on_contact(reference, file, Verb.READ, by=visitor(request))
    return _opened(request, found, back=reverse("triage:contact", args=[reference]), reference=contact.reference)


def _sent_already(request: HttpRequest, key: UUID) -> HttpResponse:
    """To the referral that the draft has become; 404 for a draft that never was, or is another agency's."""
    contact = actions.sent_from(visitor(request), key)
    if contact is None:
        raise Http404
    if request.method == "POST":
        messages.warning(request, SENT)
    return redirect("intake:referral", contact.reference)


def _opened(request: HttpRequest, attachment: Attachment, *, back: str, reference: str = "") -> HttpResponse:
    """The file as a download that no browser shows inside the portal; its state in words until it may be opened."""
    try:
        content = actions.open_file(attachment, by=visitor(request), reference=reference)
    except Refused as refusal:
        context = {"attachment": attachment, "why": str(refusal), "back_url": back}
        return render(request, "attachments/waiting.html", context)
    answer = FileResponse(content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return cast("HttpResponse", answer)  # a stream: 25 MB need not be in memory at once

"""Versions of the matrix: the list, drafting one from a file, what it changes, publishing or discarding it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import declares, roles, visitor
from referrals import casefile
from referrals.administration import places
from referrals.refusals import Refused
from referrals.rules import permissions

from . import actions, files, pages
from .forms import DraftForm, PublishForm


@declares(roles(permissions.ADMINISTRATION))
def versions(request: HttpRequest) -> HttpResponse:
    return _page(request, "versions", rows=pages.versions())


@declares(roles(permissions.ADMINISTRATION))
def draft(request: HttpRequest) -> HttpResponse:
    """Read a file; what is wrong with it is said all at once, and nothing is written."""
    form = DraftForm(request.POST, request.FILES) if request.method == "POST" else DraftForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.draft(file.read(), name=file.name or "", by=visitor(request))
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, f"Version {made.version} is a draft. Read what it changes before you publish it.")
            return redirect("versions:version", made.version)
    return _page(request, "draft", form=form, **pages.to_start_from())


@declares(roles(permissions.ADMINISTRATION))
def version(request: HttpRequest, version: int) -> HttpResponse:
    """One version and what it changes in the one before it."""
    shown = pages.described(pages.get(version), timezone.localdate())
    return _page(request, "version", form=PublishForm() if shown["is_draft"] else None, **shown)


@declares(roles(permissions.ADMINISTRATION))
def download(request: HttpRequest, version: int, kind: str) -> HttpResponse:
    """A version as a file to change and bring back."""
    found = pages.get(version)
    if kind not in files.KINDS:
        raise Http404
    answer = HttpResponse(files.write(found, kind), content_type=files.KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{found.code}-version-{version}.{kind}"'
    return answer


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def publish(request: HttpRequest, version: int) -> HttpResponse:
    found = pages.get(version)
    form = PublishForm(request.POST)
    if form.is_valid():
        actions.publish(found, by=visitor(request))
        messages.success(request, f"Version {version} is in force. Older assessments keep the version they had.")
        return redirect("versions:versions")
    return _page(request, "version", form=form, **pages.described(found, timezone.localdate()))


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def discard(request: HttpRequest, version: int) -> HttpResponse:
    actions.discard(pages.get(version), by=visitor(request))
    messages.success(request, f"The draft of version {version} has been discarded.")
    return redirect("versions:versions")


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"versions/{template}.html", {"pages": places.of(request), **context})

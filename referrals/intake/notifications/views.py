"""Uploading police notifications: choose a file, look at it, bring it in, see what became of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mash_portal import uploads as uploaded
from mash_portal.door import declares, of_kind, visitor
from referrals import casefile
from referrals.refusals import Refused
from referrals.rules import permissions
from referrals.vocabulary import AgencyKind

from . import actions, columns, pages, queries
from .forms import UploadForm

#: How long one look at the progress works for, and how soon the page looks again.
WORK_SECONDS, AGAIN_SECONDS = 2.0, 1
NOTIFIERS = of_kind(AgencyKind.POLICE, permissions.NOTIFIERS, or_anywhere=permissions.CALLS)


@declares(NOTIFIERS)
def uploads(request: HttpRequest) -> HttpResponse:
    """Choose a file; files of the last days with what became of them."""
    user = visitor(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(queries.forces_for(user), *posted, too_large=uploaded.was_stopped(request))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = actions.take(file.read(), name=file.name, agency=form.force(), by=user)
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            return redirect("notifications:upload", upload.key)
    rows = pages.upload_rows(user, timezone.now())
    context = {"form": form, "rows": rows, "columns": pages.column_rows()}
    return render(request, "notifications/uploads.html", context)


@declares(NOTIFIERS)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return _download(columns.template(), "police-notifications.csv")


@declares(NOTIFIERS)
@require_safe
def upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    """One address for the whole life of a file. While it comes in, each look also does a part of the work."""
    user = visitor(request)
    found = queries.upload_of(user, upload)
    actions.go_on(found, seconds=WORK_SECONDS)
    counts = found.counts()
    if pages.is_under_way(found, counts):
        answer = render(request, "notifications/progress.html", pages.progress(found, counts))
        answer["Refresh"] = str(AGAIN_SECONDS)
        return answer
    if found.confirmed_at is None:
        return render(request, "notifications/preview.html", pages.preview(found, user, counts))
    return render(request, "notifications/result.html", pages.result(found, user, counts))


@declares(NOTIFIERS)
@require_POST
def bring_in(request: HttpRequest, upload: UUID) -> HttpResponse:
    actions.confirm(upload, by=visitor(request))
    return redirect("notifications:upload", upload)


@declares(NOTIFIERS)
@require_safe
def left_out(request: HttpRequest, upload: UUID) -> HttpResponse:
    found = queries.upload_of(visitor(request), upload)
    return _download(pages.left_out_file(found), f"left-out-{found.at:%Y-%m-%d}.csv")


@declares(NOTIFIERS)
@require_POST
def delete(request: HttpRequest, upload: UUID) -> HttpResponse:
    actions.throw_away(upload, by=visitor(request))
    messages.success(request, "The file has been deleted. Contacts that it made stay.")
    return redirect(reverse("notifications:uploads"))


def _download(text: str, name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

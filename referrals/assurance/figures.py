"""Figures of quality: who came back after no further action, and the report to the partnership."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mash_portal.audit import trail
from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, sheets
from referrals.rules import permissions, suppression

from . import listing, lookback, measures, pages, partnership, queries, tables
from .lookback import WINDOWS, Asked
from .periods import LookBackForm, LookBackListForm, PeriodForm
from .views import turning

REPORT = permissions.INSIGHT | permissions.AUDIT


@declares(roles(permissions.INSIGHT))
def look_back(request: HttpRequest) -> HttpResponse:
    """Of those closed without further action: how many came back, how soon, and as what."""
    user, now = visitor(request), timezone.now()
    form = LookBackForm(_asked(request.GET, timezone.localdate(now), months=18))
    context: dict[str, Any] = {"form": form, "heading": "Who came back after no further action"}
    if form.is_valid():
        first, last, group = form.cleaned_data["start"], form.cleaned_data["end"], form.cleaned_data["group"]
        found = lookback.count(access.countable_by(user), first, last, now)
        chosen = found.get(group, lookback.Back())
        if request.GET.get("as") in (*sheets.Kind,):
            whole, narrowed = pages.may(user)["whole_numbers"], {"start": f"{first}", "end": f"{last}", "group": group}
            made = [tables.look_back_sheet(found, whole=whole)]
            return _download(request, made, "nfa-look-back", narrowed, hides=not whole)
        context |= {
            "heading": tables.look_back_heading(chosen),
            "days": tables.days_of(first, last),
            "group": group,
            "windows": WINDOWS,
            "rows": tables.look_back_rows(found, first, last) if found[""].closed else [],
            "as_what": tables.as_what_rows(chosen, group, first, last),
            "censored": tables.censored(found[""], first, last),
            "query": f"?start={first}&end={last}",
        }
    return render(request, "assurance/look_back.html", context)


@declares(roles(permissions.INSIGHT))
def look_back_list(request: HttpRequest) -> HttpResponse:
    """The children whom a number of the look back counts: the same filters, so the same count."""
    user, now = visitor(request), timezone.now()
    form = LookBackListForm(_asked(request.GET, timezone.localdate(now), months=18))
    if not form.is_valid():
        return render(request, "assurance/look_back_list.html", {"form": form, "heading": "Who came back"})
    asked = form.asked()
    page = queries.paged(lookback.listed(access.countable_by(user), asked, now), request.GET.get("page", ""))
    here = tables.address(asked)
    back = f"{reverse('assurance:look_back')}?start={asked.first}&end={asked.last}"
    context = {
        "form": form,
        "heading": count(page.paginator.count, "child", "children"),
        "days": tables.days_of(asked.first, asked.last),
        "rows": listing.rows(page, user),
        "selected": listing.chosen(asked),
        "clear_url": tables.address(Asked(asked.first, asked.last)),
        "back_url": back,
    }
    return render(request, "assurance/look_back_list.html", context | turning(page, f"{here}&"))


@declares(roles(REPORT))
def report(request: HttpRequest) -> HttpResponse:
    """What the audits of a period say, for the partnership: no name of anybody."""
    user, today = visitor(request), timezone.localdate()
    form = PeriodForm(_asked(request.GET, today, months=12))
    context: dict[str, Any] = {"form": form, "heading": "What the audits say"}
    if form.is_valid():
        first, last = form.cleaned_data["start"], form.cleaned_data["end"]
        found = measures.report(user, first, last, today)
        told = partnership.Told(found)
        if request.GET.get("as") in (*sheets.Kind,):
            narrowed = {"start": f"{first}", "end": f"{last}"}
            return _download(request, _chosen(request, told.sheets), "audits", narrowed, hides=True)
        context |= {
            "heading": told.heading,
            "days": tables.days_of(first, last),
            "found": found,
            "summary": told.summary,
            "tables": told.sheets if found.total.audits else [],
            "about_hidden": suppression.ABOUT_HIDDEN,
            "query": f"?start={first}&end={last}",
        }
    return render(request, "assurance/report.html", context)


def _asked(query: QueryDict, today: date, *, months: int) -> QueryDict:
    """The period of the address; else the last months, of which there are enough to have something over."""
    asked = query.copy()
    if not any(key.startswith(("start", "end")) for key in query):
        number = today.year * 12 + today.month - 1 - months
        asked["start"], asked["end"] = date(number // 12, number % 12 + 1, 1).isoformat(), today.isoformat()
    return asked


def _chosen(request: HttpRequest, made: list[sheets.Table]) -> list[sheets.Table]:
    """A CSV file holds one table: the one that the address counts to, else the first."""
    if request.GET.get("as") != sheets.Kind.CSV:
        return made
    wanted = request.GET.get("table", "1")
    return [made[int(wanted) - 1]] if wanted in {str(one) for one in range(1, len(made) + 1)} else made[:1]


def _download(
    request: HttpRequest, made: list[sheets.Table], page: str, narrowed: Mapping[str, str], *, hides: bool
) -> HttpResponse:
    """The file, with what its mark means in a workbook, and its line in the trail: as every file of figures has it."""
    kind = sheets.Kind(request.GET["as"])
    details: dict[str, object] = {"page": page, "kind": kind.value, "tables": [one.title for one in made]}
    details["filters"] = {name: value for name, value in narrowed.items() if value}
    details["small_numbers"] = "hidden" if hides else "shown"
    trail.record("exported:figures", by=visitor(request), details=details)
    if hides and kind is sheets.Kind.XLSX:
        made = [*made, sheets.Table("About", ["About these figures"], [[suppression.ABOUT_HIDDEN]])]
    return sheets.download(made, f"{page}-{narrowed['start']}-{narrowed['end']}", kind)

"""Working hours and closures. Whatever is changed, its page first says which due times that would move."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import long_date
from referrals.administration import places
from referrals.models.partnership import working_week
from referrals.rules import permissions
from referrals.rules.clocks import WorkingWeek

from . import actions, changes, pages
from .changes import Settings
from .forms import ClosureForm, HoursForm, NoClosureForm, SeenForm
from .going import Edit, onwards


@declares(roles(permissions.ADMINISTRATION))
def hours(request: HttpRequest) -> HttpResponse:
    found = working_week()
    form = HoursForm(request.POST or None, initial=pages.hours_as_typed(found))

    def asked() -> Edit:
        given = form.cleaned_data
        after = changes.hours(starts=given["starts"], ends=given["ends"], seen=given["seen"])
        return _edit(request, after, given["seen"], f"The hub works {after.in_words()}.")

    return onwards(request, form, asked, changes.stamp_of_week(found)) or _page(request, form)


@declares(roles(permissions.ADMINISTRATION))
def add_closure(request: HttpRequest) -> HttpResponse:
    seen = changes.stamp_of_week(working_week())
    form = ClosureForm(request.POST or None, initial={"seen": seen})

    def asked() -> Edit:
        given = form.cleaned_data
        after = changes.closure(given["day"], now=timezone.now(), seen=given["seen"])
        return _edit(request, after, given["seen"], f"{long_date(given['day'])} is a closure.")

    shown = {"form": form, "pages": places.of(request)}
    return onwards(request, form, asked, seen) or render(request, "administration/closure.html", shown)


@declares(roles(permissions.ADMINISTRATION))
def remove_closure(request: HttpRequest) -> HttpResponse:
    """From the button beside a closure; whoever comes here by the address alone is led to the list."""
    seen = changes.stamp_of_week(working_week())
    form = NoClosureForm(request.POST or None, initial={"seen": seen})

    def asked() -> Edit:
        given = form.cleaned_data
        after = changes.no_closure(given["day"], seen=given["seen"])
        done = f"{long_date(given['day'])} is a closure no more."
        return replace(_edit(request, after, given["seen"], done), button="Take this closure away")

    going = onwards(request, form, asked, seen)
    if going is not None:
        return going
    if request.method != "POST" or not form.errors:
        return redirect("settings:hours")
    return _page(request, HoursForm(initial=pages.hours_as_typed(working_week())), form)


def _edit(request: HttpRequest, after: WorkingWeek, seen: str, done: str) -> Edit:
    settings = replace(Settings.today(), week=after)
    return Edit(settings, lambda: actions.save_week(after, seen=seen, by=visitor(request)), done, ("settings:hours",))


def _page(request: HttpRequest, form: HoursForm, wrong: SeenForm | None = None) -> HttpResponse:
    shown = {"form": form, "wrong": wrong, "pages": places.of(request), **pages.week(timezone.now())}
    shown["seen"] = changes.stamp_of_week(working_week())
    return render(request, "administration/hours.html", shown)

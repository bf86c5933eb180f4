"""Lengths and ladders of clocks. Whatever is changed, its page first says what that would do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mash_portal.door import declares, roles, visitor
from referrals.administration import places
from referrals.models.partnership import clock_rules
from referrals.rules import permissions
from referrals.rules.clocks import DEFAULTS, Rule, length_in_words
from referrals.rules.ladder import Step
from referrals.vocabulary import Unit

from . import actions, changes, pages
from .changes import Settings
from .forms import LengthForm, SeenForm, StepForm, as_typed
from .going import SAVE, Edit, onwards

CLOCKS, CLOCK = "settings:clocks", "settings:clock"


@declares(roles(permissions.ADMINISTRATION))
def clocks(request: HttpRequest) -> HttpResponse:
    return _page(request, "clocks", rows=pages.rows())


@declares(roles(permissions.ADMINISTRATION))
def clock(request: HttpRequest, name: str) -> HttpResponse:
    """Its length; and its ladder, whose steps have pages of their own."""
    kind = pages.clock_of(name)
    rule = clock_rules()[kind]
    seen = changes.stamp_of_rule(rule)
    form = LengthForm(request.POST or None, initial={"amount": f"{rule.amount:g}", "unit": rule.unit, "seen": seen})

    def asked() -> Edit:
        given = form.cleaned_data
        after = changes.length(kind, amount=given["amount"], unit=Unit(given["unit"]), seen=given["seen"])
        done = f"The {kind.label.lower()} clock now runs for {length_in_words(after)}."
        return _edit(request, after, done, seen=given["seen"], to=CLOCKS)

    return onwards(request, form, asked, seen) or _page(request, "clock", form=form, **pages.of(rule))


@declares(roles(permissions.ADMINISTRATION))
def reset(request: HttpRequest, name: str) -> HttpResponse:
    kind = pages.clock_of(name)
    rule = clock_rules()[kind]
    seen = changes.stamp_of_rule(rule)
    form = SeenForm(request.POST or None, initial={"seen": seen})

    def asked() -> Edit:
        given = form.cleaned_data["seen"]
        after = changes.default(kind, seen=given)
        done = f"The {kind.label.lower()} clock is back at {length_in_words(after)}."
        return Edit(
            Settings.today().having(after),
            lambda: actions.reset_rule(kind, seen=given, by=visitor(request)),
            done,
            (CLOCKS,),
            "Go back to the default",
        )

    shown = {"default_steps": [f"{one.when}: {one.label}. {one.who}." for one in DEFAULTS[kind].ladder]}
    return onwards(request, form, asked, seen) or _page(request, "clock_default", form=form, **shown, **pages.of(rule))


@declares(roles(permissions.ADMINISTRATION))
def add_step(request: HttpRequest, name: str) -> HttpResponse:
    rule = clock_rules()[pages.clock_of(name)]
    if not changes.has_ladder(rule.clock):
        raise Http404
    return _step(request, rule, None)


@declares(roles(permissions.ADMINISTRATION))
def step(request: HttpRequest, name: str, rung: str) -> HttpResponse:
    rule = clock_rules()[pages.clock_of(name)]
    return _step(request, rule, pages.step_of(rule, rung))


@declares(roles(permissions.ADMINISTRATION))
def remove_step(request: HttpRequest, name: str, rung: str) -> HttpResponse:
    rule = clock_rules()[pages.clock_of(name)]
    found, seen = pages.step_of(rule, rung), changes.stamp_of_rule(rule)
    form = SeenForm(request.POST or None, initial={"seen": seen})

    def asked() -> Edit:
        given = form.cleaned_data["seen"]
        after = changes.ladder(rule.clock, None, rung=rung, seen=given)
        done = f"“{found.label}” is told no more by clocks that open from now on."
        return _edit(request, after, done, seen=given, to=CLOCK, button="Take this step away")

    going = onwards(request, form, asked, seen)
    return going or _page(request, "clock_step_removed", form=form, step=found, **pages.of(rule))


def _step(request: HttpRequest, rule: Rule, old: Step | None) -> HttpResponse:
    """A step as it is changed; None: a new one."""
    seen = changes.stamp_of_rule(rule)
    rung = old.key if old else ""
    form = StepForm(rule.clock, rung, request.POST or None, initial={"seen": seen, **(as_typed(old) if old else {})})

    def asked() -> Edit:
        new, given = form.step(), form.cleaned_data["seen"]
        after = changes.ladder(rule.clock, new, rung=new.key, seen=given)
        done = f"Clocks that open from now on tell “{new.label}”: {new.when[:1].lower()}{new.when[1:]}."
        return _edit(request, after, done, seen=given, to=CLOCK)

    return onwards(request, form, asked, seen) or _page(request, "clock_step", form=form, step=old, **pages.of(rule))


def _edit(request: HttpRequest, after: Rule, done: str, *, seen: str, to: str, button: str = SAVE) -> Edit:
    return Edit(
        Settings.today().having(after),
        lambda: actions.save_rule(after, seen=seen, by=visitor(request)),
        done,
        (to, after.clock) if to == CLOCK else (to,),
        button,
    )


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"administration/{template}.html", {"pages": places.of(request), **context})

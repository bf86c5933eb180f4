"""The front door at this moment. It refreshes itself; every number opens the queue that it counts."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.audit import trail
from mash_portal.door import admits, declares, roles, visitor
from mash_portal.middleware import ONLY
from referrals import access
from referrals.rules import permissions

from . import page

HERE = "insight:now"


@declares(roles(permissions.QUEUE))
def now(request: HttpRequest) -> HttpResponse:
    """What is open, late and to come, in figures that can be read across a room. No child is named."""
    if ONLY in request.session:
        return render(request, "insight/now.html", page.on_a_wall(timezone.now()))
    user = visitor(request)
    shown = page.context(access.visible_to(user), timezone.now())
    return render(request, "insight/now.html", shown | {"may_hang": admits(wall, user)})


@declares(roles(permissions.RUNS_THE_QUEUE))
@require_POST
@transaction.atomic
def wall(request: HttpRequest) -> HttpResponse:
    """From now on this session shows these figures and nothing else, until it ends: it cannot be widened again."""
    trail.record("wall:open", by=visitor(request))
    request.session.cycle_key()
    request.session[ONLY] = HERE
    return redirect(HERE)

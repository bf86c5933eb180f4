"""The front door at this moment. It refreshes itself; every number opens the queue that it counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mash_portal.door import declares, roles, visitor
from referrals.rules import permissions

from . import page


@declares(roles(permissions.QUEUE))
def now(request: HttpRequest) -> HttpResponse:
    """What is open, late and to come, in figures that can be read across a room. No child is named."""
    return render(request, "insight/now.html", page.context(visitor(request), timezone.now()))

"""Whoever takes calls says that a referral is the form for one of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mash_portal.door import case, declares, visitor
from referrals.intake import joining
from referrals.vocabulary import Verb


@declares(case(Verb.DUPLICATE))
@require_POST
def join(request: HttpRequest, reference: str, call: str) -> HttpResponse:
    joining.join_by_hand(reference, call, by=visitor(request))
    messages.success(request, f"Joined: {reference} is the form for this call, and its children are counted once.")
    return redirect("calls:call", call)

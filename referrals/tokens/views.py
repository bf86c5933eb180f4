"""Pages on which the keys of an agency's systems are made, replaced and revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mash_portal.door import declares, roles, visitor
from referrals import casefile
from referrals.refusals import Refused
from referrals.rules import permissions

from . import actions, pages
from .forms import TokenForm


@declares(roles(permissions.KEYS))
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    return render(request, "tokens/tokens.html", {"rows": pages.rows(visitor(request), timezone.now())})


@declares(roles(permissions.KEYS))
def add(request: HttpRequest) -> HttpResponse:
    """The answer to the form is the only page that ever shows the key."""
    user = visitor(request)
    form = TokenForm(pages.agencies_for(user), request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            token, key = actions.make(form.agency(), name=said["name"], scopes=form.chosen_scopes(), by=user)
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            return render(request, "tokens/token.html", pages.token_page(token, timezone.now(), key=key))
    return render(request, "tokens/add.html", {"form": form})


@declares(roles(permissions.KEYS))
@require_safe
def token(request: HttpRequest, api_key: int) -> HttpResponse:
    found = actions.token_of(visitor(request), api_key)
    return render(request, "tokens/token.html", pages.token_page(found, timezone.now()))


@declares(roles(permissions.KEYS))
@require_POST
def rotate(request: HttpRequest, api_key: int) -> HttpResponse:
    new, key = actions.rotate(api_key, by=visitor(request))
    return render(request, "tokens/token.html", pages.token_page(new, timezone.now(), key=key))


@declares(roles(permissions.KEYS))
@require_POST
def revoke(request: HttpRequest, api_key: int) -> HttpResponse:
    found = actions.revoke(api_key, by=visitor(request))
    messages.success(request, f"The key for {found.name} is revoked. It opens nothing any more.")
    return redirect("tokens:token", api_key)

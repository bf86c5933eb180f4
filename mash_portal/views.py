"""The few pages that belong to no phase: home, health, accessibility, and what is shown when something is wrong."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST
from prometheus_client import CONTENT_TYPE_LATEST

from . import metrics, ready, watch
from .audit import trail
from .door import anyone, declares, signed_in, visitor
from .navigation import home_of


@declares(signed_in)
def home(request: HttpRequest) -> HttpResponse:
    return redirect(home_of(visitor(request)))


@declares(anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers and all that watches is awake; 503 with what is wrong. Names no contact."""
    troubles = watch.troubles(timezone.now())
    return JsonResponse({"ok": not troubles, "troubles": troubles}, status=503 if troubles else 200)


@declares(anyone)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while this process can serve: the database answers and is migrated. 503 takes it out of the balance."""
    missing = ready.what_is_missing()
    return JsonResponse({"ok": not missing, "missing": missing}, status=503 if missing else 200)


@declares(anyone)
def gauges(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, and a page that is not there for anybody else."""
    if not metrics.may_read(request):
        raise Http404
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


@declares(anyone)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@declares(signed_in)
@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """“Stay signed in”: the request itself is what the session middleware counts."""
    request.session["seen"] = int(timezone.now().timestamp())
    return HttpResponse(status=204)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what is not there and what is not yours (G11)."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Stands alone: what broke may be the database, which every other page asks for its banner and its user."""
    known = {"portal": {"mash_phone": settings.MASH_PHONE}, "request_id": trail.request_id.get()}
    return HttpResponse(render_to_string("errors/500.html", known), status=500)


@declares(anyone)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened before signing in or out, or in another browser."""
    return render(request, "errors/csrf.html", status=403)

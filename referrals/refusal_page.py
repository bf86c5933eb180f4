"""What a person sees when an action refuses and no form is there to say so: the sentence, and a way back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from referrals.refusals import Refused

Handler = Callable[[HttpRequest], HttpResponse]


class RefusalPage:
    """Turns a refusal that no view has answered into a page with its words and its status: 403 or 409."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context = {"reason": str(exception), "back_url": way_back(request)}
        return render(request, "errors/refused.html", context, status=exception.status)


def way_back(request: HttpRequest) -> str:
    """The page of the portal that the person came from, or their start page."""
    came_from = request.headers.get("Referer", "")
    here = request.build_absolute_uri()
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if ours and came_from != here else "/"

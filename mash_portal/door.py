"""Every view says who may come in. A URL whose view says nothing is refused at start (checks.py).

    @declares(roles(permissions.QUEUE))
    def queue(request): ...

The rule is enforced here before the view runs; what a person may do with one contact is enforced by referrals.access.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from .accounts.models import User
from .accounts.roles import Role

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Rule:
    """Who may come through a URL. `roles` None: everybody signed in.

    `verb`: they also need that verb on the contact, and `post_verb` to change something there.
    """

    public: bool = False
    roles: frozenset[Role] | None = None
    verb: str = ""
    post_verb: str = ""
    drafting: bool = False

    def admits(self, role: Role) -> bool:
        return self.roles is None or role in self.roles

    def __str__(self) -> str:
        if self.public:
            return "anyone"
        who = "anyone signed in" if self.roles is None else ", ".join(sorted(role.label for role in self.roles))
        if self.verb:
            return f"who may “{self.verb}” this contact"
        return f"{who}, for their own agency" if self.drafting else who


anyone = Rule(public=True)
signed_in = Rule()


def roles(allowed: frozenset[Role]) -> Rule:
    """These roles and no other; everybody else gets a 404."""
    return Rule(roles=allowed)


def drafting(allowed: frozenset[Role]) -> Rule:
    """A page about an agency's own unsent form: the view opens it through referrals.access.draft_of."""
    return Rule(roles=allowed, drafting=True)


def case(verb: str, *, post: str = "") -> Rule:
    """A page about one contact: the view opens it through referrals.access with this verb, `post` for a form."""
    return Rule(verb=verb, post_verb=post or verb)


def declares(rule: Rule) -> Callable[[View], View]:
    """Attach the rule to the view and enforce it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rule.public and not rule.admits(visitor(request).as_role):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]  # read by checks.py and the access test
        return cast("View", login_not_required(guarded)) if rule.public else guarded

    return decorate


def visitor(request: HttpRequest) -> User:
    """The signed-in person. LoginRequiredMiddleware has turned everybody else away."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user

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
    `kind`: of the roles in `of_kind`, only people of an agency of that kind.
    `invited`: of these roles, only people whose agency is invited to what the address names.
    `machine`: a key instead of a person; the view asks for it (referrals.api).
    """

    public: bool = False
    roles: frozenset[Role] | None = None
    verb: str = ""
    post_verb: str = ""
    drafting: bool = False
    machine: bool = False
    kind: str = ""
    of_kind: frozenset[Role] = frozenset()
    invited: bool = False

    def admits(self, role: Role, agency_kind: str = "") -> bool:
        if role in self.of_kind:
            return agency_kind == self.kind
        return self.roles is None or role in self.roles

    def __str__(self) -> str:
        if self.machine:
            return "an agency’s system, with its key"
        if self.public:
            return "anyone"
        who = "anyone signed in" if self.roles is None else ", ".join(sorted(role.label for role in self.roles))
        if self.verb:
            return f"who may “{self.verb}” this contact"
        if self.invited:
            return f"{who}, where their agency is invited"
        return f"{who}, for their own agency" if self.drafting else who


anyone = Rule(public=True)
#: No session and no person: the view answers 401 without a key that is alive.
machine = Rule(public=True, machine=True)
signed_in = Rule()


def roles(allowed: frozenset[Role]) -> Rule:
    """These roles and no other; everybody else gets a 404."""
    return Rule(roles=allowed)


def of_kind(kind: str, allowed: frozenset[Role], *, or_anywhere: frozenset[Role]) -> Rule:
    """These roles at an agency of this kind, and those roles anywhere; everybody else gets a 404."""
    return Rule(roles=or_anywhere, kind=kind, of_kind=allowed)


def invited(allowed: frozenset[Role]) -> Rule:
    """A page for these roles of the agencies that are invited: the view opens it through referrals.access."""
    return Rule(roles=allowed, invited=True)


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
            if not rule.public and not _admits(rule, visitor(request)):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]  # read by checks.py and the access test
        return cast("View", login_not_required(guarded)) if rule.public else guarded

    return decorate


def admits(view: View, user: User) -> bool:
    """Whether this person may come to a page of ours at all."""
    rule = getattr(view, "access_rule", None)
    return isinstance(rule, Rule) and _admits(rule, user)


def _admits(rule: Rule, user: User) -> bool:
    return rule.admits(user.as_role, user.agency.kind if user.agency else "")


def visitor(request: HttpRequest) -> User:
    """The signed-in person. LoginRequiredMiddleware has turned everybody else away."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user

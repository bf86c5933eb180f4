"""docs/permissions.md, written from the table so that it cannot differ from it."""

from collections.abc import Iterator

from mash_portal.accounts.roles import Role
from referrals.vocabulary import Verb

from . import permissions
from .permissions import Relation

PAGES = (
    ("Write and send referrals for their own agency", permissions.DRAFTING),
    ("See the decision queue and the escalation board", permissions.QUEUE),
    ("Take telephone calls and bring in police notifications", permissions.CALLS),
    ("Hold a contact", permissions.ASSIGNABLE),
    ("Judge evidence of harm to be less than level 4", permissions.OVERRIDES_HARM),
    ("See figures about every agency", permissions.INSIGHT),
    ("See the figures of their own agency, and of no other", permissions.OWN_FIGURES),
    ("Take figures away with small numbers in them", permissions.WHOLE_NUMBERS),
    ("Accept children who are handed over to their team", permissions.EARLY_HELP),
    ("Hold the daily domestic abuse meeting", permissions.MEETS),
    ("Read when and where a strategy discussion is to which their agency is invited", permissions.INVITED),
    ("Read the audit trail", permissions.AUDIT),
    ("Restrict a record, change who is named on it, lift it", permissions.RESTRICTS),
    ("Break the glass of a restricted record", permissions.BREAKS_GLASS),
    ("Review a broken glass that they did not break", permissions.REVIEWS_GLASS),
    ("Keep agencies, people, clocks and messages", permissions.ADMINISTRATION),
    ("Compute again every open clock of a kind, after its rule has changed", permissions.REBASES_ALL),
)

HEAD = """# Who may do what

Generated from `referrals/rules/permissions.py` by `manage.py permission_guide`; a test fails when the two differ.
What a role may do with a contact depends on what the person is to it; a pair that is not listed may do nothing, and
sees the same 404 as for a contact that does not exist.

## With a contact
"""


def guide() -> str:
    return "\n".join([HEAD, *_contacts(), "", "## Pages", "", *_pages(), ""])


def _contacts() -> Iterator[str]:
    yield "| role | who is to the contact | may |"
    yield "|---|---|---|"
    for role in Role:
        for relation in Relation:
            verbs = permissions.PERMISSIONS.get((role, relation))
            if verbs:
                named = ", ".join(verb.replace("_", " ") for verb in Verb if verb in verbs)
                yield f"| {role.label} | {relation} | {named} |"


def _pages() -> Iterator[str]:
    yield "| may | roles |"
    yield "|---|---|"
    for what, roles in PAGES:
        yield f"| {what} | {', '.join(role.label for role in Role if role in roles)} |"

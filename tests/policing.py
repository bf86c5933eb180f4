"""Police notifications and keys for the suite: files as a force would send them, keys as a lead would make them."""

import csv
import io
from collections.abc import Mapping, Sequence

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.intake.notifications import actions
from referrals.intake.notifications.columns import NAMES
from referrals.intake.notifications.columns import template as columns_template
from referrals.models import ApiToken, Contact, Upload
from referrals.tokens import actions as tokens
from referrals.vocabulary import Scope
from tests import build

__all__ = ["NAMES", "ROW", "columns_template"]

ROW = {
    "police_reference": "PN/26/118377",
    "incident_at": "19/11/2025 20:15",
    "incident_type": "Domestic abuse",
    "place": "Home",
    "rag": "green",
    "dash_grade": "standard",
    "dvrim_scale": "1",
    "narrative": "A neighbour heard shouting about money. No injuries.",
    "given_names": "Zara",
    "family_name": "Hussain",
    "date_of_birth": "10/10/2019",
    "sex": "F",
    "ethnicity": "APKN",
    "address": "22 Butts Road",
    "postcode": "WS4 2BJ",
    "school": "Alder Primary",
    "adult1_given_names": "Imran",
    "adult1_family_name": "Hussain",
    "adult1_relationship": "father",
}


def row(**changes: str) -> dict[str, str]:
    return ROW | changes


def file_of(*rows: Mapping[str, str], columns: Sequence[str] = NAMES) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def many(number: int) -> bytes:
    """A file with so many notifications, each about another child."""
    return file_of(
        *(
            row(police_reference=f"PN/26/{nth:06}", given_names=f"Child{nth}", family_name=f"Family{nth % 97}")
            for nth in range(number)
        )
    )


def uploaded(by: User, *rows: Mapping[str, str], force: Agency | None = None) -> Upload:
    """A file that has been looked at, and of which nothing has come in."""
    content = file_of(*(rows or (ROW,)))
    return actions.take(content, name="monday.csv", agency=force or build.agency("Regional Police"), by=by)


def brought_in(by: User, *rows: Mapping[str, str]) -> list[Contact]:
    """The contacts that a file became."""
    upload = uploaded(by, *rows)
    upload = actions.confirm(upload.key, by=by)
    actions.go_on(upload, seconds=60)
    references = upload.items.exclude(reference="").values_list("reference", flat=True)
    return list(Contact.objects.filter(reference__in=list(references)).order_by("pk"))


def key_of(by: User, *scopes: Scope, force: Agency | None = None) -> tuple[ApiToken, str]:
    """A key of this person's agency, or of `force`, made by whoever may."""
    agency = force or by.agency
    assert agency is not None
    maker = by if by.as_role in (Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR) else build.player("Kit")
    return tokens.make(agency, name="Pupil records", scopes=scopes or (Scope.SUBMIT, Scope.FOLLOW), by=maker)

"""The referral that the journeys write: Maisie and Callum Doyle, hungry and late."""

from pathlib import Path
from typing import Any

import yaml

from mash_portal.accounts.models import User
from referrals.codes import ETHNICITIES, FACTORS, SEXES
from referrals.intake import actions, documents
from referrals.intake.batch import Loader
from referrals.models import Contact, Draft

CASES = Path(__file__).parents[2] / "referrals" / "demo" / "referrals.yaml"
#: Nobody's name may stand in a message.
NAMES = ("Maisie", "Callum", "Doyle", "Siobhan")
ETHNICITY, SEX, FACTOR = dict(ETHNICITIES), dict(SEXES), dict(FACTORS)


def case(name: str) -> dict[str, Any]:
    cases = yaml.load(CASES.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a safe loader
    return next(one for one in cases if one["id"] == name)


DOYLES = case("hungry-and-late")


def draft(by: User) -> Draft:
    """The whole referral filled in, as somebody left it before sending."""
    return actions.start_draft(by=by, answers=documents.read(DOYLES).answers)


def sent(by: User) -> Contact:
    return actions.submit(draft(by).key, by=by)

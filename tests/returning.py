"""What the returns list and check: a population in which one count could differ from another, on a Friday."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from mash_portal.accounts.models import User
from referrals import access
from referrals.decision import actions as decisions
from referrals.following import actions as following
from referrals.models import Contact
from referrals.returns import checks
from referrals.returns.checks import Checked
from referrals.returns.lists import LISTS, MONTHS
from referrals.rules.period import Period, months_back
from referrals.vocabulary import Outcome
from tests import build
from tests.history_file import another, imported, written
from tests.restricting import restricted

#: A Friday; the six months up to it begin on 21 May.

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
PERIOD = months_back(NOW.date(), MONTHS)
TWO = [{"given_names": name, "family_name": "Aziz", "sex": "F", "ethnicity": "APKN"} for name in ("Noor", "Sami")]
UNBORN = {"family_name": "Moss", "expected_date": date(2027, 3, 1), "sex": "U", "ethnicity": "WBRI"}


@pytest.fixture
def on_that_friday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def listed(key: str, period: Period = PERIOD) -> list[dict[str, Any]]:
    """The rows of a list as mappings, by the headings of its columns."""
    one = LISTS[key]
    rows = [dict(zip(one.headings, row, strict=True)) for row in one.rows(access.countable(), period)]
    assert len(rows) == one.count(access.countable(), period)
    return rows


def checked(period: Period = PERIOD) -> Checked:
    return checks.check(access.countable(), period)


def anew(contact: Contact, outcome: Outcome, *, by: User, manager: User, **said: Any) -> None:
    """Reopened, and decided again."""
    decisions.reopen(contact.reference, reason="The mother has changed her mind", by=manager)
    build.assess(contact, by=by)
    build.recommend(contact, outcome, by=by, **said)
    contact.refresh_from_db()
    why = "Nothing new has come in, and the school has seen her every day."
    decisions.sign_off(contact.reference, by=manager, version=contact.version, why_nfa_still_right=why)


def pushed_back(contact: Contact, *, by: User, manager: User) -> None:
    advice = {"advice": "Talk to the family first", "advice_service": "School nurse"}
    anew(contact, Outcome.NFA_PUSHBACK, by=by, manager=manager, texts=advice, advice_level=2)


@pytest.fixture
def population_of_returns(
    on_that_friday: None, rosa: User, grace: User, maya: User, tmp_path: Path
) -> Mapping[str, Contact]:
    """Everything that could make one count differ from another. Rosa sends it all, but for what was brought over."""
    by: dict[str, Any] = {"worker": grace, "manager": maya}
    sibling = {**TWO[0], "given_names": "Zaki", "in_scope": False}
    found = {
        "several": build.decided(rosa, **by, children=[*TWO, sibling]),
        "unborn": build.received(rosa, at=NOW - timedelta(days=2), children=[UNBORN]),
        "withdrawn": build.received(rosa, at=NOW - timedelta(days=3)),
        "restricted": build.decided(rosa, **by, children=TWO),
        "reopened": build.decided(rosa, **by, children=TWO[:1]),
        "early help": build.decided(rosa, **by, outcome=Outcome.EARLY_HELP),
        "old": build.received(rosa, at=NOW - timedelta(days=400)),
    }
    following.withdraw(found["withdrawn"].reference, reason="Sent twice", by=rosa)
    restricted(found["restricted"], by=maya)
    pushed_back(found["reopened"], by=grace, manager=maya)
    moments = [
        "2026-05-20T23:59:59",  # London, the day before the first
        "2026-05-21T00:00:00",
        "2026-10-25T01:30:00",  # the hour that is there twice
        "2026-11-19T23:59:59",
    ]
    rows = [another(received_at=at, decided_at="2026-11-20T09:00:00", feedback_at="") for at in moments]
    rows += [another(received_at=moments[2], decided_at="2026-10-26T09:00:00", feedback_at="", outcome="section_17")]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""
    return found

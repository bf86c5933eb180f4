"""Every table of a page of figures, for a command: the same rows as the page, where nobody in particular looks."""

from collections.abc import Sequence
from datetime import datetime

from referrals import access
from referrals.models.partnership import clock_rules

from .equity import page as equity_page
from .equity.queries import equity
from .filters import Filters
from .grids import Grid
from .period import Period
from .timeliness import decided, working
from .timeliness.decisions import decisions
from .timeliness.work import Cohort


def timeliness(period: Period, now: datetime, filters: Filters) -> Sequence[Grid]:
    """Both pages of times."""
    cohort = Cohort(access.countable(), period, now, filters)
    found = decisions(cohort.children, period, now, filters)
    sections = [*decided.sections(found, period, filters, now, clock_rules()), *working.sections(cohort)]
    return [section.grid for section in sections]


def by_characteristics(period: Period, now: datetime, filters: Filters) -> Sequence[Grid]:
    """The page of equity, small numbers hidden."""
    found = equity(access.countable(), period, now, filters)
    return [section.grid for section in equity_page.sections(found, period, filters, listed=False)]

"""The page about the work behind decisions: stages, agency checks, strategy discussions, feedback."""

from collections.abc import Mapping, Sequence
from functools import partial

from django.db.models import Count

from referrals.insight import grids, signs
from referrals.insight.grids import Address, Column, Grid
from referrals.vocabulary import AgencyKind

from . import links, words, work
from .sections import Section
from .work import Attendance, Cohort, Discussions, FeedbackTimes, StageTime, Turnaround

TOLD = ("owed", "in_time", "told_here", "opened")
STAGE_COLUMNS = (
    Column("Stage"),
    Column("Times entered"),
    Column("Times left"),
    grids.in_hours("Half left within"),
    grids.in_hours("90% left within"),
)
CHECK_COLUMNS = (
    Column("Agency"),
    Column("Asked"),
    Column("Answered"),
    grids.number_and_share("Late"),
    grids.in_hours("Half answered within"),
    grids.in_hours("90% answered within"),
)
CAME_COLUMNS = (
    Column("Agency"),
    Column("Invited"),
    grids.number_and_share("Came"),
    Column("Did not come"),
    Column("Left out, with the reason"),
)
STAGES_NOTE = (
    "A contact that comes back to a stage is counted again. Contacts of an earlier system went through no stages here."
)
CHECKS_NOTE = (
    "Late: answered after the time, or not answered when it had passed. The share is of those answered or late: a "
    "check closed before its time was up is neither."
)
CAME_NOTE = "Of discussions that were held and are recorded."
FEEDBACK_NOTE = (
    "Counted per child, as contacts are. Half were sent within so long after the decision, and half of those opened "
    "within so long after they were sent. Whether feedback was opened is known of what was sent through the portal."
)


def sections(cohort: Cohort) -> list[Section]:
    """Six statements, however much was received."""
    stages, checks = work.stages(cohort), work.turnarounds(cohort)
    held, came = work.discussions_on_time(cohort), work.attendance(cohort)
    told, times = told_and_opened(cohort), work.feedback_times(cohort)
    behind = partial(links.behind, period=cohort.period, filters=cohort.filters)
    here = links.contacts(cohort.period, cohort.filters)
    return [
        Section(words.stages(stages), _stages(stages, behind("stages")), STAGES_NOTE),
        Section(words.checks(checks), _checks(checks, behind("checks")), CHECKS_NOTE),
        Section(words.discussions(held), _discussions(held, behind("discussions"))),
        Section(words.attendance(came), _attendance(came, behind("invitations")), CAME_NOTE),
        Section(words.feedback(told), _feedback(told, times, here), FEEDBACK_NOTE),
    ]


def told_and_opened(cohort: Cohort) -> Mapping[str, int]:
    """How many children's feedback is owed, was on time, was sent through the portal, and was opened."""
    counts = {sign: Count("pk", filter=signs.is_so(sign, cohort.now)) for sign in TOLD}
    found: Mapping[str, int] = cohort.counted.aggregate(**counts)
    return found


def _stages(found: Sequence[StageTime], here: Address) -> Grid:
    rows = [
        (
            one.stage.label,
            [
                grids.counted(one.entered, here(stage=one.stage)),
                grids.counted(one.left, here(stage=one.stage, left="yes")),
                grids.took(one.median, here(stage=one.stage, left="yes")),
                grids.took(one.ninety, here(stage=one.stage, left="yes")),
            ],
        )
        for one in found
    ]
    return Grid("stages", "Time in each stage", STAGE_COLUMNS, rows)


def _checks(found: Sequence[Turnaround], here: Address) -> Grid:
    rows = []
    for one in found:
        own = partial(here, agency=one.agency_id)
        answered = own(state="answered")
        rows.append(
            (
                one.agency,
                [
                    grids.counted(one.asked, own()),
                    grids.counted(one.answered, answered),
                    grids.part(one.late, one.owed, own(state="late")),
                    grids.took(one.median, answered),
                    grids.took(one.ninety, answered),
                ],
            )
        )
    asked_and_answered = (1, 2)
    return Grid("checks", "Agency checks, by agency", CHECK_COLUMNS, rows, across=[asked_and_answered])


def _discussions(found: Discussions, here: Address) -> Grid:
    on_time, held = found.owed - found.late, here(state="held")
    rows = [
        ("Called", [grids.without_share(found.called, here(state="called")), grids.took(None)]),
        ("Held", [grids.without_share(found.held, held), grids.took(found.median, held)]),
        ("On time, of those held or due", [grids.part(on_time, found.owed, here(state="on_time")), grids.took(None)]),
        ("Late, of those held or due", [grids.part(found.late, found.owed, here(state="late")), grids.took(None)]),
        ("Called off", [grids.without_share(found.called_off, here(state="called_off")), grids.took(None)]),
    ]
    columns = (Column("What happened"), grids.number_and_share("Discussions"), grids.in_hours("Half within"))
    on_time_and_late = (2, 3)
    return Grid("discussions", "Strategy discussions", columns, rows, known=[on_time_and_late])


def _attendance(found: Sequence[Attendance], here: Address) -> Grid:
    rows = []
    for one in found:
        own = partial(here, kind=one.kind)
        rows.append(
            (
                AgencyKind(one.kind).label,
                [
                    grids.counted(one.invited, own(state="invited")),
                    grids.part(one.came, one.invited, own(state="came")),
                    grids.counted(one.invited - one.came, own(state="missing")),
                    grids.counted(one.left_out, own(state="left_out")),
                ],
            )
        )
    invited_came_missing = (1, 2, 4)
    return Grid("invitations", "Who came to strategy discussions", CAME_COLUMNS, rows, across=[invited_came_missing])


def _feedback(told: Mapping[str, int], times: FeedbackTimes, here: Address) -> Grid:
    owed, opened = here(sign="owed"), here(sign="opened")
    read = grids.part(told["opened"], told["told_here"], opened, beneath=True)
    on_time = grids.part(told["in_time"], told["owed"], here(sign="in_time"), beneath=True)
    rows = [
        ("Sent or owed", [grids.without_share(told["owed"], owed), grids.took(times.to_send, owed)]),
        ("On time, of those", [on_time, grids.took(None)]),
        ("Sent through the portal", [grids.without_share(told["told_here"], here(sign="told_here")), grids.took(None)]),
        ("Opened, of those", [read, grids.took(times.to_open, opened)]),
    ]
    columns = (Column("What happened"), grids.number_and_share("Contacts"), grids.in_hours("Half within"))
    return Grid("feedback", "Feedback to referrers", columns, rows, known=[])

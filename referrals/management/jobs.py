"""What the timers do, job by job. Each says in lines what it has done, and fails by itself: see run_timers.

A job is known to the watch by its name (watch.JOBS): one that goes on failing is said to staff there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from mash_portal.govuk.words import count, short_moment
from referrals import chasing, relay
from referrals.api import once
from referrals.attachments import actions as attachments
from referrals.escalation import sweep
from referrals.handover import delivering
from referrals.insight import refreshing
from referrals.intake.notifications import actions as notifications
from referrals.retention import actions as retention

Stopping = Callable[[], bool]

#: Drafts are measured in days: there is no hurry.
DRAFTS_EVERY_SECONDS = 60.0
#: How long of each turn goes to files of police notifications whose sender has closed the page.
UPLOADS_SECONDS = 1.0
#: A provider knows after seconds or minutes whether a message arrived.
ARRIVALS_EVERY_SECONDS = 10.0
#: What is thrown away has lain for a day at least.
TIDY_EVERY_SECONDS = 3600.0
#: What is not added up yet is counted row by row: nobody sees a difference, but for how long a page takes.
FIGURES_EVERY_SECONDS = 30.0
#: One that has failed is tried again this soon, however rarely it is done.
RETRY_SECONDS = 60.0


@dataclass
class Job:
    """One thing that the timers do, and how it went."""

    name: str
    act: Callable[[Stopping], list[str]]
    every: float = 0.0
    #: On the clock of time.monotonic().
    due: float = field(default=0.0)
    #: None until it has been done once.
    is_well: bool | None = None

    def do(self, now: float, stopping: Stopping) -> list[str]:
        """Do it if it is due; the lines that it says. What goes wrong is raised, and it is tried again soon."""
        if now < self.due:
            return []
        self.due = now + min(self.every, RETRY_SECONDS)
        try:
            said = self.act(stopping)
        except Exception:
            self.is_well = False
            raise
        self.due, self.is_well = now + self.every, True
        return said


def in_turn() -> list[Job]:
    """Deadlines first. What the others have to say is sent in the same turn."""
    return [
        Job("sweep", escalate),
        Job("drafts", remind, every=DRAFTS_EVERY_SECONDS),
        Job("messages", send),
        Job("uploads", bring_in),
    ]


def beside() -> list[Job]:
    """Beside the others: a scanner may take half a minute over one file, and no deadline waits for it."""
    return [
        Job("scanning", scan),
        Job("deliveries", deliver),
        Job("arrivals", chase, every=ARRIVALS_EVERY_SECONDS),
        Job("tidying", tidy, every=TIDY_EVERY_SECONDS),
        Job("figures", add_up, every=FIGURES_EVERY_SECONDS),
    ]


def escalate(stopping: Stopping) -> list[str]:
    swept = sweep.sweep(stopping=stopping)
    said = [_words(line) for line in swept.lines]
    if swept.skipped:
        said.append(f"{count(swept.skipped, 'step')} needed telling to nobody any more.")
    return said or ["Nothing was due."]


def send(stopping: Stopping) -> list[str]:
    sent = relay.send_waiting(stopping=stopping)
    return [f"{count(sent.sent, 'message')} sent, {sent.failed} not sent."] if sent.sent or sent.failed else []


def remind(stopping: Stopping) -> list[str]:
    """Of drafts that nobody has sent."""
    kept = retention.look_after_drafts()
    if not (kept.reminded or kept.warned or kept.deleted):
        return []
    return [f"{count(kept.reminded, 'unsent draft')} reminded of, {kept.warned} warned of, {kept.deleted} deleted."]


def bring_in(stopping: Stopping) -> list[str]:
    """Files of police notifications whose sender has closed the page."""
    notifications.go_on_with_all(seconds=UPLOADS_SECONDS)
    return []


def scan(stopping: Stopping) -> list[str]:
    known = attachments.rescan(stopping=stopping)
    return [f"{count(known, 'file')} checked for viruses."] if known else []


def deliver(stopping: Stopping) -> list[str]:
    """Decided contacts, to the case management system."""
    done = delivering.deliver_waiting(stopping=stopping)
    if not (done.sent or done.failed):
        return []
    return [f"{count(done.sent, 'contact')} delivered to the case management system, {done.failed} not delivered."]


def chase(stopping: Stopping) -> list[str]:
    """What became of messages that a provider carries, and the second way to whoever did not get theirs."""
    done = chasing.chase(stopping=stopping)
    if not (done.arrived or done.came_back or done.second):
        return []
    return [f"{count(done.arrived, 'message')} arrived, {done.came_back} came back, {done.second} sent as texts."]


def add_up(stopping: Stopping) -> list[str]:
    """The figures of days that have changed."""
    refreshing.refresh(stopping=stopping)
    return []


def tidy(stopping: Stopping) -> list[str]:
    """Throw away what is kept for a promised time only, and files that no row names."""
    now = timezone.now()
    notifications.forget_old(now)
    once.forget_old(now)
    attachments.sweep_files()
    return []


def _words(line: sweep.Line) -> str:
    told = ", ".join(line.told) or "nobody: no manager is active"
    return f"{short_moment(line.at)}  {line.reference}  {line.label}  told {told}"

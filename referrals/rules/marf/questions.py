"""What a question of the form is: its words, the kind of answer, and where it stands. Data only.

Pages, check-your-answers, the form as sent and the rules about what is missing all read the same questions, so that a
field cannot be on one of them and forgotten on another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Choices = Sequence[tuple[str, str]]

YES, NO, NOT_KNOWN = "yes", "no", "not_known"
YES_NO: Choices = ((YES, "Yes"), (NO, "No"))
YES_NO_NOT_KNOWN: Choices = (*YES_NO, (NOT_KNOWN, "Not known"))


class Kind(StrEnum):
    """How a question is answered. An answer is text, unless said otherwise."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"  # "2019-03-27", or the three boxes as typed when they are no date
    CHOICE = "choice"
    SELECT = "select"
    MANY = "many"  # list of codes
    EACH_CHILD_TEXT = "each_child_text"  # {child's key: text}
    EACH_CHILD_CHOICE = "each_child_choice"  # {child's key: code}
    INDICATORS = "indicators"  # {indicator's code: evidence}


@dataclass(frozen=True)
class Question:
    """One question. `short` names it in a summary; `check` names the check that a form makes of what is typed."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    short: str = ""
    hint: str = ""
    choices: Choices = ()
    group: str = ""
    check: str = ""
    width: str = ""
    limit: int = 0
    optional: bool = False
    not_future: bool = False
    #: Answering this question “yes” leaves nothing to say here: a reason typed before is no longer part of the form.
    moot_after_yes: str = ""

    @property
    def heading(self) -> str:
        return self.short or self.label

    @property
    def subject(self) -> str:
        """The question in a sentence: "date of birth"."""
        return self.heading[:1].lower() + self.heading[1:]

    @property
    def longest(self) -> int:
        """The most characters an answer may have when the form is sent."""
        return self.limit or (20_000 if self.kind in (Kind.LONG, Kind.INDICATORS) else 120)


@dataclass(frozen=True)
class Page:
    """Closely related questions on one page. Only the last page of a section asks whether it is completed."""

    slug: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""


@dataclass(frozen=True)
class Section:
    """One line of the task list. `one` is set where people are added one at a time: "child"."""

    slug: str
    title: str
    pages: tuple[Page, ...]
    one: str = ""
    hint: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.pages for question in page.questions)

    @property
    def is_people(self) -> bool:
        return bool(self.one)

    def page_of(self, field: str) -> Page:
        """The page that asks a question; the first one where no question has that name."""
        return next((page for page in self.pages if field in {q.name for q in page.questions}), self.pages[0])

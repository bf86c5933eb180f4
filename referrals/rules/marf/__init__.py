"""The multi-agency referral form: its questions, what stops it from being sent, and its answers in words. Pure."""

from .contradictions import harm_at_level_one
from .gap import Gap
from .gaps import gaps
from .questions import Kind, Page, Question, Section
from .sections import BY_SLUG, DECLARATION, FORM_VERSION, SECTIONS
from .sheet import Card, Row, sheet, title_of
from .status import Status, section_status

__all__ = [
    "BY_SLUG",
    "DECLARATION",
    "FORM_VERSION",
    "SECTIONS",
    "Card",
    "Gap",
    "Kind",
    "Page",
    "Question",
    "Row",
    "Section",
    "Status",
    "gaps",
    "harm_at_level_one",
    "section_status",
    "sheet",
    "title_of",
]

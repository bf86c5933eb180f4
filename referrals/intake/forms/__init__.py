"""The pages of the form as forms."""

from .pages import COMPLETED, PageForm, SavedForm
from .sending import DeclareForm, StateForm
from .threshold import EvidenceForm

__all__ = ["COMPLETED", "DeclareForm", "EvidenceForm", "PageForm", "SavedForm", "StateForm"]

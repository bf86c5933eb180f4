"""Evidence: one box for each indicator that is ticked. And the level, with the tools that go with what is ticked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from mash_portal.govuk.look import Look
from referrals.intake.evidence_guide import good_evidence
from referrals.rules.marf.values import clean_text
from thresholds.models import Indicator

from .pages import PageForm, SavedForm

MISSING = "Write the evidence for this indicator, or untick it on the page before"
#: Which tools go with which alert of a ticked indicator.
TOOLS: Mapping[str, tuple[str, ...]] = {
    "neglect": ("care_profile_grade",),
    "dv": ("dvrim_scale", "dash"),
    "cse": ("cse_tool",),
}
EXPECTED, OTHER = "Tools that go with what you have ticked", "Other tools you have used"
BECAUSE = "Expected, because you have ticked: {}."


class Beside:
    """A question with what good evidence for it looks like beside it."""

    def __init__(self, field: str, guide: Sequence[str]) -> None:
        self.field, self.guide = field, guide

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **_kwargs: Any) -> SafeString:
        drawn = render_field(self.field, form, context, template_pack=template_pack)
        # The field was escaped by its own template.
        return render_to_string("intake/_beside.html", {"drawn": mark_safe(drawn), "guide": self.guide})  # noqa: S308


class EvidenceForm(SavedForm):
    """What was seen or heard that shows each ticked indicator."""

    form_tag = False
    buttons = ()  # on the page, below what the evidence points to

    def __init__(
        self,
        indicators: Iterable[Indicator],
        written: Mapping[str, str],
        *,
        data: QueryDict | None = None,
        version: int = 0,
    ) -> None:
        rows = list(indicators)
        shown = {"indicators": {row.code: written.get(row.code, "") for row in rows}}
        super().__init__(data, version=version, shown=shown)
        self.codes: dict[str, str] = {}
        self.guides: dict[str, list[str]] = {}
        for indicator in rows:
            name = f"evidence_{indicator.code}"
            self.codes[name], self.guides[name] = indicator.code, good_evidence(indicator)
            self.fields[name] = forms.CharField(
                label=indicator.text,
                help_text=f"Level {indicator.level.number}, {indicator.domain.name.lower()} ({indicator.code})",
                widget=forms.Textarea,
                initial=written.get(indicator.code, ""),
                required=False,
            )
            self.looks[name] = Look(size="s", rows=4)

    def layout(self) -> Sequence[Any]:
        return [Beside(name, self.guides[name]) for name in self.codes]

    def written(self) -> dict[str, str]:
        """The evidence as typed, by the indicator's code."""
        return {code: clean_text(self.data.get(name, "")) for name, code in self.codes.items()}

    def ask_evidence(self) -> None:
        for name, code in self.codes.items():
            if not self.written()[code]:
                self.add_error(name, MISSING)


def ask_tools(form: PageForm, ticked: Iterable[Indicator], places: Mapping[str, str]) -> None:
    """Put the tools that go with the ticked indicators first, each with the reason; the others stay possible.

    `places` says for a tool what level the matrix gives its results.
    """
    reasons: dict[str, list[str]] = {}
    for indicator in ticked:
        for tool in (tool for alert in indicator.alerts for tool in TOOLS.get(alert, ())):
            reasons.setdefault(tool, []).append(indicator.text)
    tools = {tool for group in TOOLS.values() for tool in group}
    for tool in tools:
        because = [BECAUSE.format("; ".join(dict.fromkeys(reasons[tool])))] if tool in reasons else []
        form.fields[tool].help_text = " ".join([*because, places.get(tool, "")]).strip()
    asked = [one for one in form.page.questions if one.name not in tools]
    expected = [replace(one, group=EXPECTED) for one in form.page.questions if one.name in reasons]
    others = [replace(one, group=OTHER) for one in form.page.questions if one.name in tools - set(reasons)]
    form.page = replace(form.page, questions=(*asked, *expected, *others))

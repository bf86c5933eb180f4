"""Evidence: one box for each indicator that is ticked."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict

from mash_portal.govuk.look import Look
from referrals.rules.marf.values import clean_text
from thresholds.models import Indicator

from .pages import SavedForm

MISSING = "Write the evidence for this indicator, or untick it on the page before"


class EvidenceForm(SavedForm):
    """What was seen or heard that shows each ticked indicator."""

    def __init__(
        self,
        indicators: Iterable[Indicator],
        written: Mapping[str, str],
        *,
        data: QueryDict | None = None,
        version: int = 0,
    ) -> None:
        indicators = list(indicators)
        shown = {indicator.code: written.get(indicator.code, "") for indicator in indicators}
        super().__init__(data, version=version, shown={"indicators": shown})
        self.codes: dict[str, str] = {}
        for indicator in indicators:
            name = f"evidence_{indicator.code}"
            self.codes[name] = indicator.code
            self.fields[name] = forms.CharField(
                label=indicator.text,
                help_text=f"Level {indicator.level.number}, {indicator.domain.name.lower()} ({indicator.code})",
                widget=forms.Textarea,
                initial=written.get(indicator.code, ""),
                required=False,
            )
            self.looks[name] = Look(size="s", rows=3)

    def written(self) -> dict[str, str]:
        """The evidence as typed, by the indicator's code."""
        return {code: clean_text(self.data.get(name, "")) for name, code in self.codes.items()}

    def ask_evidence(self) -> None:
        for name, code in self.codes.items():
            if not self.written()[code]:
                self.add_error(name, MISSING)

"""What a page author may say about how one field or button looks. Everything has a calm default."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """How one field is drawn. `size` is s, m, l or xl; `heading` makes its label or legend the page's h1."""

    size: str = ""
    heading: bool = False
    width: str = ""  # characters ("2" to "30") or a share of the column ("one-half", "two-thirds", "full")
    inline: bool = False
    small: bool = False
    rows: int = 5
    max_words: int = 0
    max_characters: int = 0
    prefix: str = ""
    suffix: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool | None = None
    optional: bool | None = None  # None: as the form and the field say
    item_hints: Mapping[str, str] = field(default_factory=dict)
    none_value: str = ""  # the answer that stands alone, drawn last after "or"

    @property
    def width_class(self) -> str:
        if not self.width:
            return ""
        return f"govuk-input--width-{self.width}" if self.width.isdigit() else f"govuk-!-width-{self.width}"

    def label_class(self, part: str) -> str:
        return f" {part}--{self.size}" if self.size else ""


@dataclass(frozen=True, slots=True)
class Button:
    """One submit button. `style` is "", secondary, warning or inverse."""

    text: str = "Save and continue"
    name: str = ""
    value: str = ""
    style: str = ""

    @property
    def css_class(self) -> str:
        return f"govuk-button govuk-button--{self.style}" if self.style else "govuk-button"


SAVE = Button()
SAVE_LATER = Button("Save and come back later", name="later", value="1", style="secondary")

"""Layout objects for crispy forms: a titled group of questions, and the buttons."""

from typing import Any

from crispy_forms.utils import TEMPLATE_PACK, render_field
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from .look import SAVE, Button


class Group:
    """Closely related questions under one heading: `Group("Address", "address", "postcode", hint="…")`."""

    def __init__(self, legend: str, *fields: Any, hint: str = "", size: str = "m", heading: bool = False) -> None:
        self.legend, self.fields, self.hint, self.size, self.heading = legend, fields, hint, size, heading

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        drawn = "".join(render_field(name, form, context, template_pack=template_pack) for name in self.fields)
        # Each part was escaped by its own template.
        return render_to_string("govuk/layout/group.html", {"group": self, "drawn": mark_safe(drawn)})  # noqa: S308


class Buttons:
    """The buttons below a form, the main one on the left."""

    def __init__(self, *buttons: Button) -> None:
        self.buttons = buttons or (SAVE,)

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        return render_to_string("govuk/layout/buttons.html", {"buttons": self.buttons})


class Text:
    """A paragraph, escaped, between the questions. `style` is a class such as govuk-inset-text or govuk-heading-m."""

    def __init__(self, text: str, style: str = "govuk-body") -> None:
        self.text, self.style = text, style

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        return render_to_string("govuk/layout/text.html", {"text": self.text, "style": self.style})

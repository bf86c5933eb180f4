"""The form that every page's form is made from."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms.utils import pretty_name

from .layout import Buttons
from .look import SAVE, Button, Look
from .messages import give_sentences


class GovukLook(forms.BaseForm):
    """Mixed into a Form or ModelForm: `{% crispy form %}` draws it as GOV.UK patterns, with its buttons.

    No browser validation: the server answers, in its own words. No autocomplete unless a field's look asks for it:
    most details here are somebody else's.
    """

    use_required_attribute = False
    mark_optional: ClassVar[bool] = True
    looks: Mapping[str, Look] = {}
    buttons: Sequence[Button] = (SAVE,)
    form_tag: ClassVar[bool] = True
    form_method: ClassVar[str] = "post"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            give_sentences(field, str(field.label or pretty_name(name)))

    def layout(self) -> Sequence[Any]:
        """Names of fields and layout objects, in order. All fields unless a form says otherwise."""
        return list(self.fields)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag, helper.form_method = self.form_tag, self.form_method
        helper.include_media = False
        helper.render_hidden_fields = True
        helper.attrs = {"novalidate": True, "autocomplete": "off"}
        parts = [*self.layout(), Buttons(*self.buttons)] if self.buttons else self.layout()
        helper.layout = Layout(*parts)
        return helper

    def typed(self) -> dict[str, Any]:
        """What was typed, right or wrong, as plain JSON: what a draft keeps and gives back as `initial`."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }


class GovukForm(GovukLook, forms.Form):
    """A plain form in our look."""


class GovukModelForm(GovukLook, forms.ModelForm):  # type: ignore[type-arg]  # the model is the subclass's business
    """A model's form in our look."""

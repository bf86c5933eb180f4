"""What the forms of a strategy discussion share."""

from django import forms

from mash_portal.govuk.messages import give_sentences

LONGEST = 20_000


def text_area(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.Textarea, max_length=LONGEST)


def number_of_discussion() -> forms.IntegerField:
    """Which discussion the page showed: another may have been called since."""
    lost = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value"), "The page has lost its place. Open it again."
    )
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, error_messages=lost)


def give_all_sentences(form: forms.Form) -> None:
    """A form that adds its fields as it is made gives them its words too."""
    for name, field in form.fields.items():
        give_sentences(field, str(field.label or name))

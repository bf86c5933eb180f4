"""What a form says when a page author has not said it better: a sentence that tells the person what to do."""

from django import forms

#: Sentences for what Django would call not valid. {subject} is the question's label, or "This answer".
SENTENCES = {
    "max_length": "{subject} must be %(limit_value)d characters or fewer; you typed %(show_value)d",
    "min_length": "{subject} must be %(limit_value)d characters or more",
    "max_value": "{subject} must be %(limit_value)s or less",
    "min_value": "{subject} must be %(limit_value)s or more",
    "invalid_choice": "Choose one of the answers that are shown",
    "invalid_list": "Choose from the answers that are shown",
    "null_characters_not_allowed": "{subject} has a character in it that cannot be kept",
}
BY_CLASS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.EmailField, "Enter an email address in the correct format, like name@example.com"),
    (forms.IntegerField, "{subject} must be a number, like 3"),
)


def lowered(label: str) -> str:
    """ "Family name" within a sentence: "family name"; "NHS number" stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def when_missing(field: forms.Field, label: str) -> str:
    if label.endswith("?"):
        return f"Answer “{label}”"
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}”"
    return f"{'Select' if isinstance(field, forms.ChoiceField) else 'Enter'} {lowered(label)}"


def give_sentences(field: forms.Field, label: str) -> None:
    """Replace Django's stock messages; what the author wrote stays."""
    subject = "This answer" if not label or label.endswith("?") else label
    # Django fills these in by %, so a percent sign of the label is doubled; the two below are shown as they are.
    sentences = {code: text.replace("{subject}", subject.replace("%", "%%")) for code, text in SENTENCES.items()}
    sentences["required"] = when_missing(field, label)
    for kind, text in BY_CLASS:
        if isinstance(field, kind):
            sentences["invalid"] = text.replace("{subject}", subject)
    stock: dict[str, object] = {}
    for ancestor in reversed(type(field).__mro__):
        stock |= getattr(ancestor, "default_error_messages", {})
    for code, sentence in sentences.items():
        if field.error_messages.get(code) == stock.get(code):
            field.error_messages[code] = sentence

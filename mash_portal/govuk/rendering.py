"""Turns a bound field into what the short templates of the pack draw. Nothing here writes HTML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField

from .fields import PARTS, DatePartsWidget, typed_parts
from .look import Look

# CheckboxSelectMultiple is a subclass of RadioSelect, so it is asked for first.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DatePartsWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.widgets.Input, "input"),
)


[(_, DASHES)] = BLANK_CHOICE_DASH
#: The class of GOV.UK Frontend where it is not called as our template is.
PARTS_OF_GOVUK = {"password": "input", "file": "file-upload"}

# What was typed is never cut off silently, a placeholder is no label, and a number is text with a number pad.
NOT_DRAWN = dict.fromkeys(("maxlength", "minlength", "placeholder", "min", "max", "step"), False)


@dataclass(frozen=True, slots=True)
class Item:
    """One radio button or checkbox."""

    value: str
    label: str
    id: str
    checked: bool
    hint: str
    alone: bool


def kind_of(widget: forms.Widget) -> str:
    for widget_class, kind in KINDS:
        if isinstance(widget, widget_class):
            return kind
    raise TypeError(f"The govuk pack has no template for {type(widget).__name__}.")


def look_of(field: BoundField) -> Look:
    looks: Mapping[str, Look] = getattr(field.form, "looks", {})
    return looks.get(field.name, Look())


def is_optional(field: BoundField, look: Look) -> bool:
    if look.optional is not None:
        return look.optional
    return getattr(field.form, "mark_optional", True) and not field.field.required


def wrong_parts(field: BoundField) -> tuple[str, ...]:
    """The boxes of a date that are wrong; all three where the message does not say."""
    for error in field.errors.as_data():
        return tuple((error.params or {}).get("parts", PARTS))
    return ()


def first_control(field: BoundField) -> str:
    """The id that a link in the error summary leads to."""
    if isinstance(field.field.widget, DatePartsWidget):
        return f"{field.auto_id}_{wrong_parts(field)[0]}"
    return str(field.auto_id)


def grouped_items(field: BoundField, look: Look) -> list[tuple[str, list[Item]]]:
    """The choices as (group's name or "", items). The first has the id of the field: summary links lead to it.

    Django gives each choice outside a group a group of its own; here neighbours without a name are one list. An empty
    choice with words, such as "All", is a choice; the dashes that Django puts before the choices of a model are not.
    """
    widget = field.field.widget
    groups: list[tuple[str, list[Item]]] = []
    number = 0
    for name, options, _ in widget.optgroups(field.html_name, widget.format_value(field.value()) or []):
        if name or not groups or groups[-1][0]:
            groups.append((str(name or ""), []))
        for option in options:
            if option["value"] not in (None, "") or option["label"] not in ("", DASHES):
                number += 2 if str(option["value"]) == look.none_value and number else 1  # "or" has a place too
                groups[-1][1].append(item_of(field, look, option, number))
    return groups


def item_of(field: BoundField, look: Look, option: dict[str, Any], number: int) -> Item:
    value = str(option["value"])
    return Item(
        value=value,
        label=option["label"],
        id=str(field.auto_id) if number == 1 else f"{field.auto_id}-{number}",
        checked=option["selected"],
        hint=look.item_hints.get(value, ""),
        alone=value == look.none_value and bool(value),
    )


def date_boxes(field: BoundField) -> list[dict[str, object]]:
    typed = typed_parts(field.value())
    wrong = wrong_parts(field)
    birthday = look_of(field).autocomplete == "bday"
    return [
        {
            "part": part,
            "label": part.capitalize(),
            "id": f"{field.auto_id}_{part}",
            "name": f"{field.html_name}_{part}",
            "value": typed[part],
            "wrong": part in wrong,
            "width": 2 if part == "day" else 4,  # room for "sept"
            "inputmode": "" if part == "month" else "numeric",
            "autocomplete": f"bday-{part}" if birthday else "",
        }
        for part in PARTS
    ]


def control(field: BoundField, look: Look, kind: str) -> str:
    """The input, textarea or select itself, drawn by Django with the classes and links of the pattern."""
    part = PARTS_OF_GOVUK.get(kind, kind)
    classes = [f"govuk-{part}", *(["govuk-input--extra-letter-spacing"] if look.inputmode == "numeric" else [])]
    classes += [f"govuk-{part}--error"] if field.errors else []
    classes += [look.width_class] if look.width_class else []
    attrs: dict[str, Any] = {}
    if isinstance(field.field.widget, forms.NumberInput):
        field.field.widget.input_type = "text"
        attrs["inputmode"] = "numeric"
    counted = kind == "textarea" and (look.max_words or look.max_characters)
    if counted:
        classes.append("govuk-js-character-count")
        attrs["aria-describedby"] = f"{field.auto_id}-info {field.aria_describedby or ''}".strip()
    if kind == "textarea":
        attrs |= {"rows": look.rows, "cols": False}
    if kind == "password":
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    attrs |= {name: value for name, value in attributes(look) if value}
    classes += str(field.field.widget.attrs.get("class", "")).split()
    return str(field.as_widget(attrs={**attrs, "class": " ".join(dict.fromkeys(classes)), **NOT_DRAWN}))


def attributes(look: Look) -> Iterator[tuple[str, str]]:
    yield "autocomplete", look.autocomplete
    yield "inputmode", look.inputmode
    if look.spellcheck is not None:
        yield "spellcheck", "true" if look.spellcheck else "false"


def field_context(field: BoundField, look: Look) -> dict[str, Any]:
    """Everything one field's template needs."""
    kind = kind_of(field.field.widget)
    context: dict[str, Any] = {
        "field": field,
        "kind": kind,
        "look": look,
        "errors": list(field.errors),
        "optional": is_optional(field, look),
        "label_class": look.label_class("govuk-label"),
        "legend_class": look.label_class("govuk-fieldset__legend"),
        "describedby": field.aria_describedby or "",
    }
    if kind in ("radios", "checkboxes"):
        context["groups"] = grouped_items(field, look)
    elif kind == "date":
        context["boxes"] = date_boxes(field)
    elif kind != "checkbox":
        context["control"] = control(field, look, kind)
    return context


def summary_of(form: forms.BaseForm) -> list[dict[str, str]]:
    """The error summary's lines, in the order of the page: the same words as at the field, each with its link."""
    lines = [{"text": str(text), "href": ""} for text in form.non_field_errors()]
    for field in form:
        lines += [{"text": str(text), "href": f"#{first_control(field)}"} for text in field.errors]
    return lines

"""Our template pack against GOV.UK Frontend's own examples (its package carries them: tests/fixtures).

Each example is drawn by us with the same options and must give the same tree of tags, attributes and words. Where we
differ on purpose the reason stands in DIFFERENCES, and `alike` takes exactly that away before comparing.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.template import Context, Template

from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Buttons
from mash_portal.govuk.look import Button, Look

# The pack needs none of the portal's addresses.
pytestmark = pytest.mark.urls(__name__)
urlpatterns: list[Any] = []

FIXTURES = Path(__file__).parents[1] / "fixtures" / "govuk-frontend"

DIFFERENCES = {
    "aria-invalid": "Django says it on every wrong control; GOV.UK leaves it out and it does no harm",
    "name": "a form has one name for a field; the examples give id and name apart",
    "hint and error ids": "Django builds aria-describedby from id_helptext and id_error",
    "date box ids": "day, month and year are parted by _ as in Django's own date widgets",
    "month box": "wider and without a number pad, because a month may be typed as a word",
    "disabled": "we never offer an answer that cannot be given, so no option is disabled",
    "double click": "a form sent twice by a double click is sent once",
}


def examples(component: str, *names: str) -> list[Any]:
    """The named examples of a component, as parameters with readable ids. A name that is gone fails."""
    known = {each["name"]: each for each in json.loads((FIXTURES / f"{component}.json").read_text())["fixtures"]}
    return [pytest.param(known[name]["options"], known[name]["html"], id=name) for name in names]


def alike(html: str) -> list[Any]:
    """The tree of a fragment: tags, attributes, words; without white space, order of classes and DIFFERENCES."""
    return [branch(child) for child in BeautifulSoup(html, "html.parser").children if isinstance(child, Tag)]


def branch(tag: Tag) -> tuple[str, dict[str, Any], list[Any]]:
    attributes: dict[str, Any] = {}
    for name, value in tag.attrs.items():
        if name in ("aria-invalid", "name", "data-prevent-double-click"):
            continue
        plain = " ".join(plain_id(word) for word in str(value).split())
        told = plain if name in ("id", "aria-describedby", "for", "href") else str(value)
        attributes[name] = sorted(value) if isinstance(value, list) else told
    if "-month" in str(attributes.get("id", "")):
        attributes.pop("inputmode", None)
        attributes["class"] = [c for c in attributes["class"] if "width" not in c]
    children: list[Any] = []
    for child in tag.children:
        words = " ".join(str(child).split())
        if isinstance(child, Tag):
            children.append(branch(child))
        elif words:
            children.append(" ".join(child.get_text().split()))
    return tag.name, attributes, children


def plain_id(word: str) -> str:
    for ours, theirs in (("_helptext", "-hint"), ("_error", "-error"), ("_day", "-day"), ("_month", "-month")):
        word = word.replace(ours, theirs)
    return word.replace("_year", "-year")


def words_of(part: Mapping[str, Any] | None) -> str:
    return str((part or {}).get("text", ""))


def size_of(options: Mapping[str, Any]) -> str:
    _, _, size = str(options.get("classes", "")).rpartition("--")
    return size


def look_from(options: Mapping[str, Any], **more: Any) -> Look:
    """The Look that says the same as an example's options."""
    title = options.get("label") or options.get("fieldset", {}).get("legend", {})
    classes = str(options.get("classes", ""))
    width = next((word.rpartition("-")[2] for word in classes.split() if "--width-" in word), "")
    return Look(
        size=size_of(title),
        heading=bool(title.get("isPageHeading")),
        width=width,
        inline="--inline" in classes,
        small="--small" in classes,
        **{name: options[name] for name in ("autocomplete", "inputmode", "spellcheck") if name in options},
        prefix=words_of(options.get("prefix")),
        suffix=words_of(options.get("suffix")),
        **more,
    )


def draw(field: forms.Field, options: Mapping[str, Any], look: Look, value: Any = None) -> str:
    """The example's field as our pack draws it."""
    name = options.get("id") or options.get("idPrefix") or options["name"]
    title = options.get("label") or options.get("fieldset", {}).get("legend", {})
    field.label, field.help_text, field.required = words_of(title), words_of(options.get("hint")), False
    error = words_of(options.get("errorMessage"))
    typed = value if isinstance(value, dict) else {name: value}
    form = type("Example", (GovukForm,), {"mark_optional": False, "looks": {name: look}})(
        data=typed if error else None, initial={name: value}, auto_id="%s"
    )
    form.fields[name] = field
    if error:
        parts = tuple(part for part in ("day", "month", "year") if options.get(part, {}).get("error"))
        params = {"parts": parts} if parts else None
        form.add_error(name, forms.ValidationError(error, params=params))
    return Template("{% load govuk %}{% govuk_field field %}").render(Context({"field": form[name]}))


def choices_of(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    items = [item for item in options["items"] if item and "divider" not in item]
    return [(str(item.get("value", item["text"])), item["text"]) for item in items]


def chosen_in(options: Mapping[str, Any], mark: str) -> list[str]:
    chosen = [str(item["value"]) for item in options["items"] if item and item.get(mark)]
    return chosen or [str(each) for each in options.get("values", [options["value"]] if "value" in options else [])]


INPUTS = examples(
    "input", "default", "with hint text", "with error message", "with error and hint", "with width-2 class",
    "with width-10 class", "with width-30 class", "with label as page heading", "with prefix", "with suffix",
    "with prefix and suffix", "with prefix and suffix and error", "with prefix and suffix and width modifier",
    "with prefix with html as text", "value", "inputmode", "with autocomplete attribute", "with spellcheck enabled",
    "with spellcheck disabled",
)  # fmt: skip


@pytest.mark.parametrize(("options", "html"), INPUTS)
def test_a_text_input_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    ours = draw(forms.CharField(max_length=9), options, look_from(options), options.get("value"))
    assert alike(ours) == alike(html)


TEXTAREAS = examples(
    "textarea", "default", "with hint", "with error message", "with default value", "with custom rows",
    "with label as page heading", "with hint and error message", "with autocomplete attribute",
    "with spellcheck enabled", "with spellcheck disabled",
)  # fmt: skip


@pytest.mark.parametrize(("options", "html"), TEXTAREAS)
def test_a_textarea_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    look = look_from(options, rows=options.get("rows", 5))
    ours = draw(forms.CharField(widget=forms.Textarea), options, look, options.get("value"))
    assert alike(ours) == alike(html)


COUNTS = examples(
    "character-count", "default", "with hint", "with hint and error", "with default value", "with custom rows",
    "with label as page heading", "with count type 'words'", "with count type 'words' and value",
)  # fmt: skip


@pytest.mark.parametrize(("options", "html"), COUNTS)
def test_a_character_count_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    limit = {"max_words" if options.get("countType") == "words" else "max_characters": options["maxlength"]}
    look = look_from(options, rows=options.get("rows", 5), **limit)
    ours = draw(forms.CharField(widget=forms.Textarea), options, look, options.get("value"))
    assert alike(ours) == alike(html)


SELECTS = examples(
    "select", "with hint text and error message", "with label as page heading", "with selected value", "error"
)


@pytest.mark.parametrize(("options", "html"), SELECTS)
def test_a_select_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    chosen = next(iter(chosen_in(options, "selected")), None)
    ours = draw(forms.ChoiceField(choices=choices_of(options)), options, look_from(options), chosen)
    theirs = html.replace(" disabled>", ">")  # DIFFERENCES: disabled
    assert alike(ours) == alike(theirs)


RADIOS = examples("radios", "default", "with hint", "inline", "small inline", "with very long option text",
                  "with hints on parent and items", "with hint and error message",
                  "with fieldset and error message")  # fmt: skip


@pytest.mark.parametrize(("options", "html"), RADIOS)
def test_radios_are_drawn_as_govuk_frontend_draws_them(options: dict[str, Any], html: str) -> None:
    hints = {str(item["value"]): words_of(item["hint"]) for item in options["items"] if "hint" in item}
    field = forms.ChoiceField(choices=choices_of(options), widget=forms.RadioSelect)
    ours = draw(field, options, look_from(options, item_hints=hints), next(iter(chosen_in(options, "checked")), None))
    assert alike(ours) == alike(html)


CHECKBOXES = examples("checkboxes", "default", "with hint", "with divider and None", "small with divider and None",
                      "small with hint", "small with error", "with error message and hint",
                      "with legend as a page heading", "with very long option text")  # fmt: skip


@pytest.mark.parametrize(("options", "html"), CHECKBOXES)
def test_checkboxes_are_drawn_as_govuk_frontend_draws_them(options: dict[str, Any], html: str) -> None:
    alone = next((item["value"] for item in options["items"] if item.get("behaviour") == "exclusive"), "")
    hints = {str(item["value"]): words_of(item["hint"]) for item in options["items"] if "hint" in item}
    field = forms.MultipleChoiceField(choices=choices_of(options), widget=forms.CheckboxSelectMultiple)
    ours = draw(field, options, look_from(options, none_value=alone, item_hints=hints), chosen_in(options, "checked"))
    assert alike(ours) == alike(html)


DATES = examples("date-input", "default", "with values", "with error message and hint",
                 "with error on day input", "with error on month input", "with error on year input")  # fmt: skip


@pytest.mark.parametrize(("options", "html"), DATES)
def test_a_date_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    values = options.get("values") or {p: options.get(p, {}).get("value", "") for p in ("day", "month", "year")}
    ours = draw(DatePartsField(), options, look_from(options), values)
    assert alike(ours) == alike(html)


PASSWORDS = examples("password-input", "default", "with hint text", "with error message", "with label as page heading")


@pytest.mark.parametrize(("options", "html"), PASSWORDS)
def test_a_password_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    ours = draw(forms.CharField(widget=widget), options, look_from(options))
    assert alike(ours) == alike(html)


@pytest.mark.parametrize(("options", "html"), examples("error-summary", "default", "without links"))
def test_the_error_summary_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    form = GovukForm(data={}, auto_id="%s")
    for line in options["errorList"]:
        name = line.get("href", "").lstrip("#")
        if name:
            form.fields[name] = forms.CharField(required=False)
        form.add_error(name or None, line["text"])
    ours = Template("{% load govuk %}{% error_summary form %}").render(Context({"form": form}))
    assert alike(ours) == alike(html)


BUTTONS = examples("button", "default", "secondary", "warning", "inverse", "prevent double click")


@pytest.mark.parametrize(("options", "html"), BUTTONS)
def test_a_button_is_drawn_as_govuk_frontend_draws_it(options: dict[str, Any], html: str) -> None:
    button = Button(options["text"], name=options.get("name", ""), style=size_of(options))
    group = BeautifulSoup(str(Buttons(button).render(GovukForm(), Context())), "html.parser")
    assert [branch(tag) for tag in group.find_all("button")] == alike(html)

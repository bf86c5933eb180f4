"""What our forms promise to those who write pages and those who fill them in."""

import datetime as dt
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from crispy_forms.utils import render_crispy_form
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.template import Context, Template
from django.utils.safestring import SafeString

from mash_portal.govuk.fields import DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.layout import Buttons, Group, Text
from mash_portal.govuk.look import SAVE, SAVE_LATER, Button, Look

# The pack needs none of the portal's addresses.
pytestmark = pytest.mark.urls(__name__)
urlpatterns: list[Any] = []


class ChildForm(GovukForm):
    """A form with one of everything, as a page author writes it."""

    buttons = (SAVE, SAVE_LATER)
    looks = {"sex": Look(inline=True), "needs": Look(none_value="none"), "family": Look(heading=True, size="l")}
    family = forms.CharField(label="Family name", error_messages={"required": "Enter the child’s family name"})
    other = forms.CharField(label="Other names", required=False)
    born = DatePartsField(label="When was the child born?", subject="Date of birth")
    sex = forms.ChoiceField(
        label="Sex",
        choices=[("f", "Female"), ("m", "Male")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select the child’s sex"},
    )
    needs = forms.MultipleChoiceField(
        label="Needs",
        choices=[("Health", [("send", "Learning"), ("ill", "Illness")]), ("none", "None of these")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def layout(self) -> list[Any]:
        return [Group("The child", "family", "other", "born", hint="As known"), Text("Or not known"), "sex", "needs"]


def soup_of(form: GovukForm) -> BeautifulSoup:
    return BeautifulSoup(render_crispy_form(form, context={"csrf_token": "token"}), "html.parser")


def test_a_form_has_its_token_its_buttons_and_no_checks_by_the_browser() -> None:
    form = soup_of(ChildForm()).form
    assert form is not None
    assert form.has_attr("novalidate")
    assert form["autocomplete"] == "off"
    assert form.select_one("[name=csrfmiddlewaretoken]") is not None
    assert form.select_one("[name=version][type=hidden]") is not None
    assert [button.get_text() for button in form.select("button")] == ["Save and continue", "Save and come back later"]
    assert not form.select("[required], [maxlength], [checked], [style]")


def test_optional_questions_say_so_and_nothing_has_an_asterisk() -> None:
    text = soup_of(ChildForm()).get_text()
    assert "Other names (optional)" in text
    assert "Family name (optional)" not in text
    assert "*" not in text


def test_a_draft_whose_every_field_may_wait_marks_only_what_is_truly_optional() -> None:
    class Draft(ChildForm):
        mark_optional = False
        looks = {"other": Look(optional=True)}

    text = soup_of(Draft()).get_text()
    assert "Other names (optional)" in text
    assert "Needs (optional)" not in text


def test_groups_of_choices_are_lists_under_their_own_legends() -> None:
    soup = soup_of(ChildForm())
    assert [len(each.select("input")) for each in soup.select(".govuk-checkboxes")] == [2, 1]
    assert [each.get_text() for each in soup.select(".portal-choices legend")] == ["Health"]
    assert len(soup.select(".govuk-radios")) == 1


def test_checkboxes_are_drawn_as_checkboxes_though_django_calls_them_radios() -> None:
    assert {each["type"] for each in soup_of(ChildForm()).select("[name=needs]")} == {"checkbox"}


def test_every_link_of_the_summary_leads_to_a_control_and_says_what_the_field_says() -> None:
    form = ChildForm({"born_day": "31", "born_month": "feb", "needs": "x"})
    soup = soup_of(form)
    html = Template("{% load govuk %}{% error_summary form %}").render(Context({"form": form}))
    links = BeautifulSoup(html, "html.parser").select("a")
    messages = [each.get_text().removeprefix("Error:").strip() for each in soup.select(".govuk-error-message")]
    assert [link.get_text() for link in links] == messages
    assert [link["href"] for link in links][:3] == ["#id_family", "#id_born_year", "#id_sex"]
    for link in links:
        target = soup.select_one(str(link["href"]))
        assert target is not None
        assert target.name in ("input", "select", "textarea")


def test_every_description_that_is_named_is_there() -> None:
    soup = soup_of(ChildForm({}))
    named = " ".join(str(each["aria-describedby"]) for each in soup.select("[aria-describedby]")).split()
    assert named
    assert [name for name in named if soup.find(id=name) is None] == []


def test_every_label_belongs_to_one_control_and_every_id_is_used_once() -> None:
    soup = soup_of(ChildForm())
    ids = [each["id"] for each in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert [each["for"] for each in soup.select("label") if each["for"] not in ids] == []


ATTACK = "<script>alert(1)</script>"


def test_nothing_in_a_label_a_hint_a_choice_a_value_or_an_error_becomes_html() -> None:
    class Hostile(GovukForm):
        looks = {
            "one": Look(prefix=ATTACK, suffix=ATTACK),
            "two": Look(item_hints={ATTACK: ATTACK}),
            "four": Look(heading=True),
        }
        one = forms.CharField(label=ATTACK, help_text=ATTACK)
        two = forms.ChoiceField(label=ATTACK, choices=[(ATTACK, ATTACK)], widget=forms.RadioSelect, help_text=ATTACK)
        three = forms.BooleanField(label=ATTACK, help_text=ATTACK)
        four = forms.CharField(label=ATTACK, widget=forms.Textarea)
        five = DatePartsField(label=ATTACK)
        six = forms.ChoiceField(label=ATTACK, choices=[(ATTACK, [(ATTACK, ATTACK)])])

        def layout(self) -> list[Any]:
            return [Group(ATTACK, *self.fields, hint=ATTACK), Text(ATTACK), Buttons(Button(ATTACK, "a", ATTACK))]

    typed = dict.fromkeys(("one", "two", "four", "five_day", "five_month", "five_year", "six"), ATTACK)
    form = Hostile(typed)
    for name in form.fields:
        form.add_error(name, ATTACK)
    form.add_error(None, ATTACK)
    page = Template("{% load govuk %}{% error_summary form %}").render(Context({"form": form}))
    html = page + render_crispy_form(form)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 20


def test_the_words_of_a_tag_are_escaped() -> None:
    html = Template("{% load govuk %}{% tag text %}{{ text|rag_tag }}{{ text|stage_tag }}").render(
        Context({"text": ATTACK})
    )
    assert "<script" not in html
    assert isinstance(html, SafeString)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        (("27", "3", "2019"), dt.date(2019, 3, 27)),
        (("1", "feb", "2020"), dt.date(2020, 2, 1)),
        ((" 9 ", "Sept.", "2021"), dt.date(2021, 9, 9)),
        (("29", "FEBRUARY", "2024"), dt.date(2024, 2, 29)),
        (("", "", ""), None),
    ],
)
def test_a_person_can_type_a_date_as_people_write_it(typed: tuple[str, str, str], date: dt.date | None) -> None:
    day, month, year = typed
    field = DatePartsField(label="Date of birth", required=False)
    assert field.clean({"day": day.strip(), "month": month, "year": year}) == date


@pytest.mark.parametrize(
    ("typed", "message", "first_box"),
    [
        (("", "", ""), "Enter the date of birth", "day"),
        (("27", "3", ""), "Date of birth must include a year", "year"),
        (("", "3", ""), "Date of birth must include a day and a year", "day"),
        (("31", "feb", "2020"), "Date of birth must be a real date", "day"),
        (("29", "2", "2023"), "Date of birth must be a real date", "day"),
        (("1", "13", "2020"), "Date of birth must be a real date", "month"),
        (("1", "ju", "2020"), "Date of birth must be a real date", "month"),
        (("0", "1", "2020"), "Date of birth must be a real date", "day"),
        (("1", "1", "20"), "Year of the date of birth must include 4 numbers", "year"),
        (("1", "1", "0000"), "Date of birth must be a real date", "day"),
        (("1", "1", "0001"), "Date of birth must be between 1900 and 2099", "year"),
        (("31", "12", "9999"), "Date of birth must be between 1900 and 2099", "year"),
        (("-1", "1", "2020"), "Date of birth must be a real date", "day"),
        (("٣", "1", "2020"), "Date of birth must be a real date", "day"),
        (("1" * 5000, "1", "2020"), "Date of birth must be a real date", "day"),
    ],
)
def test_a_person_cannot_type_a_date_that_is_none(typed: tuple[str, ...], message: str, first_box: str) -> None:
    class Birth(GovukForm):
        born = DatePartsField(label="When was the child born?", subject="Date of birth")

    form = Birth({f"born_{part}": text for part, text in zip(("day", "month", "year"), typed, strict=True)})
    assert form.errors == {"born": [message]}
    soup = soup_of(form)
    kept = [str(each.get("value", "")) for each in soup.select(".govuk-date-input__input")]
    assert tuple(kept) == typed
    summary = Template("{% load govuk %}{% error_summary form %}").render(Context({"form": form}))
    assert f'href="#id_born_{first_box}"' in summary


@pytest.mark.parametrize("initial", [dt.date(2019, 3, 27), "2019-03-27", {"day": 27, "month": 3, "year": 2019}])
def test_a_date_that_is_known_is_shown_in_its_boxes(initial: Any) -> None:
    boxes = soup_of(ChildForm(initial={"born": initial})).select(".govuk-date-input__input")
    assert [box["value"] for box in boxes] == ["27", "3", "2019"]


def test_what_was_typed_right_or_wrong_comes_back_from_a_draft() -> None:
    typed = ChildForm({"family": "Ó Briain", "born_day": "40", "born_month": "feb", "needs": ["send"]}).typed()
    kept = json.loads(json.dumps(typed))
    soup = soup_of(ChildForm(initial=kept))
    assert soup.select_one("#id_family")["value"] == "Ó Briain"  # type: ignore[index]
    assert [box.get("value") for box in soup.select(".govuk-date-input__input")] == ["40", "feb", None]
    assert [box["value"] for box in soup.select("[checked]")] == ["send"]


class Terse(GovukForm):
    """A form whose author wrote no messages."""

    family = forms.CharField(label="Family name", max_length=5)
    number = forms.CharField(label="NHS number")
    why = forms.CharField(label="Why now?")
    sex = forms.ChoiceField(label="Sex", choices=[("f", "Female")])
    agreed = forms.BooleanField(label="I declare 100% of this")
    grade = forms.IntegerField(label="Grade at 50%", max_value=5)
    email = forms.EmailField(label="Email address", error_messages={"required": "Enter where we can write to you"})


def test_a_person_who_leaves_a_question_out_is_told_what_to_do() -> None:
    assert {name: errors[0] for name, errors in Terse({}).errors.items()} == {
        "family": "Enter family name",
        "number": "Enter NHS number",
        "why": "Answer “Why now?”",
        "sex": "Select sex",
        "agreed": "Tick “I declare 100% of this”",
        "grade": "Enter grade at 50%",
        "email": "Enter where we can write to you",
    }


def test_a_person_who_types_what_cannot_be_is_told_what_can() -> None:
    typed = {
        "family": "Featherstone",
        "number": "1",
        "why": "\0",
        "sex": "x",
        "agreed": "on",
        "grade": "9",
        "email": "@",
    }
    errors = {name: errors[0] for name, errors in Terse(typed).errors.items()}
    assert errors == {
        "family": "Family name must be 5 characters or fewer; you typed 12",
        "why": "This answer has a character in it that cannot be kept",
        "sex": "Choose one of the answers that are shown",
        "grade": "Grade at 50% must be 5 or less",
        "email": "Enter an email address in the correct format, like name@example.com",
    }
    assert Terse({**typed, "grade": "nine"}).errors["grade"] == ["Grade at 50% must be a number, like 3"]


class FilterForm(GovukForm):
    """A list's filter, and a file, as page authors write them."""

    state = forms.ChoiceField(choices=[("", "All"), ("sent", "Sent")], widget=forms.RadioSelect, required=False)
    blank = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("f", "Female")], widget=forms.RadioSelect)
    paper = forms.FileField(error_messages={"required": "Choose a file"})


def test_an_empty_choice_with_words_can_be_chosen_and_the_dashes_of_a_model_cannot() -> None:
    soup = soup_of(FilterForm())
    assert [str(each["value"]) for each in soup.select("[name=state]")] == ["", "sent"]
    assert [each.has_attr("checked") for each in soup.select("[name=state]")] == [True, False]
    assert [str(each["value"]) for each in soup.select("[name=blank]")] == ["f"]


def test_a_file_is_chosen_with_the_browsers_own_button_and_not_in_a_text_box() -> None:
    [first] = soup_of(FilterForm()).select("[type=file]")
    [wrong] = soup_of(FilterForm({})).select("[type=file]")
    assert first["class"] == ["govuk-file-upload"]
    assert wrong["class"] == ["govuk-file-upload", "govuk-file-upload--error"]

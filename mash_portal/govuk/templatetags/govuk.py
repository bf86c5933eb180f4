"""Tags and filters of our look: `{% load govuk %}`. None of them queries, and everything they print is escaped."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mash_portal.govuk import colours, words
from mash_portal.govuk.rendering import field_context, look_of, summary_of

register = template.Library()


@register.simple_tag
def govuk_field(field: BoundField, label: str = "", hint: str | None = None, **look: Any) -> SafeString:
    """One field with its label, hint and error; a hidden field is only itself.

    `label`, `hint` and any part of a Look may be said in the template, for forms that are not ours:
    `{% govuk_field form.password label="Password" width="20" %}`
    """
    if field.is_hidden:
        return SafeString(field)
    if label:
        field.label = label
    if hint is not None:
        field.help_text = hint
    context = field_context(field, replace(look_of(field), **look))
    return render_to_string(f"govuk/fields/{context['kind']}.html", context)


@register.simple_tag
def error_summary(*forms_on_page: object) -> SafeString:
    """The summary at the top of the page, or nothing when nothing is wrong or there is no form."""
    lines = [line for form in forms_on_page if isinstance(form, forms.BaseForm) for line in summary_of(form)]
    return render_to_string("govuk/error_summary.html", {"lines": lines}) if lines else SafeString("")


@register.simple_tag
def tag(text: str, colour: str = "") -> SafeString:
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour or "grey", text)


@register.filter
def rag_tag(rag: Any) -> SafeString:
    """Priority as a word in its colour; grey "Not yet rated" where there is none."""
    if not rag:
        return tag(colours.NOT_RATED)
    return tag(getattr(rag, "label", str(rag).capitalize()), colours.RAG.get(str(rag), "grey"))


@register.filter
def stage_tag(stage: Any) -> SafeString:
    return tag(getattr(stage, "label", str(stage)), colours.STAGE.get(str(stage), "grey"))


@register.filter
def long_moment(moment: dt.datetime | None) -> str:
    return words.long_moment(moment) if moment else ""


@register.filter
def short_moment(moment: dt.datetime | None) -> str:
    return words.short_moment(moment) if moment else ""


@register.filter
def long_date(day: dt.date | None) -> str:
    return words.long_date(day) if day else ""


@register.filter
def short_date(day: dt.date | None) -> str:
    return words.short_date(day) if day else ""


@register.filter
def time_left(due: dt.datetime, now: dt.datetime) -> str:
    return words.time_left(due, now)


@register.filter
def counted(number: int, forms_of_word: str) -> str:
    """`{{ n|counted:"child,children" }}` gives "1 child" or "2 children"."""
    one, _, many = forms_of_word.partition(",")
    return words.count(number, one, many)

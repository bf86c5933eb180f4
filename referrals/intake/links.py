"""Where each question of a draft is answered."""

from django.urls import reverse

from referrals.models import Draft
from referrals.rules.marf import BY_SLUG, Gap, Kind, Question, Section

from . import versions


def tasks_url(draft: Draft) -> str:
    return reverse("intake:tasks", args=[draft.key])


def page_url(draft: Draft, section: Section, page: str = "") -> str:
    """A page of a section; the first one has the section's own address."""
    if not page or page == section.pages[0].slug:
        return reverse("intake:section", args=[draft.key, section.slug])
    return reverse("intake:page", args=[draft.key, section.slug, page])


def question_url(draft: Draft, section: Section, question: Question, key: str = "") -> str:
    """The first control of a question: for check-your-answers and for links to what is missing."""
    if section.is_people and key:
        return reverse("intake:person", args=[draft.key, section.slug, key]) + f"#{anchor(question)}"
    page = section.page_of(question.name)
    return f"{page_url(draft, section, page.slug)}#{anchor(question)}"


def gap_url(draft: Draft, gap: Gap) -> str:
    if gap.name == versions.NAME:
        return tasks_url(draft) + "#versions"
    section = BY_SLUG[gap.section]
    question = next((one for one in section.questions if one.name == gap.field), None)
    if question is None:
        return page_url(draft, section)
    if question.kind is Kind.INDICATORS and gap.key:
        return page_url(draft, section, "evidence") + f"#id_evidence_{gap.key}"
    return question_url(draft, section, question, gap.key)


def anchor(question: Question) -> str:
    if question.kind is Kind.INDICATORS:
        return "matrix"
    return f"id_{question.name}_day" if question.kind is Kind.DATE else f"id_{question.name}"


def next_url(draft: Draft, section: Section, page: str) -> str:
    slugs = _slugs(section)
    following = slugs[slugs.index(page) + 1 :]
    return page_url(draft, section, following[0]) if following else tasks_url(draft)


def back_url(draft: Draft, section: Section, page: str) -> str:
    slugs = _slugs(section)
    before = slugs[: slugs.index(page)]
    return page_url(draft, section, before[-1]) if before else tasks_url(draft)


def _slugs(section: Section) -> list[str]:
    """The pages of a section in order; the evidence is asked between ticking indicators and choosing a level."""
    slugs = [page.slug for page in section.pages]
    return [slugs[0], "evidence", *slugs[1:]] if section.slug == "threshold" else slugs

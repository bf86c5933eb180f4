"""Reading a page of figures as its readers do: headings, rows, and every count with the list behind it."""

import html
import re

from django.test import Client

NUMBER = re.compile(r'<a class="govuk-link" href="(/dashboard/[^"?]*\?[^"]*)">([\d,]+)')
#: Times are links as well, to the list that they are of.
TIME = re.compile(r"<a [^>]*>[\d,]+(\xa0h\xa0\d+)?\xa0min.*?</a>")


def body(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def headings(text: str) -> list[str]:
    return re.findall(r"<h[12] class=\"govuk-heading[^>]*>([^<]*)</h", text)


def row(text: str, table: str, label: str) -> list[str]:
    """The cells of the first row whose label begins so, as text."""
    section = text[text.index(f'<section id="{table}"') :].partition("</section>")[0]
    line = next(part for part in section.split("<tr ") if re.search(rf"scope=\"row\"[^>]*>{re.escape(label)}", part))
    cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
    shown = (re.sub(r"<span class=\"govuk-visually-hidden\">.*?</span>", "", cell) for cell in cells)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).replace("\xa0", " ").split()) for one in shown]


def counts(text: str) -> dict[str, int]:
    """Every count that is a link: the address of its list, and the count."""
    return {href: int(shown.replace(",", "")) for href, shown in NUMBER.findall(TIME.sub("", text))}

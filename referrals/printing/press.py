"""WeasyPrint, kept on a short lead: it is given everything it draws, and fetches nothing, from anywhere.

Importing this needs Pango (OSError where it is missing), so it is imported when something is printed.
"""

from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher


class FetchesNothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Refuses every address, of this machine and of any other, and stops the printing: nothing should have asked."""

    def fetch(self, url: str, headers: dict[str, Any] | None = None) -> NoReturn:
        raise FatalURLFetchingError("A document that is printed may fetch nothing.")


def pdf(css: str, html: str) -> bytes:
    """A PDF that says how it is built (PDF/UA-1): headings, tables and reading order, a title and a language."""
    fetcher = FetchesNothing()
    sheet = CSS(string=css, url_fetcher=fetcher)
    made = HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
    return bytes(made)

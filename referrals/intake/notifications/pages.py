"""A file of notifications ready to print: what is in it, what became of it, and the lines that were left out."""

import csv
import io
from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.words import count
from referrals.models import ItemState, Upload

from . import queries
from .columns import ALL
from .table import MARKED


def upload_rows(user: User, now: datetime) -> list[dict[str, str]]:
    uploads = queries.uploads_of(user).select_related("agency", "by")[: queries.LISTED]
    return [
        {
            "url": reverse("notifications:upload", args=[upload.key]),
            "name": upload.file_name,
            "agency": upload.agency.name,
            "who": upload.by.full_name,
            "when": words.ago(upload.at, now),
            "state": state_words(upload, upload.counts()),
        }
        for upload in uploads
    ]


def state_words(upload: Upload, counts: dict[ItemState, int]) -> str:
    waiting = counts[ItemState.READY]
    if upload.confirmed_at is None:
        return f"Not brought in: {count(waiting, 'notification')} ready" if waiting else "Nothing in it can come in"
    if waiting:
        return f"Coming in: {waiting} still to do"
    return f"{count(counts[ItemState.IN], 'notification')} brought in"


def is_under_way(upload: Upload, counts: dict[ItemState, int]) -> bool:
    return upload.confirmed_at is not None and counts[ItemState.READY] > 0


def preview(upload: Upload, user: User, counts: dict[ItemState, int]) -> dict[str, Any]:
    """What the file holds, before anything has been done with it."""
    ready = counts[ItemState.READY]
    return {
        **_both(upload, user, counts),
        "heading": f"{count(ready, 'notification')} can be brought in",
        "button": f"Bring in {count(ready, 'notification')}" if ready else "",
        "matches": [
            (item.police_reference, item.possible)
            for item in (queries.items_with_matches(upload) if queries.is_hub(user) else ())
        ],
        "tiles": _tiles(counts, first=("Can be brought in", ItemState.READY)),
    }


def progress(upload: Upload, counts: dict[ItemState, int]) -> dict[str, Any]:
    done = counts[ItemState.IN] + counts[ItemState.REFUSED]
    whole = done + counts[ItemState.READY]
    return {"upload": upload, "done": done, "whole": whole, "heading": f"{done} of {whole} notifications are in"}


def result(upload: Upload, user: User, counts: dict[ItemState, int]) -> dict[str, Any]:
    return {
        **_both(upload, user, counts),
        "heading": f"{count(counts[ItemState.IN], 'notification')} brought in",
        "tiles": _tiles(counts, first=("Brought in", ItemState.IN)),
    }


def _both(upload: Upload, user: User, counts: dict[ItemState, int]) -> dict[str, Any]:
    problems = queries.problems_of(upload)
    left_out = counts[ItemState.WRONG] + counts[ItemState.REFUSED]
    return {
        "upload": upload,
        "problems": problems[: queries.SHOWN],
        "more_problems": max(len(problems) - queries.SHOWN, 0),
        "left_out": left_out,
        "left_out_words": count(left_out, "notification"),
        "same": _same(upload, user),
        "kept_until": words.long_date(upload.at + queries.KEPT),
    }


def _same(upload: Upload, user: User) -> list[tuple[str, str, str]]:
    """Police reference, reference, and the way to it, of what was here already: a reference only to who may see it."""
    found = queries.items(upload, ItemState.SAME)
    page = "triage:contact" if queries.is_hub(user) else "intake:referral"
    seen = queries.seen_among([item.reference for item in found], user)
    return [
        (item.police_reference, item.reference, reverse(page, args=[item.reference]))
        if item.reference in seen
        else (item.police_reference, "", "")
        for item in found
    ]


def _tiles(counts: dict[ItemState, int], first: tuple[str, ItemState]) -> list[dict[str, Any]]:
    label, state = first
    wrong = counts[ItemState.WRONG] + counts[ItemState.REFUSED]
    return [
        {"number": f"{counts[state]:,}", "label": label, "state": "good" if counts[state] else ""},
        {"number": f"{wrong:,}", "label": "Left out", "state": "overdue" if wrong else ""},
        {"number": f"{counts[ItemState.SAME]:,}", "label": "Here already"},
    ]


def left_out_file(upload: Upload) -> str:
    """The lines that could not go in as they came, each with why: to put right and upload again."""
    columns = [name for name in upload.columns if name and name != "why"]
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([*columns, "why"])
    for _, cells, why in queries.left_out(upload):
        lines.writerow([_safe(cells.get(name, "")) for name in columns] + [why])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(MARKED) else cell


def column_rows() -> list[tuple[str, str, bool, str]]:
    """For the page: each column, what goes in it, whether it is needed, and an example."""
    return [(column.name, column.what, column.is_needed, column.examples[0]) for column in ALL]

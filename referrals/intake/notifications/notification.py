"""One police notification, from a file or a system, as the document of a referral; what is wrong with it in sentences.

Nothing that the police wrote is lost: what has no place of its own is kept in words. A notification is never stopped
by what is not known: a blank is “not known” here, because that is what it means in a police record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mash_portal.accounts.models import Agency
from mash_portal.govuk.words import LONDON
from referrals.codes import ETHNICITY_LABELS
from referrals.intake import documents
from referrals.intake.arrival import ARRIVAL
from referrals.intake.reading import BadDocument
from referrals.refusals import Objection
from referrals.rules import marf
from referrals.rules.marf.values import clean_text
from referrals.vocabulary import Channel, Rag

from .values import day_of, moment_of, sex_of

NOT_KNOWN = "not known"
GRADES = ("standard", "medium", "high")
#: National factor of an incident between adults that a child lives with: “Domestic abuse: parent or carer subject”.
DOMESTIC_ABUSE, FACTOR = "domestic", "3B"
LONGEST = 20_000
#: What a notification may say of a child word for word.
CHILD_TEXTS = (
    "given_names", "family_name", "other_names", "estimated_age", "address", "postcode", "school", "where_now", "gp",
)  # fmt: skip
#: DVRIM scale → level and indicator of the published matrix.
Scales = Mapping[int, tuple[int, str]]


@dataclass
class Notification:
    """What one notification says. It can be brought in when it has answers and no problems.

    Each problem names its field as a path: "rag", "children.0.date_of_birth".
    """

    police_reference: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Objection] = field(default_factory=list)

    def say(self, path: str, sentence: str) -> None:
        self.problems.append(Objection(path, sentence))


def read(data: object, *, agency: Agency, sender: str, scales: Scales, now: datetime) -> Notification:
    """The notification as answers of the form, or what is wrong with it."""
    found = Notification()
    if not isinstance(data, Mapping):
        found.say("", "A notification must have keys and values.")
        return found
    document = _document(found, dict(data), scales, now)
    if found.problems:
        return found
    document |= {"by": sender, "agency": agency.name, "source": agency.source}
    try:
        answers = documents.read(document).answers
    except BadDocument as refusal:
        found.say("", str(refusal))
        return found
    answers[ARRIVAL]["incident_type"] = document["incident"]["type"]
    for path, sentence in _gaps(answers, now.astimezone(LONDON).date()):
        found.say(path, sentence)
    if not found.problems:
        found.answers = answers
    return found


def _document(found: Notification, data: dict[str, Any], scales: Scales, now: datetime) -> dict[str, Any]:
    found.police_reference = _needed(found, data, "police_reference", "Enter the police reference.", limit=60)
    narrative = _needed(found, data, "narrative", "Write what happened in the narrative.")
    incident = _incident(found, data, now)
    dvrim = _choice(found, data, "dvrim_scale", tuple(str(scale) for scale in scales) or ("1", "2", "3", "4"))
    document: dict[str, Any] = {
        "channel": Channel.POLICE.value,
        "police_reference": found.police_reference,
        "rag": _choice(found, data, "rag", tuple(rag.value for rag in Rag)),
        "incident": incident,
        "tools": {"dvrim_scale": dvrim, "dash": _choice(found, data, "dash_grade", GRADES)},
        "worry": narrative,
        "factors": [FACTOR] if DOMESTIC_ABUSE in incident["type"].casefold() else [],
        "children": [_child(found, child, path, now) for path, child in _each(found, data, "children")],
        "adults": [_adult(found, adult, path) for path, adult in _each(found, data, "adults")],
    }
    if not document["children"]:
        found.say("children", "Name the child, or write “not known”.")
    if dvrim and (level := scales.get(int(dvrim))):
        number, code = level
        document["threshold"] = {"level": str(number), "reason": "", "indicators": {code: f"Scale {dvrim}"}}
    _relate(document)
    return document | {key: value for key, value in data.items() if key not in document}


def _incident(found: Notification, data: dict[str, Any], now: datetime) -> dict[str, str]:
    said = data.pop("incident", None) or {}
    if not isinstance(said, Mapping):
        found.say("incident", "The incident must have keys and values.")
        said = {}
    at = _text(found, said, "at", "incident.at", 60)
    moment = moment_of(at) if at else None
    if at and moment is None:
        found.say("incident.at", f"“{at}” is not a date and time. Write it like 19/11/2026 20:15.")
    if moment and moment > now:
        found.say("incident.at", "The incident must be in the past.")
    known = {
        "at": moment.isoformat() if moment else "",
        **{name: _text(found, said, name, f"incident.{name}", 200) for name in ("type", "place")},
    }
    return known | {key: value for key, value in said.items() if key not in known}


def _child(found: Notification, said: dict[str, Any], path: str, now: datetime) -> dict[str, Any]:
    child: dict[str, Any] = {name: _text(found, said, name, f"{path}.{name}", 200) for name in CHILD_TEXTS}
    if not (child["given_names"] or child["family_name"]):
        found.say(f"{path}.family_name", "Enter the child’s name, or “not known”.")
    child["date_of_birth"] = _birth(found, said, path, now.astimezone(LONDON).date())
    child["family_name"] = child["family_name"] or NOT_KNOWN
    child["address"] = child["address"] or NOT_KNOWN
    if not (child["date_of_birth"] or child["estimated_age"] or said.get("expected_date")):
        child["estimated_age"] = NOT_KNOWN
    for name, code in (("sex", sex_of), ("ethnicity", _ethnicity)):
        typed = _text(found, said, name, f"{path}.{name}", 120)
        child[name] = code(typed)
        if typed and not child[name]:
            child[f"{name} as the police wrote it"] = typed
    return child | {key: value for key, value in said.items() if key not in child}


def _birth(found: Notification, said: dict[str, Any], path: str, today: date) -> str:
    typed = _text(found, said, "date_of_birth", f"{path}.date_of_birth", 60)
    if not typed or typed.casefold() in (NOT_KNOWN, "unknown"):
        return ""
    day = day_of(typed)
    if day is None:
        found.say(f"{path}.date_of_birth", f"“{typed}” is not a date. Write the date of birth like 10/10/2019.")
    elif day > today:
        found.say(f"{path}.date_of_birth", "The date of birth must be today or in the past.")
    return day.isoformat() if day else ""


def _adult(found: Notification, said: dict[str, Any], path: str) -> dict[str, Any]:
    adult: dict[str, Any] = {
        name: _text(found, said, name, f"{path}.{name}", 200) for name in ("given_names", "family_name")
    }
    typed = _text(found, said, "date_of_birth", f"{path}.date_of_birth", 60)
    day = day_of(typed)
    if typed and day is None and typed.casefold() not in (NOT_KNOWN, "unknown"):
        found.say(f"{path}.date_of_birth", f"“{typed}” is not a date. Write the date of birth like 10/10/1989.")
    adult["date_of_birth"] = day.isoformat() if day else ""
    risk = _text(found, said, "source_of_risk", f"{path}.source_of_risk", 10).casefold()
    if risk not in ("", "yes", "no", "true", "false"):
        found.say(f"{path}.source_of_risk", "Say yes or no: is the adult thought to have caused the harm?")
    adult["source_of_risk"] = risk
    return adult | {key: value for key, value in said.items() if key not in adult}


def _relate(document: dict[str, Any]) -> None:
    """What an adult is, said once, holds for every child; said by the child's name, for that child."""
    names = [f"{child['given_names']} {child['family_name']}".strip() for child in document["children"]]
    for adult in document["adults"]:
        if isinstance(said := adult.get("relationship"), str):
            adult["relationship"] = dict.fromkeys(names, said) if clean_text(said) else {}


def _each(found: Notification, data: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    said = data.pop(key, None) or []
    if not isinstance(said, list):
        found.say(key, f"{key.capitalize()} must be a list.")
        return
    for number, one in enumerate(said):
        if isinstance(one, Mapping):
            yield f"{key}.{number}", dict(one)
        else:
            found.say(f"{key}.{number}", f"Each of the {key} must have keys and values.")


def _gaps(answers: dict[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """What the form's own rules say, by the path of what was sent."""
    for gap in marf.gaps(answers, today=today, channel=Channel.POLICE):
        place = f"{gap.section}.{int(gap.key[1:]) - 1}." if gap.key[1:].isdigit() else ""
        yield f"{place}{gap.field}", f"{gap.sentence}."


def _needed(found: Notification, data: dict[str, Any], key: str, sentence: str, limit: int = LONGEST) -> str:
    typed = _text(found, data, key, key, limit)
    data.pop(key, None)
    if not typed and not any(problem.field == key for problem in found.problems):
        found.say(key, sentence)
    return typed


def _choice(found: Notification, data: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    typed = _text(found, data, key, key, 60).casefold()
    data.pop(key, None)
    if typed and typed not in choices:
        found.say(key, f"{key} must be {', '.join(choices[:-1])} or {choices[-1]}, and is “{typed}”.")
        return ""
    return typed


def _text(found: Notification, data: Mapping[str, Any], key: str, path: str, limit: int) -> str:
    value = data.get(key)
    if isinstance(value, Mapping | list):
        found.say(path, f"{key} must be text.")
        return ""
    typed = clean_text("" if value is None else str(value))
    if len(typed) > limit:
        found.say(path, f"{key} must be {limit:,} characters or fewer.")
        return ""
    return typed


def _ethnicity(typed: str) -> str:
    return typed.upper() if typed.upper() in ETHNICITY_LABELS else ""

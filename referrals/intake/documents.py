"""A referral written as a document (the shape of demo/referrals.yaml) as a draft’s answers: the same form as the page.

Nothing is decided here: what is missing is for rules/marf to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referrals import codes
from referrals.codes.kinds import KIND_OF_SOURCE
from referrals.rules.marf import BY_SLUG
from referrals.rules.marf.numbers import postcode
from referrals.vocabulary import Channel, HowKnown, Rag, Refusal

from .arrival import ARRIVAL
from .reading import BadDocument, Reader, moment_of

REASONS = [reason.value for reason in Refusal]
#: What a document says of a child or an adult word for word, under the same name as the form.
CHILD_TEXTS = (
    "given_names", "family_name", "other_names", "estimated_age", "religion", "first_language", "interpreter",
    "nhs_number", "upn", "address", "current_address", "where_now", "school", "gp", "legal_status",
)  # fmt: skip
ADULT_TEXTS = ("given_names", "family_name", "other_names", "estimated_age", "address", "phone", "language")
WORRY_TEXTS = ("worry", "happened_when", "injuries", "childs_voice", "impact", "working_well", "what_needs_to_happen")
SAFETY_TEXTS = ("staff_risk", "dogs", "weapons", "safe_contact", "withhold_address_from")
TRIED_TEXTS = ("number", "lead", "why_not", "single_agency", "earlier_referrals")


@dataclass(frozen=True)
class Document:
    """Who sends what, from where."""

    by: str
    agency: str
    source: str
    job: str
    answers: dict[str, Any]
    received_at: datetime | None

    @property
    def police_reference(self) -> str:
        return str(self.answers[ARRIVAL]["police_reference"])


def read(data: object) -> Document:
    """The document as answers; BadDocument says what cannot be understood and where."""
    doc = Reader(data)
    doc.get("id"), doc.get("expect")
    source = doc.needed("source", "which national contact source it comes from", limit=2)
    if source not in KIND_OF_SOURCE:
        raise BadDocument(f"source “{source}” is not one of {', '.join(KIND_OF_SOURCE)}.")
    received = doc.text("received_at")
    children = _children(doc)
    answers: dict[str, Any] = {
        ARRIVAL: _arrival(doc, source),
        "about": _about(doc),
        "children": children,
        "adults": _adults(doc, children),
        "consent": _consent(doc),
        "worry": _worry(doc),
        "threshold": _threshold(doc),
        "tried": _tried(doc.within("tried")),
        "agencies": _agencies(doc),
        "safety": _safety(doc.within("safety")),
    }
    agency, by = doc.needed("agency", "which agency sends it"), doc.needed("by", "who sends it")
    answers["worry"]["other"] = "\n".join(line for line in [answers["worry"]["other"], *doc.leftovers()] if line)
    received_at = moment_of(received, "received_at") if received else None
    return Document(by, agency, source, doc.text("job", 120), answers, received_at)


def _arrival(doc: Reader, source: str) -> dict[str, str]:
    return {
        "channel": doc.code("channel", [channel.value for channel in Channel]) or Channel.MARF.value,
        "source": source,
        "police_reference": doc.text("police_reference", 60),
        "rag": doc.code("rag", [rag.value for rag in Rag]),
    }


def _about(doc: Reader) -> dict[str, str]:
    lead, phoned = doc.within("safeguarding_lead"), doc.within("phoned")
    return {
        "name": doc.text("by"),
        "job": doc.text("job"),
        "agency": doc.text("agency"),
        "phone": doc.text("phone"),
        "email": doc.text("email"),
        "best_time": doc.text("best_time"),
        "line_manager": doc.text("line_manager"),
        "dsl_consulted": lead.yes_no("consulted"),
        "dsl_name": lead.text("name"),
        "dsl_on": lead.day("on"),
        "dsl_why_not": lead.text("why_not"),
        "phoned": "yes" if phoned.data else "",
        "phoned_when": phoned.moment("when"),
        "phoned_to": phoned.text("to"),
    }


def _children(doc: Reader) -> list[dict[str, Any]]:
    return [_child(child, f"c{number}") for number, child in enumerate(doc.each("children", "child"), 1)]


def _child(child: Reader, key: str) -> dict[str, Any]:
    child.yes_no("unborn")  # said by the expected date
    needs = [child.text("needs"), child.text("communication")]
    return {
        "key": key,
        **{name: child.text(name) for name in CHILD_TEXTS},
        "date_of_birth": child.day("date_of_birth"),
        "expected_date": child.day("expected_date"),
        "sex": child.code("sex", list(codes.SEX_LABELS)),
        "ethnicity": child.code("ethnicity", list(codes.ETHNICITY_LABELS)),
        "disability": child.codes("disability", list(dict(codes.DISABILITIES))),
        "needs": "\n".join(line for line in needs if line),
        "postcode": postcode(child.text("postcode")),
        "private_fostering": child.yes_no("private_fostering"),
        "sibling_only": child.yes_no("sibling_only"),
    }


def _adults(doc: Reader, children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = _keys_by_name(children)
    return [_adult(adult, f"a{number}", keys) for number, adult in enumerate(doc.each("adults", "adult"), 1)]


def _adult(adult: Reader, key: str, keys: dict[str, str]) -> dict[str, Any]:
    responsible = [adult.plain(one, "parental_responsibility") for one in adult.items("parental_responsibility")]
    related = adult.pairs("relationship")
    return {
        "key": key,
        **{name: adult.text(name) for name in ADULT_TEXTS},
        "date_of_birth": adult.day("date_of_birth"),
        "postcode": postcode(adult.text("postcode")),
        "relationship": {_key_of(name, keys, adult, "relationship"): what for name, what in related.items()},
        "responsibility": {_key_of(name, keys, adult, "parental_responsibility"): "yes" for name in responsible},
        "household": adult.yes_no("household"),
        "source_of_risk": adult.yes_no("source_of_risk"),
    }


def _keys_by_name(children: list[dict[str, Any]]) -> dict[str, str]:
    """Each child's key under every name that a document may use for it."""
    keys: dict[str, str] = {}
    for child in children:
        given, family = child["given_names"], child["family_name"]
        names = [given, f"{given} {family}".strip(), "unborn" if child["expected_date"] else ""]
        keys |= {name.casefold(): child["key"] for name in names if name and name.casefold() not in keys}
    return keys


def _key_of(name: str, keys: dict[str, str], adult: Reader, field: str) -> str:
    if name.casefold() not in keys:
        raise BadDocument(f"{adult.place(field)} names “{name}”, who is not one of the children.")
    return keys[name.casefold()]


def _consent(doc: Reader) -> dict[str, str]:
    told, agreed = doc.within("family_informed"), doc.within("agreement")
    return {
        "informed": told.yes_no("informed"),
        "informed_who": told.text("who"),
        "informed_on": told.day("on"),
        "informed_view": told.text("view"),
        "not_informed_reason": told.code("reason", REASONS),
        "child_view": told.text("child_view"),
        "agreement": agreed.yes_no("given"),
        "agreement_by": agreed.text("who"),
        "agreement_on": agreed.day("on"),
        "agreement_covers": agreed.text("covers"),
        "no_agreement_reason": agreed.code("reason", REASONS),
        "reason_words": agreed.text("more") or told.text("more"),
    }


def _worry(doc: Reader) -> dict[str, Any]:
    said, incident = doc.within("disclosure"), doc.within("incident")
    happened = [incident.text("type"), incident.moment("at"), incident.text("place")]
    return {
        **{name: doc.text(name) for name in WORRY_TEXTS},
        "how_known": doc.code("how_known", [how.value for how in HowKnown]),
        "disclosure": said.text("words"),
        "disclosed_to": ", ".join(word for word in (said.text("to"), said.moment("at")) if word),
        "factors": doc.codes("factors", list(codes.FACTOR_LABELS)),
        "other": "Incident: " + ", ".join(word for word in happened if word) if any(happened) else "",
    }


def _threshold(doc: Reader) -> dict[str, Any]:
    threshold, tools = doc.within("threshold"), doc.within("tools")
    choices = {question.name: list(dict(question.choices)) for question in BY_SLUG["threshold"].questions}
    return {
        "level": threshold.code("level", choices["level"]),
        "reason": threshold.text("reason"),
        "indicators": threshold.pairs("indicators"),
        "care_profile_grade": tools.code("care_profile_grade", choices["care_profile_grade"]),
        "dvrim_scale": tools.code("dvrim_scale", choices["dvrim_scale"]),
        "cse_tool": tools.text("cse_tool"),
        "dash": tools.text("dash"),
    }


def _tried(tried: Reader) -> dict[str, str]:
    return {
        "early_help": tried.yes_no("early_help"),
        "on": tried.day("on"),
        **{name: tried.text(name) for name in TRIED_TEXTS},
    }


def _agencies(doc: Reader) -> list[dict[str, str]]:
    return [
        {
            "key": f"g{number}",
            **{name: agency.text(name) for name in ("agency", "contact", "details", "since")},
            "may_contact": agency.yes_no("may_contact"),
        }
        for number, agency in enumerate(doc.each("agencies", "agency"), 1)
    ]


def _safety(safety: Reader) -> dict[str, str]:
    return {**{name: safety.text(name) for name in SAFETY_TEXTS}, "lone_visits": safety.yes_no("lone_visits")}

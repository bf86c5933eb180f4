"""A form as rows: the children and adults, what the family agreed to, the level believed, and the form itself.

Each kind of row is written in one statement, however many children there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from referrals import notices
from referrals.codes import ETHNICITY_LABELS, SEX_LABELS
from referrals.models import Adult, Assessment, Child, Consent, Contact, Finding, Marf, Relationship
from referrals.rules import marf
from referrals.rules.marf.numbers import digits, is_nhs_number, is_postcode, postcode
from referrals.rules.marf.questions import NO, YES
from referrals.rules.marf.values import Answers, day, evidence, part, people, text, whole
from thresholds import frozen
from thresholds import matrix as rules
from thresholds.models import Indicator, Matrix

from . import completing

NOT_KNOWN = ("not known", "unknown")
TOOLS = ("care_profile_grade", "dvrim_scale")
UPN_LENGTH = 13


@dataclass(frozen=True)
class Ticked:
    """The indicators that a form ticks, with the rows of the matrix that they are."""

    evidence: Mapping[str, str]
    matrix: Matrix
    indicators: Mapping[str, Indicator]
    ruler: rules.Ruler
    level: str = ""

    @classmethod
    def of(cls, answers: Answers, matrix: Matrix) -> "Ticked":
        rows = frozen.rows_of(matrix)
        return cls(evidence(answers), matrix, rows.indicators, rows.ruler, text(part(answers, "threshold"), "level"))

    def gaps(self) -> list[marf.Gap]:
        """Codes that this version of the matrix does not have, and a level that cannot be with what is ticked."""
        strangers = [code for code in self.evidence if code not in self.indicators]
        sentence = "{} is no indicator of the published matrix. Untick it and choose another"
        name = "evidence for the level"
        found = [marf.Gap("threshold", "indicators", name, sentence.format(code), code) for code in strangers]
        return found + marf.harm_at_level_one(self.level, self._harmful())

    def _harmful(self) -> list[str]:
        ticked = (self.indicators[code] for code in self.evidence if code in self.indicators)
        return [row.text for row in ticked if rules.HARM in row.alerts]

    def suggestion(self, grade: int | None, scale: int | None) -> rules.Suggestion:
        """What the rules make of the indicators with evidence, and of the tools."""
        ruler = self.ruler
        shown = ruler.pick(code for code, words in self.evidence.items() if words and code in self.indicators)
        return rules.suggest(
            shown,
            care_profile_grade=grade if _knows(ruler.level_of_grade, grade) else None,
            dvrim_scale=scale if _knows(ruler.of_dv_scale, scale) else None,
            ruler=ruler,
        )


def _knows(place: Callable[[int], object], number: int | None) -> bool:
    """Whether this matrix places a grade or scale: a partnership's own may use neither."""
    try:
        return number is not None and place(number) is not None
    except ValueError:
        return False


def contradictions(answers: Answers, matrix: Matrix | None = None) -> list[marf.Gap]:
    """What cannot be true together and takes the matrix to see. It asks the database only where that is possible.

    Whoever looks at many forms gives the published `matrix`, and then nothing is asked.
    """
    if text(part(answers, "threshold"), "level") != "1" or not evidence(answers):
        return []
    ticked = Ticked.of(answers, matrix or Matrix.objects.current())
    return [gap for gap in ticked.gaps() if gap.field == "level"]


def level_of(answers: Answers) -> int | None:
    """The level believed, of a form without gaps; None where nobody was asked for one: a police notification."""
    return whole(part(answers, "threshold"), "level")


def tools_of(answers: Answers) -> tuple[int | None, int | None]:
    """Graded Care Profile grade and domestic violence scale."""
    threshold = part(answers, "threshold")
    return whole(threshold, "care_profile_grade"), whole(threshold, "dvrim_scale")


def write(
    contact: Contact,
    answers: dict[str, Any],
    ticked: Ticked,
    *,
    by: User,
    now: datetime,
    already: Sequence[Child] = (),
    sent: Marf | None = None,
) -> None:
    """Everything that a form says, in the caller's transaction. `already`: children that a call has named before.

    `sent`: the same form as it was sent before, whose questions and declaration it keeps.
    """
    children = _children(contact, answers, already)
    notices.of_history(contact, now=now)
    _adults(contact, answers, children)
    _consent(contact, answers)
    _assessment(contact, answers, ticked, by=by, now=now)
    Marf.objects.create(
        contact=contact,
        answers=answers,
        form_version=sent.form_version if sent else marf.FORM_VERSION,
        matrix=ticked.matrix,
        declaration=sent.declaration if sent else marf.DECLARATION,
        declared_by=by,
        declared_at=now,
    )


def _children(contact: Contact, answers: Answers, already: Sequence[Child]) -> list[Child]:
    rows = [_child(contact, said) for said in people(answers, "children")]
    return completing.save(rows, already, now=contact.received_at)


def as_named(said: Answers) -> Child:
    """As much of a child's record as tells the children of one family apart; it is not saved."""
    return Child(
        key=text(said, "key"),
        given_names=_name(said, "given_names"),
        family_name=_name(said, "family_name"),
        date_of_birth=day(said, "date_of_birth"),
    )


def _child(contact: Contact, said: Answers) -> Child:
    expected = day(said, "expected_date")
    sex, ethnicity, nhs, upn = (text(said, name) for name in ("sex", "ethnicity", "nhs_number", "upn"))
    where = postcode(text(said, "postcode"))
    disability = said.get("disability") or []
    return Child(
        contact=contact,
        key=text(said, "key"),
        given_names=_name(said, "given_names"),
        family_name=_name(said, "family_name"),
        date_of_birth=day(said, "date_of_birth"),
        expected_date=expected,
        estimated_age=whole(said, "estimated_age"),
        sex="U" if expected else sex if sex in SEX_LABELS else "",
        ethnicity=ethnicity if ethnicity in ETHNICITY_LABELS else "",
        nhs_number=digits(nhs) if is_nhs_number(nhs) else "",
        upn=digits(upn).upper() if len(digits(upn)) == UPN_LENGTH else "",
        postcode=where if is_postcode(where) else "",
        is_disabled=any(code != "NONE" for code in disability),
        in_scope=text(said, "sibling_only") != YES,
        agency=contact.agency,
        source=contact.source,
        received_at=contact.received_at,
        level_believed=contact.level_believed,
    )


def _name(said: Answers, field: str) -> str:
    """A name for the record: "not known" is an answer on the form, and not somebody's name."""
    name = text(said, field)
    return "" if name.casefold().strip(" .") in NOT_KNOWN else name


def _adults(contact: Contact, answers: Answers, children: list[Child]) -> None:
    said = people(answers, "adults")
    adults = Adult.objects.bulk_create([_adult(contact, one) for one in said])
    by_key = {child.key: child for child in children}
    ties = [
        Relationship(
            adult=adult,
            child=child,
            relationship=text(part(one, "relationship"), key),
            has_parental_responsibility=_yes_or_no(part(one, "responsibility"), key),
        )
        for adult, one in zip(adults, said, strict=True)
        for key, child in by_key.items()
        if text(part(one, "relationship"), key) or text(part(one, "responsibility"), key)
    ]
    Relationship.objects.bulk_create(ties)


def _adult(contact: Contact, said: Answers) -> Adult:
    return Adult(
        contact=contact,
        given_names=_name(said, "given_names"),
        family_name=_name(said, "family_name"),
        date_of_birth=day(said, "date_of_birth"),
        phone=text(said, "phone"),
        in_household=_yes_or_no(said, "household"),
        is_source_of_risk=text(said, "source_of_risk") == YES,
    )


def _yes_or_no(said: Answers, field: str) -> bool | None:
    return {YES: True, NO: False}.get(text(said, field))


def _consent(contact: Contact, answers: Answers) -> None:
    said = part(answers, "consent")
    informed, agreed = _yes_or_no(said, "informed"), _yes_or_no(said, "agreement")
    Consent.objects.create(
        contact=contact,
        family_informed=informed,
        not_informed_reason=text(said, "not_informed_reason") if informed is False else "",
        agreement_given=agreed,
        agreement_by=text(said, "agreement_by") if agreed else "",
        agreement_covers=text(said, "agreement_covers") if agreed else "",
        no_agreement_reason=text(said, "no_agreement_reason") if agreed is False else "",
    )


def _assessment(contact: Contact, answers: Answers, ticked: Ticked, *, by: User, now: datetime) -> None:
    level = level_of(answers)
    if level is None:
        return
    grade, scale = tools_of(answers)
    suggestion = ticked.suggestion(grade, scale)
    assessment = Assessment.objects.create(
        contact=contact,
        side=Assessment.REFERRER,
        matrix=ticked.matrix,
        suggested_level=suggestion.level,
        alerts=list(suggestion.alerts),
        because=list(suggestion.because),
        level=level,
        rationale=text(part(answers, "threshold"), "reason"),
        care_profile_grade=grade,
        dvrim_scale=scale,
        by=by,
        at=now,
    )
    Finding.objects.bulk_create(
        [
            Finding(assessment=assessment, indicator=ticked.indicators[code], evidence=words)
            for code, words in ticked.evidence.items()
        ]
    )

"""What is recorded about a child that figures are compared by. One expression counts, and finds the list behind.

NOT_KNOWN is a row like any other: how much of a recording is missing is a finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Case, DateField, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from referrals.codes import SEX_LABELS

NOT_KNOWN = "unknown"
OLDER = "16+"
#: The age bands of the national children in need census, at receipt.
AGES = {
    "unborn": "Not born yet",
    "0": "Under 1",
    "1-4": "1 to 4",
    "5-9": "5 to 9",
    "10-15": "10 to 15",
    OLDER: "16 and over",
    NOT_KNOWN: "Age not known",
}
UP_TO = ((1, "0"), (5, "1-4"), (10, "5-9"), (16, "10-15"))
ETHNICITIES = {
    "white": "White",
    "traveller": "Gypsy, Roma or Irish Traveller",
    "mixed": "Mixed",
    "asian": "Asian",
    "black": "Black",
    "other": "Any other ethnic group",
    NOT_KNOWN: "Ethnicity not known",
}
#: National codes that are counted apart from their first letter: Travellers and Roma, who would vanish among the White,
#: and Chinese, who are counted as Asian since the census of 2011.
APART = {"WIRT": "traveller", "WROM": "traveller", "CHNE": "asian", "OOTH": "other"}
#: All others by their first letter.
LETTERS = {"W": "white", "M": "mixed", "A": "asian", "B": "black"}
POSTCODE = "^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$"
#: Refused, and not yet obtained.
NOT_SAID = ("REFU", "NOBT")


@dataclass(frozen=True, slots=True)
class Characteristic:
    """`labels` in the order of the table; None where the values are what is found, such as postcode districts."""

    key: str
    label: str
    expression: Combinable
    labels: Mapping[str, str] | None

    def label_of(self, value: str) -> str:
        if self.labels is not None:
            return self.labels[value]
        return "Postcode not known" if value == NOT_KNOWN else value

    def q(self, value: str) -> Q:
        return Q(Exact(self.expression, Value(value)))


def _text(words: str) -> Value:
    return Value(words, output_field=TextField())


def _born_after(years: int) -> Q:
    """Fewer than so many birthdays, on the day of receipt."""
    then = Cast(F("received_at") - Func(Value(years), function="make_interval"), DateField())
    return Q(date_of_birth__gt=then)


def _ethnicity() -> Combinable:
    letters = [When(ethnicity__startswith=letter, then=_text(group)) for letter, group in LETTERS.items()]
    known = [
        When(Q(ethnicity="") | Q(ethnicity__in=NOT_SAID), then=_text(NOT_KNOWN)),
        *(When(ethnicity=code, then=_text(group)) for code, group in APART.items()),
        *letters,
    ]
    return Case(*known, default=_text(NOT_KNOWN), output_field=TextField())


def _age() -> Combinable:
    born = [When(_born_after(years), then=_text(band)) for years, band in UP_TO]
    guessed = [When(estimated_age__lt=years, then=_text(band)) for years, band in UP_TO]
    return Case(
        When(expected_date__isnull=False, then=_text("unborn")),
        When(date_of_birth__isnull=True, estimated_age__isnull=True, then=_text(NOT_KNOWN)),
        *born,
        When(date_of_birth__isnull=False, then=_text(OLDER)),
        *guessed,
        default=_text(OLDER),
        output_field=TextField(),
    )


def _area() -> Combinable:
    """The postcode district; what is no postcode is nowhere."""
    district = Func(F("postcode"), Value(" "), Value(1), function="split_part")
    return Case(When(postcode__regex=POSTCODE, then=district), default=_text(NOT_KNOWN), output_field=TextField())


def _sex() -> Combinable:
    return Case(When(sex__in=("F", "M"), then=F("sex")), default=_text(NOT_KNOWN), output_field=TextField())


def _disability() -> Combinable:
    return Case(When(is_disabled=True, then=_text("yes")), default=_text("no"), output_field=TextField())


CHARACTERISTICS: Mapping[str, Characteristic] = MappingProxyType(
    {
        one.key: one
        for one in (
            Characteristic("ethnicity", "Ethnicity", _ethnicity(), ETHNICITIES),
            Characteristic(
                "disability", "Disability", _disability(), {"yes": "Disabled", "no": "Not disabled, or not recorded"}
            ),
            Characteristic("sex", "Sex", _sex(), {"F": "Female", "M": "Male", NOT_KNOWN: SEX_LABELS["U"]}),
            Characteristic("age", "Age", _age(), AGES),
            Characteristic("area", "Area", _area(), None),
        )
    }
)

"""What else has come to the hub today: two telephone calls, and a school's system with a key."""

from collections.abc import Mapping
from datetime import date

from mash_portal.accounts.models import User
from referrals.calls import actions as calls
from referrals.rules.calls import ChildSaid, Said
from referrals.tokens import actions as tokens
from referrals.vocabulary import CallerKind, CallResult, Scope


def calls_of_today(people: Mapping[str, User]) -> None:
    """Sam advised Rosa, and took down what Tom said, who will send the form within 24 hours."""
    sam, rosa, tom = (people[name] for name in ("Sam", "Rosa", "Tom"))
    calls.record(
        _told(
            rosa,
            CallResult.ADVICE,
            children=[],
            said="A boy in year 4 has hit three children since half term. His parents are separating. No injuries.",
            advice="Level 2: meet both parents, ask for the school nurse. Ring again if he says he is frightened.",
        ),
        by=sam,
    )
    calls.record(
        _told(
            tom,
            CallResult.FORM_EXPECTED,
            children=[ChildSaid("Reece", "Barlow", date(2012, 3, 9))],
            said="Came in with a cut lip and says he fell. A friend says his stepfather hit him.",
            advice="Keep him in school. Do not ring home yet. We will ring you within the hour.",
        ),
        by=sam,
    )


def key_of_a_school_system(people: Mapping[str, User]) -> None:
    rosa = people["Rosa"]
    if rosa.agency is None:
        raise LookupError("The head teacher of the demonstration has no school.")
    tokens.make(rosa.agency, name="School information system", scopes=[Scope.SUBMIT, Scope.FOLLOW], by=rosa)


def _told(caller: User, result: CallResult, **said: object) -> calls.Told:
    facts = {
        "caller_kind": CallerKind.PROFESSIONAL,
        "result": result,
        "caller_name": caller.full_name,
        "caller_phone": "01632 960155",
        "has_agency": True,
        "source": "",
        **said,
    }
    return calls.Told(Said(**facts), agency=caller.agency)  # type: ignore[arg-type]  # each fact is of its field's type

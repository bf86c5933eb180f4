"""What agencies are asked today: about a baby with bruises, and about a baby who is not born yet."""

from collections.abc import Mapping

from mash_portal.accounts.models import Agency, User
from referrals.enquiries import actions
from referrals.enquiries.actions import Request
from referrals.models import Contact
from referrals.rules.checks import Answer
from referrals.vocabulary import LegalBasis, MayShare

ASKED = ("Manor Hospital A&E", "Regional Police", "Trent Vale Community Health")


def of_a_baby(reference: str, people: Mapping[str, User]) -> None:
    """At level 4 nobody has to authorise it. Nell answers for community health; hospital and police are awaited."""
    contact = Contact.objects.get(reference=reference)
    request = Request(
        agencies=list(Agency.objects.filter(name__in=ASKED)),
        children=[child.pk for child in contact.children.all()],
        purpose="Any injury, attendance or missed appointment of either child, any incident at the address, and who "
        "lives there. A decision is due today.",
        legal_basis=LegalBasis.SECTION_47,
    )
    made = {check.agency.name: check for check in actions.ask(reference, request, by=people["Grace"])}
    actions.answer(
        made["Trent Vale Community Health"].pk,
        Answer(
            known=True,
            facts="Leo missed his eight-week check and was brought to the second appointment. Ava’s two-year review "
            "notes that she flinches when picked up. Their mother told the midwife that a partner had hurt her before.",
            may_share=MayShare.NO,
            share_with="What their mother told the midwife: her partner would know that she has spoken, and she and "
            "the children would be less safe.",
        ),
        seen=0,
        by=people["Nell"],
    )


def of_a_school(reference: str, people: Mapping[str, User]) -> None:
    """With the mother's agreement; the answer is awaited from Rosa's school."""
    contact = Contact.objects.get(reference=reference)
    request = Request(
        agencies=[agency for agency in (people["Rosa"].agency,) if agency],
        children=[child.pk for child in contact.children.all()],
        purpose="Two older children of the mother live with their aunt. Are they pupils of yours, how are they, and "
        "does their mother still see them?",
        legal_basis=LegalBasis.AGREEMENT,
    )
    actions.ask(reference, request, by=people["Grace"])

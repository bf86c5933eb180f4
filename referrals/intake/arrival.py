"""How a form came in, where that is not "typed into the portal by its agency": kept in the draft, never asked."""

from dataclasses import dataclass
from datetime import date

from mash_portal.accounts.models import Agency
from referrals.models import Contact, Draft
from referrals.refusals import Refused
from referrals.rules import marf
from referrals.rules.marf.values import Answers, part, text
from referrals.vocabulary import Channel, Rag

ARRIVAL = "arrival"


@dataclass(frozen=True)
class Arrival:
    channel: Channel
    source: str
    police_reference: str = ""
    rag: Rag | None = None
    call: str = ""

    @classmethod
    def of(cls, draft: Draft) -> "Arrival":
        said = part(draft.answers, ARRIVAL)
        rag = text(said, "rag")
        return cls(
            channel=Channel(text(said, "channel") or Channel.MARF),
            source=text(said, "source") or draft.agency.source,
            police_reference=text(said, "police_reference"),
            rag=Rag(rag) if rag else None,
            call=text(said, "call"),
        )

    def already_here(self, agency: Agency) -> Contact | None:
        """The contact that this police reference has already made: a repeated reference is the same one."""
        if not self.police_reference:
            return None
        contact = Contact.objects.filter(external_reference=self.police_reference).first()
        if contact and contact.agency_id != agency.pk:
            raise Refused(f"Another agency has already sent a contact with the reference {self.police_reference}.")
        return contact

    def gaps(self, answers: Answers, today: date) -> list[marf.Gap]:
        """What stops the form. One that confirms a call is never stopped by missing agreement: the call was not."""
        found = marf.gaps(answers, today=today, channel=self.channel)
        return [gap for gap in found if not (self.call and gap.name.startswith("agreement is required"))]

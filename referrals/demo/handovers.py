"""What has become of children after their decision: one accepted, one waiting, one sent back and offered elsewhere."""

from collections.abc import Mapping

from mash_portal.accounts.models import Agency, User
from referrals.handover import actions as handovers
from referrals.models import Handover


def of_today(sent: Mapping[str, str], people: Mapping[str, User]) -> None:
    """`sent` has the reference of each referral by its name."""
    dev, ivan = people["Dev"], people["Ivan"]
    hungry, shut_out = sent["hungry-and-late"], sent["disabled-and-shut-out"]
    handovers.accept(hungry, _first(hungry), by=dev)
    back = handovers.decline(
        shut_out,
        _first(shut_out),
        reason="Their manager rang: they join once there is an assessment of the whole family, and know Elis already.",
        by=ivan,
    )
    handovers.offer(
        shut_out,
        back.pk,
        team=Agency.objects.get(name="Assessment Team"),
        note="Start with his father, who is alone with him day and night. The disabilities team joins your visit.",
        by=ivan,
    )


def _first(reference: str) -> int:
    return Handover.objects.filter(contact__reference=reference).order_by("pk")[0].pk

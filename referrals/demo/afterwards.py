"""What comes after a decision in the demonstration: services to try, a question about feedback, a disagreement."""

from collections.abc import Mapping

from mash_portal.accounts.models import User
from referrals.disagreement import actions as disagreement
from referrals.disagreement.actions import Raised
from referrals.feedback import asking, keeping
from referrals.vocabulary import Ground

SERVICES = (
    (
        "Family Hub, Alder Road",
        "Parenting groups, a drop-in for under-fives and advice on money and housing.",
        "01632 960120, weekdays 9am to 4pm. Families may walk in.",
        ("1", "2"),
    ),
    (
        "School Nursing",
        "Health needs of school-age children: sleep, weight, teeth, bedwetting, worries.",
        "Through the school’s named nurse, or 01632 960131.",
        ("2",),
    ),
    (
        "Young Carers",
        "A worker and a group for children who look after somebody at home.",
        "01632 960144. The child or a parent may ring themselves.",
        ("2", "3"),
    ),
)


def of_today(sent: Mapping[str, str], people: Mapping[str, User]) -> None:
    """`sent` has the reference of each referral by its name."""
    for name, what, how, levels in SERVICES:
        keeping.save(None, name=name, what=what, how=how, levels=levels, is_active=True, by=people["Maya"])
    asking.ask(
        sent["hungry-and-late"], text="Who is the lead professional until the plan has started?", by=people["Rosa"]
    )
    disagreement.disagree(
        sent["disabled-and-shut-out"],
        Raised(
            ground=Ground.AGENCIES_DIFFER,
            why="His father has not slept for three weeks. An assessment in some weeks does not keep Elis safe now.",
            wanted="Short breaks from this weekend, while the disabilities team assesses.",
            safety_plan="The community nurse rings every evening; an uncle stays on Friday and Saturday night.",
            speaks="Nell Adeyemi, named nurse",
        ),
        by=people["Nell"],
    )

"""What good evidence looks like, for each level and alert: said beside the box that it is written in."""

from collections.abc import Mapping

from thresholds.models import Indicator

BY_LEVEL: Mapping[int, str] = {
    1: "What you see that shows it, and how you know.",
    2: "One or two examples with dates: what you saw or heard, and what your own agency has done about it.",
    3: "The pattern: how often, since when, who else has seen it, and what it does to the child. Numbers where "
    "you have them: “31 late marks this term”, not “often late”.",
    4: "What happened and when, who saw it, and the harm it does or is likely to do. The child’s own words, as they "
    "were said, with who was there.",
}
BY_ALERT: Mapping[str, str] = {
    "harm": "Where on the body, how big, what shape and colour, seen by whom and when. What each person says happened, "
    "and whether it fits. Ask the child no leading questions; do not photograph.",
    "cse": "Who the other person is and how much older, how they met, gifts, phones, money, places, cars and journeys, "
    "with dates. What the exploitation tool shows.",
    "fgm": "Who said what, when and where a ceremony or journey is planned, sisters and mother. If you are a regulated "
    "professional, the police reference of your report.",
    "prevent": "What was said, shared or drawn, word for word, when and to whom, and what has changed.",
    "nrm": "Who brought the child here, who holds their papers and pay, where they sleep and work, who speaks for "
    "them.",
    "missing": "How often, how long each time, where found and with whom, and what the return home interview said.",
    "dv": "What happened each time, with dates and police references. Where the children were, and what they saw or "
    "heard. The DASH or risk matrix result.",
    "disability": "The diagnosis and who made it, what help the child needs and gets, and what is missing.",
    "neglect": "How often and since when: on how many days of how many. Weights, missed appointments and dates. What "
    "the child says about it. The Graded Care Profile grade.",
}


def good_evidence(indicator: Indicator) -> list[str]:
    """Sentences for one indicator: its level first, then each of its alerts."""
    of_alerts = [BY_ALERT[alert] for alert in indicator.alerts if alert in BY_ALERT]
    return [BY_LEVEL[indicator.level.number], *of_alerts]

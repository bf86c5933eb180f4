"""Somebody in the hub: takes a contact, rates it, assesses it, recommends or signs off, and writes to the referrer."""

from collections.abc import Iterable, Mapping
from typing import Self

from playwright.sync_api import Locator

from .person import Person

RECORD = {
    "Facts and reflection": "Late 31 times since September; seen hungry by three teachers.",
    "Risk analysis": "Needs grow if nothing is done; both children are warm with their mother.",
    "The child’s voice": "Maisie says that she does the breakfast when her mum is poorly.",
    "Rationale for the decision": "Several needs across school, health and home, and the mother agrees to help.",
}
#: The levels of the matrix that the portal ships with, as the assessment names them.
LEVELS = {
    1: "Universal",
    2: "Low risk to vulnerable",
    3: "Multi-agency co-ordinated intervention",
    4: "Complex needs or at risk of significant harm",
}


class Worker(Person):
    def opens_the_contact(self, reference: str) -> Self:
        """From the queue, by the children's names."""
        self.goes_to("Queue")
        return self.follows_link(self.row(reference).get_by_role("link").first)

    def claims(self, reference: str) -> Self:
        self.presses(f"Take contact {reference}")
        return self.sees(f"You hold contact {reference} now.")

    def rates(self, rag: str, reason: str) -> Self:
        self.presses("Set the priority").chooses("Priority", rag).fills({"Why this priority?": reason})
        return self.looks_at("priority").presses("Set the priority").sees(f"The priority is {rag.lower()}.")

    def finds_evidence(self, findings: Mapping[str, str]) -> Self:
        """Says of each of the referrer's indicators that it is evidenced, in the hub's own words."""
        for code, evidence in findings.items():
            self.chooses(f"{code}: is it evidenced?", "Evidenced")
            self.fills({f"{code}: the MASH’s own evidence": evidence})
        return self

    def judges(self, level: int) -> Self:
        self.chooses("Which level is met?", f"Level {level}: {LEVELS[level]}")
        return self

    def decides(self, child: str, level: int, *outcomes: str) -> Self:
        self.chooses(f"Outcomes for {child}", *outcomes)
        return self.chooses(f"Level decided for {child}", f"Level {level}")

    def decides_the_same_for(self, others: str) -> Self:
        """One answer for the brothers and sisters of the first child."""
        question = f"Do the same outcomes and the same level apply to {others}?"
        return self.chooses(question, "Yes, the same for every child")

    def writes_the_record(self, **others: str) -> Self:
        return self.fills(RECORD).fills({label.replace("_", " "): text for label, text in others.items()})

    def takes_back_the_choice(self, child: str, outcomes: Iterable[str]) -> Self:
        for outcome in outcomes:
            self.page.get_by_role("group", name=f"Outcomes for {child}").get_by_label(outcome, exact=True).uncheck()
        return self

    @property
    def pages_of_the_contact(self) -> Locator:
        return self.page.get_by_role("navigation", name="Pages of this contact")

    # Casework

    def takes_a_first_look(self, rag: str, reason: str, *, danger: str = "") -> Self:
        """History read, nobody else involved, ours; `danger` is what was done about it, where there is any."""
        self.chooses(
            "Have you read the history above before agreement is discussed with the parents?", "Yes, all of it"
        )
        self.chooses("Is anybody in immediate danger?", "Yes" if danger else "No")
        self.chooses("Is a case open elsewhere?", "No").chooses("Is this ours, or another authority’s?", "Ours")
        self.chooses("Which priority do you set?", rag).fills({"Why this priority?": reason})
        return self.fills({"If yes, what was done about it?": danger}) if danger else self

    def picks_an_indicator(self, level: int, code: str) -> Self:
        """One that the referrer did not pick, from the folded matrix."""
        self.unfolds(f"Level {level}: {LEVELS[level]}")
        self.page.get_by_role("checkbox", name=code).check()
        return self

    def asks(self, agency: str, what: str, ground: str) -> Self:
        self.chooses("Which agencies do you ask?", agency).fills({"What do you need to know, and why from them?": what})
        return self.chooses("On what ground?", ground)

    def invites(self, who: str, agency: str) -> Self:
        """One of the three without whom no strategy discussion is held."""
        self.chooses(f"Do you invite {who}?", "Yes")
        self.group(who[:1].upper() + who[1:]).get_by_label("Agency", exact=True).select_option(label=agency)
        return self

    def hands_over(self, team: str, note: str) -> Self:
        return self.chooses("Which team?", team).fills({"What should they know?": note}).presses("Hand over")

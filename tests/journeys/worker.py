"""Somebody in the hub: takes a contact, rates it, assesses it, recommends or signs off, and writes to the referrer."""

from collections.abc import Iterable, Mapping
from typing import Self

from .person import Person

RECORD = {
    "Facts and reflection": "Late 31 times since September; seen hungry by three teachers.",
    "Risk analysis": "Needs grow if nothing is done; both children are warm with their mother.",
    "The child’s voice": "Maisie says that she does the breakfast when her mum is poorly.",
    "Rationale for the decision": "Several needs across school, health and home, and the mother agrees to help.",
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
        self.chooses("Which level is met?", f"Level {level}")
        return self

    def decides(self, child: str, level: int, *outcomes: str) -> Self:
        self.chooses(f"Outcomes for {child}", *outcomes)
        return self.chooses(f"Level decided for {child}", f"Level {level}")

    def writes_the_record(self, **others: str) -> Self:
        return self.fills(RECORD).fills({label.replace("_", " "): text for label, text in others.items()})

    def takes_back_the_choice(self, child: str, outcomes: Iterable[str]) -> Self:
        for outcome in outcomes:
            self.page.get_by_role("group", name=f"Outcomes for {child}").get_by_label(outcome, exact=True).uncheck()
        return self

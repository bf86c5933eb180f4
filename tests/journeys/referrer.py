"""Somebody at a school: writes a referral section by section, sends it, and reads what became of it."""

import re
from typing import Any, Self

from referrals.vocabulary import HowKnown
from thresholds.models import Indicator, Matrix

from .marf import DOYLES, ETHNICITY, FACTOR, SEX
from .person import Person

CONTINUE = "Save and continue"
LATER = "Save and come back later"
COMPLETED = "Have you completed this section?"
HOW_KNOWN = dict(HowKnown.choices())


def yes_no(answer: object) -> str:
    return "Yes" if answer else "No"


class Referrer(Person):
    def starts_a_referral(self) -> Self:
        """Past the stop page, to the task list."""
        self.presses("Start a referral").sees("ring 999", "already has a social worker", "within 24 hours")
        return self.looks_at("stop-page").presses("Start a referral")

    def writes_about_herself(self) -> Self:
        lead = DOYLES["safeguarding_lead"]
        self.follows("About you").sees("About you")
        assert self.page.get_by_label("Your name").input_value() == "Rosa Bell", "nobody is asked for their name twice"
        self.fills({"Your line manager": DOYLES["line_manager"], "If yes, who?": lead["name"]})
        self.chooses("Have you consulted your designated safeguarding lead?", "Yes")
        self.dates("If yes, when?", str(lead["on"])).looks_at("about-you")
        return self._completes()

    def adds_the_children(self) -> Self:
        self.follows("Children")
        for number, child in enumerate(DOYLES["children"]):
            self.presses("Add another child" if number else "Add a child").writes_about_child(child)
        return self.sees("Maisie Doyle", "Callum Doyle").looks_at("children")._completes()

    def writes_about_child(self, child: dict[str, Any]) -> Self:
        words = {"First name": "given_names", "Family name": "family_name", "Address": "address"}
        words |= {"Postcode": "postcode", "School or nursery": "school"}
        self.fills({label: child[name] for label, name in words.items()})
        if upn := child.get("upn"):
            self.fills({"Unique pupil number (UPN)": upn})
        self.dates("Date of birth", str(child["date_of_birth"]))
        self.picks({"Ethnicity": ETHNICITY[child["ethnicity"]]}).chooses("Sex", SEX[child["sex"]])
        return self.looks_at("child").presses(CONTINUE)

    def adds_the_mother(self) -> Self:
        [adult] = DOYLES["adults"]
        self.follows("Parents, carers, household and others").presses("Add a person")
        self.fills({"First name": adult["given_names"], "Family name": adult["family_name"], "Phone": adult["phone"]})
        for child in DOYLES["children"]:
            name = f"{child['given_names']} {child['family_name']}"
            self.fills({f"What are they to {name}?": adult["relationship"][child["given_names"]]})
            self.chooses(f"Do they have parental responsibility for {name}?", "Yes")
        self.chooses("Do they live in the child’s household?", "Yes").looks_at("mother").presses(CONTINUE)
        return self.sees("Siobhan Doyle")._completes()

    def says_that_the_mother_knows(self) -> Self:
        informed = DOYLES["family_informed"]
        self.follows("Consent and informing the family")
        self.chooses("Have you told the family that you are making this referral?", "Yes")
        self.fills({"If yes, who did you tell?": informed["who"], "If yes, what did they say?": informed["view"]})
        return self.dates("If yes, when?", str(informed["on"])).looks_at("informing-the-family").presses(CONTINUE)

    def says_that_she_refused(self) -> Self:
        self.chooses("Has somebody with parental responsibility agreed to support?", "No")
        return self.chooses("If no, why not?", "They refused")._completes()

    def says_that_she_agrees(self) -> Self:
        agreement = DOYLES["agreement"]
        self.chooses("Has somebody with parental responsibility agreed to support?", "Yes")
        self.fills({"If yes, who agreed?": agreement["who"], "If yes, to what?": agreement["covers"]})
        return self.looks_at("agreement")._completes()

    def writes_what_worries_her(self) -> Self:
        self.fills({"What has happened?": DOYLES["worry"]}).chooses("How do you know?", HOW_KNOWN[DOYLES["how_known"]])
        self.chooses("What is the concern about?", *(FACTOR[code] for code in DOYLES["factors"]))
        self.looks_at("worry").presses(CONTINUE)
        return self.fills(
            {
                "What effect does this have on the child?": DOYLES["impact"],
                "What does the child say or show?": DOYLES["childs_voice"],
                "What is working well?": DOYLES["working_well"],
                "What needs to happen?": DOYLES["what_needs_to_happen"],
            }
        )._completes()

    def finds_the_indicators(self) -> Self:
        """Searches the matrix in the way that her browser can, and ticks what she has evidence for."""
        self.follows("Threshold").sees("Which indicators fit this child?").looks_at("matrix")
        for code in DOYLES["threshold"]["indicators"]:
            words = self._words_of(code)
            if self.watch.script:
                self.fills({"Search the indicators": words}).sees(re.compile(r"\d+ indicators? found"))
            else:
                self.fills({"Search the indicators": words}).presses("Search")
            self.page.locator(f"#{code}").check()
        self.looks_at("matrix-searched")
        return self.presses(CONTINUE)

    def writes_the_evidence(self) -> Self:
        for code, evidence in DOYLES["threshold"]["indicators"].items():
            self.page.locator(f"#id_evidence_{code}").fill(evidence)
        return self.looks_at("evidence").presses(CONTINUE)

    def believes_that_level_three_is_met(self) -> Self:
        self.sees("The evidence you have written points to level 3")
        self.page.get_by_label("Level 3", exact=False).check()
        self.fills({"Why do you believe that level is met?": DOYLES["threshold"]["reason"]})
        self.picks({"Graded Care Profile grade": f"Grade {DOYLES['tools']['care_profile_grade']}"})
        return self.chooses(COMPLETED, "Yes")

    def writes_what_was_tried(self) -> Self:
        tried = DOYLES["tried"]
        self.follows("What has been tried")
        self.chooses("Is there, or has there been, an early help assessment?", "Yes")
        self.fills({"If yes, its number": tried["number"], "If yes, the lead professional": tried["lead"]})
        return self.dates("If yes, its date", str(tried["on"]))._completes()

    def names_the_landlord(self) -> Self:
        [agency] = DOYLES["agencies"]
        self.follows("Agencies involved").presses("Add an agency")
        self.fills({"Agency": agency["agency"], "Person to contact": agency["contact"]})
        self.chooses("May the MASH speak to them?", "Yes").presses(CONTINUE)
        return self.sees("Accord Housing")._completes()

    def knows_of_no_danger(self) -> Self:
        return self.follows("Safety")._completes()

    def checks_her_answers(self) -> Self:
        return self.presses("Check your answers")

    def declares(self) -> Self:
        self.page.get_by_role("checkbox", name=re.compile("I declare")).check()
        return self

    def _completes(self) -> Self:
        """Back to the task list, with this section done."""
        self.chooses(COMPLETED, "Yes").presses(CONTINUE)
        return self.sees("sections completed")

    @staticmethod
    def _words_of(code: str) -> str:
        return Indicator.objects.get(code=code, matrix=Matrix.objects.current()).text

"""The model's moves, done with the portal's own actions. Each returns the number of the row it made, if it made one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from mash_portal.accounts.cast import HUB
from mash_portal.accounts.models import Agency, User
from referrals.decision import actions as decisions
from referrals.decision import emergency
from referrals.enquiries import actions as enquiries
from referrals.feedback import actions as feedback
from referrals.following import actions as following
from referrals.handover import actions as handovers
from referrals.models import BrokenGlass, Contact, StrategyDiscussion
from referrals.restricted import actions as restricting
from referrals.restricted import breaking
from referrals.rules.first_look import Look
from referrals.shift import actions as shift
from referrals.strategy import actions as strategy
from referrals.triage import actions as triage
from referrals.vocabulary import AgencyKind, Outcome, Rag
from tests import build, checking, discussing

from . import people as P  # noqa: N812 - as in the model
from .model import Model, Move

Said = Mapping[str, Any]


class Deeds:
    """The cast at one contact. `words` are never the same twice: the same words again would be a double click."""

    def __init__(self, contact: Contact, cast: Mapping[str, User], agencies: Mapping[str, Agency]) -> None:
        self.contact, self.cast, self.agencies = contact, cast, agencies
        self.children = tuple(contact.children.order_by("pk").values_list("pk", flat=True))
        self.count = 0

    def do(self, move: Move, model: Model) -> Any:
        self.count += 1
        said: Said = {
            "by": self.cast[move.who],
            "version": model.version - 1 if move.slip == "stale" else model.version,
            "words": "  " if move.slip == "blank" else f"Said {self.count}",
        }
        deed: Callable[[Move, Model, Said], Any] = getattr(self, move.verb)
        return deed(move, model, said)

    @property
    def reference(self) -> str:
        return self.contact.reference

    def claim(self, move: Move, model: Model, said: Said) -> None:
        triage.claim(self.reference, by=said["by"])

    def assign(self, move: Move, model: Model, said: Said) -> None:
        triage.assign(self.reference, to=self.cast[move.arg], by=said["by"], version=said["version"])

    def release(self, move: Move, model: Model, said: Said) -> None:
        triage.release(self.reference, reason=said["words"], by=said["by"])

    def rate(self, move: Move, model: Model, said: Said) -> None:
        rag = Rag(move.arg)
        triage.rate(self.reference, rag=rag, reason=said["words"], by=said["by"], version=said["version"])

    def first_look(self, move: Move, model: Model, said: Said) -> None:
        answers: dict[str, Any] = {
            "history_read": True,
            "in_danger_now": False,
            "open_elsewhere": False,
            "is_ours": True,
        }
        look = Look(**(answers if said["words"].strip() else {}), rag=Rag(move.arg), reason=said["words"])
        triage.first_look(self.reference, look, by=said["by"], version=said["version"])

    def assess(self, move: Move, model: Model, said: Said) -> None:
        """Without words: another level than the evidence suggests, and not a word why."""
        level = 3 if said["words"].strip() else 2
        view = build.view_of(level, ["L3-LRN-01"])
        triage.assess(self.reference, view, by=said["by"], version=said["version"])

    def recommend(self, move: Move, model: Model, said: Said) -> None:
        texts = {**build.TEXTS, "rationale": said["words"], "advice": "Watch", "why_no_strategy": "Held already"}
        pairs = zip(self.children, move.arg or ("section_17",) * 2, strict=True)
        recommendation = decisions.Recommendation(
            outcomes={child: [Outcome(outcome)] for child, outcome in pairs},
            levels=dict.fromkeys(self.children, 3),
            texts=texts,
            advice_level=2,
        )
        decisions.recommend(self.reference, recommendation, by=said["by"], version=said["version"])

    def take_back(self, move: Move, model: Model, said: Said) -> None:
        decisions.take_back(self.reference, by=said["by"])

    def send_back(self, move: Move, model: Model, said: Said) -> None:
        decisions.send_back(self.reference, reason=said["words"], by=said["by"])

    def sign_off(self, move: Move, model: Model, said: Said) -> dict[int, int]:
        """The newest hand-over of each child, by the child: a child has one outcome here."""
        decisions.sign_off(self.reference, by=said["by"], version=said["version"])
        return dict(self.contact.handovers.order_by("pk").values_list("child", "pk"))

    def give_feedback(self, move: Move, model: Model, said: Said) -> None:
        words = {"reason": said["words"], "next_steps": "Watch", "who_to_call": "Grace Lin"}
        feedback.give_feedback(self.reference, **words, by=said["by"], version=said["version"])

    def read_feedback(self, move: Move, model: Model, said: Said) -> None:
        feedback.open_feedback(self.reference, by=said["by"])

    def reopen(self, move: Move, model: Model, said: Said) -> None:
        decisions.reopen(self.reference, reason=said["words"], by=said["by"])

    def add(self, move: Move, model: Model, said: Said) -> None:
        following.add(self.reference, text=said["words"], by=said["by"])

    def ask(self, move: Move, model: Model, said: Said) -> int:
        return following.ask(self.reference, text=said["words"], by=said["by"]).pk

    def answer(self, move: Move, model: Model, said: Said) -> None:
        last = self.contact.questions.order_by("pk").last()
        following.answer(self.reference, question=last.pk if last else 0, text=said["words"], by=said["by"])

    def withdraw(self, move: Move, model: Model, said: Said) -> None:
        following.withdraw(self.reference, reason=said["words"], by=said["by"])

    def carry_on(self, move: Move, model: Model, said: Said) -> None:
        following.carry_on(self.reference, because=said["words"], by=said["by"])

    def note(self, move: Move, model: Model, said: Said) -> None:
        colleague = self.cast["Maya" if move.who == "Sam" else "Sam"]
        shift.note_discussion(self.reference, line=said["words"], with_person=colleague, by=said["by"])

    def check(self, move: Move, model: Model, said: Said) -> int:
        agency = self.agencies[move.arg]
        request = checking.request(self.contact, agency, purpose=said["words"])
        return enquiries.ask(self.reference, request, by=said["by"])[0].pk

    def answer_check(self, move: Move, model: Model, said: Said) -> None:
        """Without words: known, and not a word of what."""
        found = model.check_of(move.arg)
        answer = checking.answer_of(facts=said["words"])
        enquiries.answer(move.arg or 0, answer, seen=found.answers if found else 0, by=said["by"])

    def close_check(self, move: Move, model: Model, said: Said) -> None:
        enquiries.close(self.reference, [move.arg or 0], because=said["words"], by=said["by"])

    def call_strategy(self, move: Move, model: Model, said: Said) -> int:
        three = (
            (AgencyKind.TEAM, HUB),
            (AgencyKind.POLICE, "Regional Police"),
            (AgencyKind.HEALTH, P.AGENCY["Nell"]),
        )
        invited = [strategy.Invited(kind, self.agencies[name]) for kind, name in three]
        reason, by, plan = said["words"], said["by"], strategy.Plan()
        made = strategy.call(self.reference, reason=reason, children=self.children, invited=invited, plan=plan, by=by)
        return made.pk

    def record_strategy(self, move: Move, model: Model, said: Said) -> None:
        number = self._discussion(model)
        found = StrategyDiscussion.objects.filter(pk=number).select_related("called_by").first()
        held = discussing.record_of(found) if found else strategy.Record(None, None, {}, None, {})
        texts = {**discussing.WORDS, "rationale": said["words"]}
        record = strategy.Record(timezone.now(), held.chair, held.attendance, held.decision, texts, held.tasks)
        strategy.record(self.reference, discussion=number, said=record, by=said["by"])

    def call_off_strategy(self, move: Move, model: Model, said: Said) -> None:
        strategy.call_off(self.reference, discussion=self._discussion(model), reason=said["words"], by=said["by"])

    def act_now(self, move: Move, model: Model, said: Said) -> None:
        act = emergency.Act("A fire", said["words"], "Fire service, 77", self.children)
        emergency.act_now(self.reference, act, by=said["by"])

    def confirm_act(self, move: Move, model: Model, said: Said) -> None:
        emergency.confirm_act(self.reference, was_right=True, words=said["words"], by=said["by"])

    def hand_over(self, move: Move, model: Model, said: Said) -> int:
        number, team = move.arg or (0, P.TEAMS[0])
        return handovers.offer(self.reference, number, team=self.agencies[team], note="", by=said["by"]).pk

    def accept(self, move: Move, model: Model, said: Said) -> None:
        number = move.arg or 0
        if P.PEOPLE[move.who] in P.HUB:
            at = timezone.now()
            handovers.record_acceptance(self.reference, number, who="Jo Hill", at=at, by=said["by"])
        else:
            handovers.accept(self.reference, number, by=said["by"])

    def decline(self, move: Move, model: Model, said: Said) -> None:
        handovers.decline(self.reference, move.arg or 0, reason=said["words"], by=said["by"])

    def restrict(self, move: Move, model: Model, said: Said) -> None:
        people = [self.cast[name] for name in move.arg if name != model.owner]
        version = said["version"]
        restricting.restrict(self.reference, reason=said["words"], people=people, by=said["by"], version=version)

    def lift(self, move: Move, model: Model, said: Said) -> None:
        restricting.lift(self.reference, reason=said["words"], by=said["by"], version=said["version"])

    def break_glass(self, move: Move, model: Model, said: Said) -> int | None:
        breaking.break_glass(self.reference, reason=said["words"], by=said["by"])
        last = BrokenGlass.objects.filter(contact=self.contact, by=said["by"]).order_by("pk").last()
        return last.pk if last else None

    def give_back(self, move: Move, model: Model, said: Said) -> None:
        breaking.give_back(self.reference, by=said["by"])

    @staticmethod
    def _discussion(model: Model) -> int:
        """The open one; else whichever there was: a page that has been left open."""
        return model.open_discussion or max(model.discussions, default=0)

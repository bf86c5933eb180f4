"""What has been typed on the pages of a recommendation, read as outcomes, levels, texts and actions.

Answers are what the forms were given, right or wrong, by the names of their fields. Asks the database nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from mash_portal.govuk.fields import typed_parts
from referrals.codes import PRIMARY_NEED_LABELS
from referrals.models import Child, Decision
from referrals.vocabulary import Outcome

from .actions import Recommendation, Task

Answers = dict[str, Any]

SAME, EACH = "same", "each"
TEXTS = ("facts", "risk_analysis", "childs_voice", "rationale")
#: Asked only where the outcomes need them, in the order of the page.
EXTRA = ("why_no_strategy", "agreement_obtained", "advice", "advice_service", "advice_level")
MOST_ACTIONS = 10
_KNOWN = {outcome.value for outcome in Outcome}


def outcomes_of(answers: Mapping[str, Any], child: Child) -> list[Outcome]:
    return [Outcome(one) for one in answers.get(f"outcomes_{child.pk}") or [] if one in _KNOWN]


def level_of(answers: Mapping[str, Any], child: Child) -> int | None:
    level = answers.get(f"level_{child.pk}")
    return int(level) if level in {"1", "2", "3", "4"} else None


def need_of(answers: Mapping[str, Any], child: Child) -> str:
    need = str(answers.get(f"need_{child.pk}") or "")
    return need if need in PRIMARY_NEED_LABELS else ""


def chosen(answers: Mapping[str, Any], children: Sequence[Child]) -> Recommendation:
    """Outcomes and level of every child. "The same" means those of the first child, chosen as such by a person."""
    outcomes, levels, needs = {}, {}, {}
    for child in children:
        source = children[0] if is_same(answers, child, children[0]) else child
        outcomes[child.pk] = outcomes_of(answers, source)
        needs[child.pk] = need_of(answers, source)
        if level := level_of(answers, source):
            levels[child.pk] = level
    return Recommendation(outcomes=outcomes, levels=levels, texts={}, needs=needs)


def is_same(answers: Mapping[str, Any], child: Child, first: Child) -> bool:
    if child.pk == first.pk:
        return False
    return answers.get(SAME) == SAME or bool(answers.get(f"same_{child.pk}"))


def whole(
    answers: Mapping[str, Any], children: Sequence[Child], asked: Collection[str], tasks: Sequence[Task]
) -> Recommendation:
    """The recommendation as the action takes it. What was not asked is not said, though it was typed for others."""
    what = chosen(answers, children)
    texts = {name: str(answers.get(name) or "") for name in TEXTS}
    texts |= {name: str(answers.get(name) or "") for name in EXTRA if name in asked and name != "advice_level"}
    level = answers.get("advice_level") if "advice_level" in asked else None
    return Recommendation(
        outcomes=what.outcomes,
        levels=what.levels,
        texts=texts,
        advice_level=int(level) if level else None,
        side_routes=list(answers.get("side_routes") or []),
        tasks=tasks,
        needs=what.needs,
    )


def words_of(decision: Decision) -> Answers:
    """What was written for an earlier recommendation, to go on from: nobody types it twice."""
    found: Answers = {name: getattr(decision, name) for name in (*TEXTS, *EXTRA) if name != "advice_level"}
    for row, action in enumerate(decision.actions.all()):
        found |= {f"action_{row}_what": action.what, f"action_{row}_owner": action.owner}
        found[f"action_{row}_due"] = typed_parts(action.due)
    return found


def choices_of(decision: Decision) -> Answers:
    """What was chosen in an earlier recommendation."""
    found: Answers = {"side_routes": list(decision.side_routes)}
    for row in decision.outcomes.all():
        found.setdefault(f"outcomes_{row.child_id}", []).append(row.outcome)
        found[f"level_{row.child_id}"] = str(row.level)
        if row.need:
            found[f"need_{row.child_id}"] = row.need
    if len({row.child_id for row in decision.outcomes.all()}) > 1:
        found[SAME] = EACH
    if decision.advice_level:
        found["advice_level"] = str(decision.advice_level)
    return found


def without_choices(answers: Mapping[str, Any]) -> Answers:
    """The words alone."""
    return {name: value for name, value in answers.items() if not _is_choice(name)}


def scrubbed(value: Any) -> Any:
    """What was typed without the one character that no database takes."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {name: scrubbed(part) for name, part in value.items()}
    return [scrubbed(part) for part in value] if isinstance(value, list) else value


def rows_in(answers: Iterable[str]) -> int:
    """How many actions have been asked for: at least one."""
    known = set(answers)
    shown = [row for row in range(MOST_ACTIONS) if f"action_{row}_what" in known]
    return max(shown, default=0) + 1


def _is_choice(name: str) -> bool:
    return name in (SAME, "advice_level", "side_routes") or name.startswith(("outcomes_", "level_", "need_", "same_"))

"""What people try and may not: each move misses being allowed by one thing, so that each refusal is tried by itself."""

from collections.abc import Callable, Iterator

from . import people as P  # noqa: N812 - as in the model
from .model import Model, Move


def of(model: Model, kind: str) -> dict[str, list[Move]]:
    """Every move that misses in this way now, by verb."""
    found = {verb: list(KINDS[kind](model, verb)) for verb in P.VERBS}
    return {verb: moves for verb, moves in found.items() if moves}


def _whoever(model: Model, verb: str, *, sees: bool, may: bool) -> list[str]:
    return [who for who in P.PEOPLE if (model.sees(who), model.may(verb, who)) == (sees, may)]


def _stranger(model: Model, verb: str) -> Iterator[Move]:
    """Somebody for whom there is no such contact."""
    arg = model.arguments(verb)[0]
    yield from (Move(verb, who, arg) for who in _whoever(model, verb, sees=False, may=False))


def _person(model: Model, verb: str) -> Iterator[Move]:
    """Somebody who sees it, and it is not for them to do."""
    arg = model.arguments(verb)[0]
    if model.stage in P.RULES[verb].at:
        yield from (Move(verb, who, arg) for who in _whoever(model, verb, sees=True, may=False))


def _stage(model: Model, verb: str) -> Iterator[Move]:
    """Too early, or too late."""
    arg = model.arguments(verb)[0]
    if model.stage not in P.RULES[verb].at:
        yield from (Move(verb, who, arg) for who in P.PEOPLE if model.may(verb, who))


def _condition(model: Model, verb: str) -> Iterator[Move]:
    """The right person at the right stage, and something stands in the way: four eyes, an open check, a duplicate."""
    if model.stage in P.RULES[verb].at:
        moves = (Move(verb, who, arg) for who in P.PEOPLE if model.may(verb, who) for arg in model.arguments(verb))
        yield from (move for move in moves if not model.allows(move))


def _slip(model: Model, verb: str) -> Iterator[Move]:
    """All is well but the words are missing, or the page is out of date."""
    rule = P.RULES[verb]
    slips = [slip for slip, counts in (("stale", rule.needs_version), ("blank", rule.needs_words)) if counts]
    moves = model.moves(verb) if slips else ()
    yield from (Move(move.verb, move.who, move.arg, slip) for move in moves for slip in slips)


KINDS: dict[str, Callable[[Model, str], Iterator[Move]]] = {
    "condition": _condition,
    "slip": _slip,
    "stage": _stage,
    "person": _person,
    "stranger": _stranger,
}

"""Everyday words for indicators: read from the reviewed files in words/, and put where finding.py searches them.

Written in SQL on the tables that migration 0004 makes, because migrations load with it too: one that changes these
tables has to keep `load_thesaurus` and `load_words` working.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import connection

DIRECTORY = Path(__file__).parent / "words"
THESAURUS = "thesaurus.yaml"
MOODS = ("serious", "good", "negative")
#: How alike the text of an indicator must be to the shipped one of the same code for the shipped words to be its own.
SAME_INDICATOR = 0.6
#: Little words that say nothing; left out of phrases, of the thesaurus and of what is typed alike.
SMALL_WORDS = frozenset(
    """a an the i me my we us our you your he him his she her hers they them their theirs it its this that these those
    there is are was were be been being am has have had do does did to of at for and or so very really quite just
    as who whom which what when because then than im ive hes shes theyre weve""".split()
)
#: Words that matter within a phrase ("left on own") and say little by themselves: their share of a word's weight.
LINKING_WORDS = frozenset(
    """in on with by from about into over out up off down after before at home says said told get gets got getting go
    goes going went gone come comes came coming make makes made making take takes took taking put puts putting if but
    still even also again all one two three four five six seven eight nine ten only too other others another some new
    now like want wants wanted need needs keep keeps kept child front back way time times year years old month months
    week weeks day days today lot lots thing things much many more most every everyone everybody somebody someone
    something anything people person place places see sees seen saw seem seems look looks say think thinks thought know
    knows knew show shows showing use used uses using let lets letting call calls called calling find found turn turns
    hold holds bring brings brought give gives given gave ask asks asked try tries tried start starts started stop
    stops stopped become becomes having would should could can will may might must since until while during through
    round around under between against for each both same such own away along without first last next last long little
    big bit always sometimes never often usually ever yet already any few because him myself himself herself themselves
    left day night morning work works working talk talks stay stays staying live lives living""".split()
)
NUMBERS = dict(
    enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty""".split()
    )
)
#: Sections of the thesaurus that say who or how, and not what about.
BACKGROUND = ("people", "how")
#: What a term's rarity is multiplied by: a linking word, a word that a group speaks for, a group of the background, a
#: group of what it is about. Any other word counts once, and as if at least COMMON indicators had it: most rare words
#: are rare by chance.
LINKING_SHARE, MEMBER_SHARE, BACKGROUND_SHARE, GROUP_SHARE = 0.25, 0.45, 0.7, 1.2
COMMON = 6
#: How much more a rare term says than a common one: the power of its inverse frequency.
RARITY = 1.7


def cleaned(typed: str) -> str:
    """What was said as plain small words: "Won’t eat her dinner!" → "wont eat dinner"."""
    text = re.sub(r"['’‘`´]s\b", "", typed.lower())
    text = re.sub(r"['’‘`´]", "", text)
    words = re.sub(r"[\W_]+", " ", text).split()
    spelt = (NUMBERS.get(int(word), word) if word.isascii() and word.isdigit() else word for word in words)
    return " ".join(word for word in spelt if word not in SMALL_WORDS)


@cache
def reviewed() -> Mapping[str, list[str]]:
    """The reviewed words of each shipped indicator, by code."""
    files = [path for path in sorted(DIRECTORY.glob("*.yaml")) if path.name != THESAURUS]
    return {code: phrases for path in files for code, phrases in _read(path).items()}


@cache
def thesaurus() -> list[tuple[str, str, str, str]]:
    """Every word of every group: group, wider group, mood, word."""
    groups = {name: group for section in _thesaurus().values() for name, group in section.items()}
    return [
        (name, group.get("within", ""), next((mood for mood in MOODS if group.get(mood)), ""), word)
        for name, group in groups.items()
        for word in dict.fromkeys(map(cleaned, group["words"]))
        if word
    ]


@cache
def _thesaurus() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read(DIRECTORY / THESAURUS)
    return found


def words_of(code: str, text: str, shipped: Mapping[str, str], own: Iterable[str] = ()) -> Iterator[str]:
    """The phrases that an indicator is found by: its own text, those its document gives, and the reviewed ones.

    A partnership's own matrix may use a code for something else: reviewed words stay with the indicator they are for.
    """
    yield text
    yield from own
    if SequenceMatcher(None, text.lower(), shipped.get(code, "").lower()).ratio() >= SAME_INDICATOR:
        yield from reviewed().get(code, [])


def load_thesaurus() -> None:
    """Replace the thesaurus by that of the file."""
    groups, wider, moods, words = zip(*thesaurus(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM thresholds_everydaysynonym")
        cursor.execute(WRITE_SYNONYMS, [list(groups), list(wider), list(moods), list(words)])
        cursor.execute(WRITE_WORDS, [_single_words(words)])


def load_words(matrix: int, phrases: Iterable[tuple[int, str]]) -> None:
    """Replace what the indicators of a matrix are found by. `phrases` are pairs of an indicator's id and a phrase."""
    kept = dict.fromkeys((indicator, phrase) for indicator, phrase in phrases if cleaned(phrase))
    ids, said = [indicator for indicator, _ in kept], [phrase for _, phrase in kept]
    words = [cleaned(phrase) for phrase in said]
    background = [f"={group}" for section in BACKGROUND for group in _thesaurus()[section]]
    weights = {
        "matrix": matrix,
        "linking": sorted(LINKING_WORDS),
        "background": background,
        "linking_share": LINKING_SHARE,
        "member_share": MEMBER_SHARE,
        "background_share": BACKGROUND_SHARE,
        "group_share": GROUP_SHARE,
        "common": COMMON,
        "rarity": RARITY,
    }
    with connection.cursor() as cursor:
        for table in ("thresholds_everydayphrase", "thresholds_everydayterm"):
            cursor.execute(f"DELETE FROM {table} WHERE matrix_id = %s", [matrix])  # noqa: S608 - two names of ours
        cursor.execute(WRITE_PHRASES, [matrix, ids, said, words])
        cursor.execute(WRITE_WORDS, [_single_words(words)])
        cursor.execute(ADD_GROUPS, [matrix])
        cursor.execute(WEIGH_TERMS, weights)
        cursor.execute(MEASURE_PHRASES, [matrix, matrix])


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _single_words(phrases: Iterable[str]) -> list[str]:
    return sorted({word for phrase in phrases for word in phrase.split()})


WRITE_SYNONYMS = """
INSERT INTO thresholds_everydaysynonym ("group", wider, mood, words, pattern, head)
SELECT g, w, m, said, phraseto_tsquery('thresholds_everyday', said),
       (ts_lexize('thresholds_everyday_stem', unaccent(split_part(said, ' ', 1))))[1]
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS t(g, w, m, said)
"""
WRITE_WORDS = """
INSERT INTO thresholds_everydayword (word, lexeme)
SELECT DISTINCT unaccent(word), (ts_lexize('thresholds_everyday_stem', unaccent(word)))[1] FROM unnest(%s::text[]) AS word
ON CONFLICT (word) DO NOTHING
"""
WRITE_PHRASES = """
INSERT INTO thresholds_everydayphrase (matrix_id, indicator_id, phrase, vector, size)
SELECT %s, i, said, to_tsvector('thresholds_everyday', words), 0 FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS t(i, said, words)
"""
ADD_GROUPS = """
UPDATE thresholds_everydayphrase AS phrase SET vector = phrase.vector || array_to_tsvector(found.terms)
FROM (
    SELECT one.id, array_agg(DISTINCT '=' || term) AS terms
    FROM thresholds_everydayphrase AS one
    CROSS JOIN LATERAL unnest(tsvector_to_array(one.vector)) AS lexeme
    JOIN thresholds_everydaysynonym AS synonym ON synonym.head = lexeme AND one.vector @@ synonym.pattern
    CROSS JOIN LATERAL unnest(ARRAY[synonym."group", synonym.wider]) AS term
    WHERE one.matrix_id = %s AND term <> ''
    GROUP BY one.id
) AS found
WHERE phrase.id = found.id
"""
#: A term says more, the fewer indicators have it. What a group says is not said a second time by the word itself.
WEIGH_TERMS = """
INSERT INTO thresholds_everydayterm (matrix_id, term, weight)
SELECT %(matrix)s, counted.term, power(CASE
    WHEN counted.term = ANY(%(background)s) THEN %(background_share)s * ln(1 + counted.indicators / counted.held)
    WHEN counted.term LIKE '=%%' THEN %(group_share)s * ln(1 + counted.indicators / counted.held)
    WHEN linking.lexeme IS NOT NULL THEN %(linking_share)s * ln(1 + counted.indicators / greatest(counted.held, %(common)s))
    WHEN member.head IS NOT NULL THEN %(member_share)s * ln(1 + counted.indicators / greatest(counted.held, %(common)s))
    ELSE ln(1 + counted.indicators / greatest(counted.held, %(common)s)) END, %(rarity)s)
FROM (
    SELECT term, count(DISTINCT indicator_id)::float AS held,
           (SELECT count(*) FROM thresholds_indicator WHERE matrix_id = %(matrix)s) AS indicators
    FROM thresholds_everydayphrase AS one CROSS JOIN LATERAL unnest(tsvector_to_array(one.vector)) AS term
    WHERE one.matrix_id = %(matrix)s GROUP BY term
) AS counted
LEFT JOIN (
    SELECT DISTINCT (ts_lexize('thresholds_everyday_stem', word))[1] AS lexeme FROM unnest(%(linking)s::text[]) AS word
) AS linking ON linking.lexeme = counted.term
LEFT JOIN (
    SELECT DISTINCT head FROM thresholds_everydaysynonym WHERE numnode(pattern) = 1
) AS member ON member.head = counted.term
"""
MEASURE_PHRASES = """
UPDATE thresholds_everydayphrase AS phrase SET size = measured.size
FROM (
    SELECT one.id, sum(term.weight) AS size
    FROM thresholds_everydayphrase AS one
    CROSS JOIN LATERAL unnest(tsvector_to_array(one.vector)) AS lexeme
    JOIN thresholds_everydayterm AS term ON term.matrix_id = one.matrix_id AND term.term = lexeme
    WHERE one.matrix_id = %s GROUP BY one.id
) AS measured
WHERE phrase.id = measured.id AND phrase.matrix_id = %s
"""

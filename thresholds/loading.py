"""Puts the everyday words of indicators where finding.py searches them.

Written in SQL on the tables that migration 0004 makes, because migrations load with it too: one that changes these
tables has to keep `load_thesaurus` and `load_words` working.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from .everyday import background, cleaned, function_words, thesaurus

#: What a term's rarity is multiplied by: a linking word, a word that a group speaks for, a group of the background, a
#: group of what it is about. Any other word counts once, and as if at least COMMON indicators had it: most rare words
#: are rare by chance.
LINKING_SHARE, MEMBER_SHARE, BACKGROUND_SHARE, GROUP_SHARE = 0.25, 0.45, 0.7, 1.2
COMMON = 6
#: How much more a rare term says than a common one: the power of its inverse frequency.
RARITY = 1.7


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
    weights: dict[str, Any] = {
        "matrix": matrix,
        "linking": sorted(function_words("linking")),
        "background": [f"={group}" for group in background()],
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
        # Rows that are written in this transaction have no statistics yet: the planner would pair them one by one.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute(MEASURE_PHRASES, [matrix, matrix])
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


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
SELECT DISTINCT unaccent(word), (ts_lexize('thresholds_everyday_stem', unaccent(word)))[1]
FROM unnest(%s::text[]) AS word
ON CONFLICT (word) DO NOTHING
"""
WRITE_PHRASES = """
INSERT INTO thresholds_everydayphrase (matrix_id, indicator_id, phrase, vector, size)
SELECT %s, i, said, to_tsvector('thresholds_everyday', words), 0
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS t(i, said, words)
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
SELECT %(matrix)s, counted.term, power(
    CASE WHEN counted.term LIKE '=%%' THEN ln(1 + counted.indicators / counted.held)
         ELSE ln(1 + counted.indicators / greatest(counted.held, %(common)s)) END
    * CASE WHEN counted.term = ANY(%(background)s) THEN %(background_share)s
           WHEN counted.term LIKE '=%%' THEN %(group_share)s
           WHEN linking.lexeme IS NOT NULL THEN %(linking_share)s
           WHEN member.head IS NOT NULL THEN %(member_share)s
           ELSE 1 END,
    %(rarity)s)
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

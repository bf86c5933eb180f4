"""Finding an indicator from the words people use: "mum drinks", "won't go to school", "brused".

One query: stems and thesaurus groups of what was typed (full text), the nearest known spelling where a word is not
known (trigrams), and every phrase that shares any of them, weighed by how much each shared term says. The best phrase
of an indicator counts most; that several of its phrases share something counts as well.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from .everyday import cleaned
from .models import Matrix

LONGEST = 500  # characters that are read; nobody searches with more
MOST_WORDS = 30
BEST, BREADTH = 0.7, 0.3
#: A group that is named by several words together is meant more surely than by one.
SEVERAL_WORDS = 1.3
#: What each level is multiplied by, by the mood of what was typed (levels 1 to 4).
BY_LEVEL = {
    "plain": [0.72, 1.0, 1.0, 1.0],
    "good": [1.25, 0.95, 0.95, 0.95],
    "negative": [0.5, 1.0, 1.0, 1.0],
    "serious": [0.4, 0.88, 1.0, 1.05],
}


@dataclass(frozen=True)
class Found:
    """An indicator, and the phrase that it was found by."""

    code: str
    level: int
    text: str
    score: float
    phrase: str


def find(typed: str, *, matrix: Matrix, limit: int = 10) -> list[Found]:
    """The indicators that what was typed is most likely about, best first; none where it says nothing."""
    words = cleaned(typed[:LONGEST].replace("\0", " ")).split()[:MOST_WORDS]
    if not words:
        return []
    values: dict[str, Any] = {
        "words": words,
        "matrix": matrix.pk,
        "best": BEST,
        "breadth": BREADTH,
        "several": SEVERAL_WORDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, values | BY_LEVEL | {"limit": limit})
        return [Found(*row) for row in cursor.fetchall()]


SEARCH = """
WITH typed AS MATERIALIZED (
    SELECT n, unaccent(word) AS word, (ts_lexize('thresholds_everyday_stem', unaccent(word)))[1] AS lexeme
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS t(word, n)
),
-- a word that nobody has used yet is taken for the most similar one that somebody has
mended AS MATERIALIZED (
    SELECT typed.n, COALESCE(near.lexeme, typed.lexeme) AS lexeme, COALESCE(near.alike, 1) AS alike
    FROM typed LEFT JOIN LATERAL (
        SELECT known.lexeme, 0.5 + similarity(known.word, typed.word) / 2 AS alike
        FROM thresholds_everydayword AS known
        WHERE known.word %% typed.word
          AND NOT EXISTS (SELECT FROM thresholds_everydayword AS same WHERE same.lexeme = typed.lexeme)
        ORDER BY similarity(known.word, typed.word) DESC, abs(length(known.word) - length(typed.word)), known.word
        LIMIT 1
    ) AS near ON true
),
sentence AS MATERIALIZED (SELECT to_tsvector('simple', string_agg(lexeme, ' ' ORDER BY n)) AS vector FROM mended),
synonyms AS MATERIALIZED (
    SELECT synonym."group", synonym.wider, synonym.mood,
           mended.alike * CASE WHEN numnode(synonym.pattern) > 1 THEN %(several)s ELSE 1 END AS alike
    FROM mended JOIN thresholds_everydaysynonym AS synonym ON synonym.head = mended.lexeme
    JOIN sentence ON sentence.vector @@ synonym.pattern
),
mood AS (
    SELECT CASE WHEN bool_or(mood = 'serious') THEN %(serious)s::float[]
                WHEN bool_or(mood = 'negative') THEN %(negative)s::float[]
                WHEN bool_or(mood = 'good') THEN %(good)s::float[] ELSE %(plain)s::float[] END AS by_level
    FROM synonyms
),
terms AS MATERIALIZED (
    SELECT said.term, max(known.weight * said.alike) AS weight
    FROM (
        SELECT lexeme AS term, alike FROM mended
        UNION ALL SELECT '=' || "group", alike FROM synonyms
        UNION ALL SELECT '=' || wider, alike FROM synonyms WHERE wider <> ''
    ) AS said JOIN thresholds_everydayterm AS known ON known.matrix_id = %(matrix)s AND known.term = said.term
    GROUP BY said.term
),
shared AS MATERIALIZED (
    SELECT phrase.id, phrase.indicator_id, phrase.phrase, phrase.size, terms.term, terms.weight
    FROM terms JOIN thresholds_everydayphrase AS phrase ON phrase.vector @@ ('''' || terms.term || '''')::tsquery
    WHERE phrase.matrix_id = %(matrix)s
),
phrases AS (
    SELECT indicator_id, phrase, sum(weight) / sqrt(size) / sqrt((SELECT sum(weight) FROM terms)) AS alike
    FROM shared GROUP BY id, indicator_id, phrase, size
),
best AS (
    SELECT DISTINCT ON (indicator_id) indicator_id, phrase, alike
    FROM phrases ORDER BY indicator_id, alike DESC, phrase
),
breadth AS (
    SELECT indicator_id, sum(weight) / (SELECT sum(weight) FROM terms) AS covered
    FROM (SELECT DISTINCT indicator_id, term, weight FROM shared) AS each_term GROUP BY indicator_id
),
ranked AS (
    SELECT indicator.code, level.number, indicator.text, indicator.position, best.phrase,
           (%(best)s * best.alike + %(breadth)s * breadth.covered) * mood.by_level[level.number] AS score
    FROM best JOIN breadth USING (indicator_id) CROSS JOIN mood
    JOIN thresholds_indicator AS indicator ON indicator.id = best.indicator_id
    JOIN thresholds_level AS level ON level.id = indicator.level_id
)
SELECT code, number, text, round(score::numeric, 4)::float, phrase FROM ranked
ORDER BY score DESC, number DESC, position LIMIT %(limit)s
"""

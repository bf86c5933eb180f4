"""A hub with years behind it: closed contacts with all that belongs to each, in bulk, straight into the tables.

Everybody and everything is made up from numbers. A contact has ten lines in the audit trail, five steps, two clocks
that were met, a decision, its outcomes and feedback; every third is about two children; and a child is known from two
contacts on average. The first child is known from EARLIER contacts: the contact page with history is about her.
"""

import json

from psycopg2 import extensions

from referrals.rules import matching
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock

#: England's hub of a large authority: what the goals call one authority.
A_YEAR = 100_000
EARLIER = 12
EVENTS = 10
STEPS = 5

FAMILY = (
    "Abbott Barlow Castell Dunmore Elwood Farrow Garside Hallam Ingham Jessop Kendal Lomax Mercer Norbury Oldham "
    "Pickford Quince Ramsden Sefton Thirlby Underhill Vaughan Whitmore Yarrow"
)
ENDING = "|s|son|ley|ton|field|worth|by|wick|ham"
GIVEN = (
    "Amelia Bilal Chloe Daniel Ewa Farah George Hannah Idris Jasmine Kofi Leila Mohammed Niamh Oscar Priti Ruby "
    "Stefan Tia Umar Violet William Yusuf Zofia"
)
SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

#: People who know the number of a child know their name and birth date: each is worked out from the number alone.
_FUNCTIONS = """
CREATE FUNCTION pg_temp.reference(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT string_agg(substr(%(symbols)s, ((n * 654435769 >> (5 * k)) & 31)::int + 1, 1)
                      || CASE k WHEN 3 THEN '-' ELSE '' END, '' ORDER BY k) FROM generate_series(0, 7) AS k $$;
CREATE FUNCTION pg_temp.pick(words text, by text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT (string_to_array(words, by))[n %% cardinality(string_to_array(words, by)) + 1] $$;
CREATE FUNCTION pg_temp.given(person bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT pg_temp.pick(%(given)s, ' ', person * 31) $$;
CREATE FUNCTION pg_temp.family(person bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT pg_temp.pick(%(family)s, ' ', person * 17) || pg_temp.pick(%(ending)s, '|', person / 24) $$;
CREATE FUNCTION pg_temp.home(person bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT 'WS' || person %% 9 + 1 || ' ' || person / 9 %% 9 + 1 || chr(65 + (person / 81 %% 26)::int)
           || chr(65 + (person / 2106 %% 26)::int) $$;
CREATE FUNCTION pg_temp.born(person bigint) RETURNS date IMMUTABLE LANGUAGE sql AS $$
    SELECT current_date - 60 - (person * 7919 %% 6000)::int $$;
"""

_TABLES = (
    """
    CREATE TEMP TABLE old AS
    SELECT i AS id, pg_temp.reference(i) AS reference,
           now() - interval '26 hours' - i * (%(years)s * interval '360 days' / %(contacts)s) AS received_at,
           make_interval(mins => (i * 7907 %% 2880)::int + 1) AS taken,
           (SELECT array_agg(id ORDER BY id) FROM accounts_agency) AS agencies,
           (SELECT array_agg(id ORDER BY id) FROM accounts_user) AS people
    FROM generate_series(1, %(contacts)s) AS i;
    ALTER TABLE old ADD agency_id bigint, ADD by_id bigint, ADD source text, ADD decided_at timestamptz;
    UPDATE old SET agency_id = agencies[id %% cardinality(agencies) + 1], by_id = people[id %% cardinality(people) + 1],
                   decided_at = received_at + taken;
    UPDATE old SET source = (SELECT source FROM accounts_agency WHERE id = agency_id);
    ANALYZE old
    """,
    """
    INSERT INTO referrals_contact (id, reference, channel, source, stage, rag, level_believed, received_at, due_at,
                                   statutory_due_at, decided_at, version, agency_id, referrer_id, owner_id,
                                   is_restricted)
    SELECT id, reference, 'marf', source, 'closed', pg_temp.pick('red amber green', ' ', id), id %% 4 + 1, received_at,
           received_at + interval '24 hours', received_at + interval '30 hours', decided_at, 6, agency_id, by_id, by_id,
           false
    FROM old
    """,
    "INSERT INTO referrals_person (id) SELECT generate_series(1, %(people)s)",
    """
    INSERT INTO referrals_child (id, contact_id, person_id, key, given_names, family_name, date_of_birth, sex,
                                 family_sound, given_sound, birth_year,
                                 ethnicity, nhs_number, upn, postcode, is_disabled, in_scope, agency_id, source,
                                 received_at, level_believed, outcome, level_decided, decided_at)
    SELECT row_number() OVER (), id, person, 'c' || nth, pg_temp.given(person), pg_temp.family(person),
           pg_temp.born(person), pg_temp.pick('F M', ' ', person), %(sounds)s::jsonb ->> pg_temp.family(person),
           %(sounds)s::jsonb ->> pg_temp.given(person), extract(year FROM pg_temp.born(person)), 'WBRI',
           CASE WHEN person %% 2 = 0 THEN lpad((4000000000 + person)::text, 10, '0') ELSE '' END, '',
           pg_temp.home(person),
           person %% 20 = 0, true, agency_id, source, received_at, id %% 4 + 1,
           pg_temp.pick('nfa_information nfa_pushback nfa_information early_help section_17 signpost', ' ', id),
           id %% 4 + 1, decided_at
    FROM (SELECT old.*, nth, CASE WHEN nth = 1 AND id %% greatest(%(contacts)s / %(earlier)s, 1) = 0 THEN 1
                                  ELSE (id * 7919 + nth * 104729) %% %(people)s + 1 END AS person
          FROM old, generate_series(1, 2) AS nth WHERE nth = 1 OR id %% 3 = 0) AS one
    """,
    """
    INSERT INTO referrals_stagechange (contact_id, verb, from_stage, to_stage, by_id, at, reason)
    SELECT id, pg_temp.pick('receive claim rate recommend sign_off', ' ', nth - 1), 'received', 'triage', by_id,
           received_at + taken * nth / %(steps)s, '' FROM old, generate_series(1, %(steps)s) AS nth
    """,
    """
    INSERT INTO audit_event (at, verb, reference, request_id, details, by_id)
    SELECT received_at + taken * nth / %(events)s, pg_temp.pick('viewed:read claim rate viewed:read', ' ', nth),
           reference, md5(id::text || nth), '{"stage": "triage"}', by_id FROM old, generate_series(1, %(events)s) AS nth
    """,
    """
    INSERT INTO referrals_deadline (id, contact_id, clock, about, rebased_because, rule, opened_at, due_at, met_at)
    SELECT 2 * id - k, id, pg_temp.pick('decision statutory', ' ', k), '', '',
           (ARRAY[%(decision)s, %(statutory)s])[k + 1]::jsonb, received_at, received_at + interval '24 hours',
           decided_at FROM old, generate_series(0, 1) AS k
    """,
    """
    INSERT INTO referrals_escalation (deadline_id, contact_id, step, label, due_at, roles, only_if_unclaimed,
                                      repeats_every_hours, cancelled_at)
    SELECT id, contact_id, step, 'A step', due_at, '{team_manager}', false, 0, met_at
    FROM referrals_deadline, unnest(ARRAY['half', 'due']) AS step
    """,
    """
    INSERT INTO referrals_notice (key, template, to_id, reference, created_at, next_attempt_at, attempts, sent_at,
                                  last_error, channel, provider_id)
    SELECT template || ':' || reference, template, by_id, reference, received_at, received_at, 1, decided_at, '',
           'email', ''
    FROM old, unnest(ARRAY['receipt', 'update']) AS template
    """,
    """
    INSERT INTO referrals_decision (id, contact_id, on_version, facts, risk_analysis, childs_voice, rationale,
                                    why_no_strategy, advice, agreement_obtained, strategy_invited, side_routes,
                                    recommended_by_id, recommended_at, why_nfa_still_right, signed_off_by_id,
                                    signed_off_at, sent_back_reason, is_imported)
    SELECT id, id, 4, repeat('What was seen. ', 20), repeat('What may happen. ', 12), 'She says she is fine.',
           repeat('Why. ', 40), '', '', '', '', '{}', by_id, decided_at, '',
           CASE WHEN people[1] <> by_id THEN people[1] ELSE people[2] END, decided_at, '', false FROM old
    """,
    """
    INSERT INTO referrals_childoutcome (decision_id, child_id, outcome, level)
    SELECT contact_id, id, outcome, level_decided FROM referrals_child
    """,
    """
    INSERT INTO referrals_feedback (contact_id, decision_id, reason, next_steps, who_to_call, phoned_words, sent_by_id,
                                    sent_at)
    SELECT id, id, 'Early help is offered.', 'Keep watching.', 'The hub', '', by_id, decided_at FROM old
    """,
    "DROP TABLE old",
)  # fmt: skip
_NUMBERED = ("contact", "person", "child", "deadline", "decision")


def _sounds() -> dict[str, str]:
    """How each name sounds, as the portal would have stored it."""
    family = [name + ending for name in FAMILY.split() for ending in ENDING.split("|")]
    given = {name: matching.given_sound(name) for name in GIVEN.split()}
    return given | {name: matching.family_sound(name) for name in family}


def fill(cursor: extensions.cursor, contacts: int, *, events: int = EVENTS) -> None:
    """Closed contacts for an empty portal that has agencies and people. As superuser: foreign keys are not checked."""
    values = {
        "contacts": contacts,
        "people": max(contacts * 7 // 10, 2),
        "years": max(contacts / A_YEAR, 1.0),
        "earlier": EARLIER,
        "events": events,
        "steps": STEPS,
        "family": FAMILY,
        "ending": ENDING,
        "given": GIVEN,
        "sounds": json.dumps(_sounds()),
        "symbols": SYMBOLS,
        "decision": json.dumps(DEFAULTS[Clock.DECISION].to_dict()),
        "statutory": json.dumps(DEFAULTS[Clock.STATUTORY].to_dict()),
    }
    cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
    for statement in (_FUNCTIONS, *_TABLES):
        cursor.execute(statement, values)
    for name in _NUMBERED:
        table = f"referrals_{name}"
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - names from the list above

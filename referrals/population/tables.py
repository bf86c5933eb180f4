"""Closed contacts with all that belongs to each, in bulk, straight into the tables, a chunk at a time.

A contact has lines in the audit trail, five steps, two clocks that were met, a decision, its outcomes and feedback;
every third is about two children; and a child is known from two contacts on average. The first child is known from
EARLIER contacts: the contact page with history is about her. The same numbers make the same population.
"""

#: People who know the number of a child know their name and birth date: each is worked out from the number alone.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.reference(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT string_agg(substr(%(symbols)s, ((n * 654435769 >> (5 * k)) & 31)::int + 1, 1)
                      || CASE k WHEN 3 THEN '-' ELSE '' END, '' ORDER BY k) FROM generate_series(0, 7) AS k $$;
CREATE OR REPLACE FUNCTION pg_temp.pick(words text, by text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT (string_to_array(words, by))[n %% cardinality(string_to_array(words, by)) + 1] $$;
CREATE OR REPLACE FUNCTION pg_temp.slot(n bigint, salt bigint) RETURNS int IMMUTABLE LANGUAGE sql AS $$
    SELECT (abs(hashint8extended(n, salt) %% 1000) + 1)::int $$;
CREATE OR REPLACE FUNCTION pg_temp.given(person bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT pg_temp.pick(%(given)s, ' ', abs(hashint8extended(person, 5) %% 997)) $$;
CREATE OR REPLACE FUNCTION pg_temp.family(person bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT pg_temp.pick(%(family)s, ' ', abs(hashint8extended(person, 6) %% 997))
           || pg_temp.pick(%(ending)s, '|', abs(hashint8extended(person, 7) %% 991)) $$;
CREATE OR REPLACE FUNCTION pg_temp.home(person bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT 'WS' || person %% 9 + 1 || ' ' || person / 9 %% 9 + 1 || chr(65 + (person / 81 %% 26)::int)
           || chr(65 + (person / 2106 %% 26)::int) $$;
CREATE OR REPLACE FUNCTION pg_temp.born(person bigint) RETURNS date IMMUTABLE LANGUAGE sql AS $$
    SELECT current_date - 60 - abs(hashint8extended(person, 8) %% 6500)::int $$;
CREATE TEMP TABLE IF NOT EXISTS likely (kind text, weekly int[], outcomes text[], levels int[]);
TRUNCATE likely;
"""
LIKELY = "INSERT INTO likely VALUES (%(kind)s, %(weekly)s, %(outcomes)s, %(levels)s)"
PEOPLE = "INSERT INTO referrals_person (id) SELECT generate_series(%(people_from)s + 1, %(people_from)s + %(people)s)"

#: One chunk: the contacts from the number `first` to `last`, the newest first.
CHUNK = (
    """
    CREATE TEMP TABLE old AS
    SELECT i, i + %(contact_from)s AS id, pg_temp.reference(i + %(contact_from)s) AS reference,
           (%(senders)s)[pg_temp.slot(i, 1)] AS agency_id, (%(workers)s)[i %% %(teams)s + 1] AS by_id,
           (%(workers)s)[(i + 1) %% %(teams)s + 1] AS signed_by_id, pg_temp.slot(i, 2) AS drawn,
           (%(takes)s)[pg_temp.slot(i, 3)] * interval '1 minute' AS taken,
           date_trunc('week', now() AT TIME ZONE 'Europe/London')
           - (i * %(weeks)s / %(contacts)s)::int * interval '7 days' AS week
    FROM generate_series(%(first)s::bigint, %(last)s) AS i;
    ALTER TABLE old ADD source text, ADD received_at timestamptz, ADD decided_at timestamptz, ADD outcome text,
                    ADD level int;
    UPDATE old SET source = agency.source, outcome = likely.outcomes[drawn], level = likely.levels[drawn],
                   received_at = (week + likely.weekly[pg_temp.slot(i, 4)] * interval '1 minute'
                                  + (i * 7907 %% 3600) * interval '1 second') AT TIME ZONE 'Europe/London'
    FROM accounts_agency AS agency, likely
    WHERE agency.id = agency_id
      AND likely.kind = coalesce((%(of_source)s::jsonb) ->> left(agency.source, 1), %(others)s);
    UPDATE old SET received_at = received_at - interval '7 days' WHERE received_at > now() - interval '26 hours';
    UPDATE old SET decided_at = least(received_at + taken, now() - interval '1 hour');
    ANALYZE old
    """,
    """
    INSERT INTO referrals_contact (id, reference, channel, source, stage, rag, level_believed, received_at, due_at,
                                   statutory_due_at, decided_at, version, agency_id, referrer_id, owner_id,
                                   is_restricted)
    SELECT id, reference, 'marf', source, 'closed', pg_temp.pick('red amber green amber green', ' ', drawn),
           least(level + i %% 2, 4), received_at, received_at + interval '24 hours', received_at + interval '30 hours',
           decided_at, 6, agency_id, by_id, by_id, false
    FROM old
    """,
    """
    INSERT INTO referrals_child (contact_id, person_id, key, given_names, family_name, date_of_birth, sex,
                                 family_sound, given_sound, birth_year,
                                 ethnicity, nhs_number, upn, postcode, is_disabled, in_scope, agency_id, source,
                                 received_at, level_believed, outcome, level_decided, decided_at)
    SELECT id, %(people_from)s + person, 'c' || nth, pg_temp.given(person), pg_temp.family(person),
           pg_temp.born(person), pg_temp.pick('F M', ' ', person), %(sounds)s::jsonb ->> pg_temp.family(person),
           %(sounds)s::jsonb ->> pg_temp.given(person), extract(year FROM pg_temp.born(person)),
           pg_temp.pick('WBRI WBRI WBRI APKN BAFR MWBC WOTH NOBT', ' ', person),
           CASE WHEN person %% 2 = 0 THEN lpad((4000000000 + person)::text, 10, '0') ELSE '' END, '',
           pg_temp.home(person),
           person %% 20 = 0, true, agency_id, source, received_at, least(level + i %% 2, 4), outcome, level, decided_at
    FROM (SELECT old.*, nth, CASE WHEN nth = 1 AND i %% greatest(%(contacts)s / %(earlier)s, 1) = 0 THEN 1
                                  ELSE (i * 7919 + nth * 104729) %% %(people)s + 1 END AS person
          FROM old, generate_series(1, 2) AS nth WHERE nth = 1 OR i %% 3 = 0) AS one
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
    SELECT %(deadline_from)s + 2 * i - k, id, pg_temp.pick('decision statutory', ' ', k), '', '',
           (ARRAY[%(decision)s, %(statutory)s])[k + 1]::jsonb, received_at, received_at + interval '24 hours',
           decided_at FROM old, generate_series(0, 1) AS k
    """,
    """
    INSERT INTO referrals_escalation (deadline_id, contact_id, step, label, due_at, roles, only_if_unclaimed,
                                      repeats_every_hours, cancelled_at)
    SELECT %(deadline_from)s + 2 * i - k, id, step, 'A step', received_at + interval '24 hours', '{team_manager}',
           false, 0, decided_at
    FROM old, generate_series(0, 1) AS k, unnest(ARRAY['half', 'due']) AS step
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
    SELECT %(decision_from)s + i, id, 4, repeat('What was seen. ', 20), repeat('What may happen. ', 12),
           'She says she is fine.', repeat('Why. ', 40), '', '', '', '', '{}', by_id, decided_at, '', signed_by_id,
           decided_at, '', false
    FROM old
    """,
    """
    INSERT INTO referrals_childoutcome (decision_id, child_id, outcome, level)
    SELECT %(decision_from)s + old.i, child.id, child.outcome, child.level_decided
    FROM old JOIN referrals_child AS child ON child.contact_id = old.id
    """,
    """
    INSERT INTO referrals_feedback (contact_id, decision_id, reason, next_steps, who_to_call, phoned_words, sent_by_id,
                                    sent_at)
    SELECT id, %(decision_from)s + i, 'What was decided, and why.', 'Keep watching.', 'The hub', '', by_id, decided_at
    FROM old
    """,
    """
    INSERT INTO referrals_staleday (day) SELECT DISTINCT day_of_receipt(received_at) FROM old;
    DROP TABLE old
    """,
)
#: Tables whose rows are numbered here, and which have to go on behind the last one.
NUMBERED = ("contact", "person", "deadline", "decision")
LAST = "SELECT coalesce(max(id), 0) FROM referrals_{}"
GO_ON = "SELECT setval(pg_get_serial_sequence('referrals_{0}', 'id'), (SELECT max(id) FROM referrals_{0}))"

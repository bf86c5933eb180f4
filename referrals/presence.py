"""Which kinds of rows there are about a contact, asked in one statement.

Most contacts lack most kinds, and a query that finds nothing costs a page a millisecond of Python.
"""

from django.db import connection, models

from referrals.models import (
    Addition,
    Attachment,
    Call,
    Contact,
    Decision,
    EmergencyAct,
    Escalation,
    Feedback,
    FirstLook,
    Question,
    Rating,
    StrategyDiscussion,
    Withdrawal,
)

Kind = type[models.Model]
#: In the order in which they are asked about; of the steps of ladders, those that have fired.
_KINDS: tuple[Kind, ...] = (
    Addition,
    Attachment,
    Decision,
    EmergencyAct,
    Feedback,
    FirstLook,
    Question,
    Rating,
    StrategyDiscussion,
    Withdrawal,
    Call,
    Escalation,
)
_SQL = """
    SELECT EXISTS (SELECT FROM referrals_addition WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_attachment WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_decision WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_emergencyact WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_feedback WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_firstlook WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_question WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_rating WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_strategydiscussion WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_withdrawal WHERE contact_id = %(contact)s),
           EXISTS (SELECT FROM referrals_call WHERE contact_id = %(contact)s OR form_id = %(contact)s),
           EXISTS (SELECT FROM referrals_escalation WHERE contact_id = %(contact)s AND fired_at IS NOT NULL)
"""


def kinds_about(contact: Contact) -> frozenset[Kind]:
    """The kinds of which there is at least one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"contact": contact.pk})
        return frozenset(kind for kind, found in zip(_KINDS, cursor.fetchone(), strict=True) if found)

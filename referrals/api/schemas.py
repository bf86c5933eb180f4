"""The shapes of the API, for its description (OpenAPI). What is sent is read by the readers of intake, with sentences.

`str` for a date or a number is meant: a document is taken as it is typed, and what is wrong is said in words.
"""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

Text = str | int | None


class Open(Schema):
    """Keys that nobody asked for are kept in words, never lost and never an error."""

    model_config = ConfigDict(extra="allow")


class ProblemError(Schema):
    section: str = Field(description="Section of the form, as in the page’s address.")
    field: str = Field(description="Field of the form or of what was sent.")
    name: str = Field(description="Short word for it, such as “family name”.")
    sentence: str = Field(description="What a person would read.")
    key: str = Field(description="Which child, adult or indicator; “c1” is the first child.")


class ProblemDetails(Schema):
    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError]


class Consulted(Open):
    consulted: bool | None = None
    name: str | None = None
    on: str | None = None
    why_not: str | None = None


class Informed(Open):
    informed: bool | None = None
    who: str | None = None
    on: str | None = None
    view: str | None = None
    reason: str | None = None
    child_view: str | None = None


class Agreement(Open):
    given: bool | None = None
    who: str | None = None
    covers: str | None = None
    reason: str | None = None


class ReferredChild(Open):
    given_names: str | None = None
    family_name: str | None = Field(None, description="Or “not known”.")
    date_of_birth: str | None = Field(None, description="Like 2019-03-27.")
    expected_date: str | None = None
    estimated_age: Text = None
    sex: str | None = Field(None, description="M, F or U.")
    ethnicity: str | None = Field(None, description="National code.")
    disability: list[str] | None = None
    nhs_number: str | None = None
    upn: str | None = None
    address: str | None = Field(None, description="Or “not known”.")
    postcode: str | None = None
    school: str | None = None
    sibling_only: bool | None = None


class ReferredAdult(Open):
    given_names: str | None = None
    family_name: str | None = None
    date_of_birth: str | None = None
    relationship: dict[str, str] | None = Field(None, description="Child’s first name → what the adult is to them.")
    parental_responsibility: list[str] | None = None
    household: bool | None = None
    source_of_risk: bool | None = None
    phone: str | None = None


class ThresholdSaid(Open):
    level: Text = Field(None, description="1 to 4.")
    reason: str | None = None
    indicators: dict[str, str] | None = Field(None, description="Indicator code → the evidence for it.")


class ReferralSent(Open):
    """The form as a document: the sections of the page, under short names. Leave out what you do not know."""

    by: str = Field(description="Name of the professional who refers.")
    agency: str | None = Field(None, description="Known from the key; refused if it says another.")
    job: str | None = None
    phone: str | None = None
    email: str | None = None
    line_manager: str | None = None
    safeguarding_lead: Consulted | None = None
    children: list[ReferredChild]
    adults: list[ReferredAdult] | None = None
    family_informed: Informed | None = None
    agreement: Agreement | None = None
    worry: str
    how_known: str | None = None
    factors: list[str] | None = None
    childs_voice: str | None = None
    impact: str | None = None
    working_well: str | None = None
    what_needs_to_happen: str | None = None
    threshold: ThresholdSaid
    tools: dict[str, Text] | None = None
    tried: dict[str, Any] | None = None
    agencies: list[dict[str, Any]] | None = None
    safety: dict[str, Any] | None = None


class Receipt(Schema):
    reference: str
    received_at: str
    decision_due_at: str
    one_working_day_due_at: str


class AdditionSent(Open):
    text: str = Field(min_length=1, max_length=10_000)


class Added(Schema):
    reference: str
    added_at: str


class State(Receipt):
    state: str
    state_in_words: str
    decided_at: str | None
    question_waiting: bool = Field(description="The MASH needs something from you: answer it in the portal.")


class ChildFeedback(Schema):
    name: str
    level: int | None
    outcomes: list[str]


class FeedbackGiven(Schema):
    sent_at: str
    reason: str
    next_steps: str
    who_to_call: str
    advice_level: int | None
    children: list[ChildFeedback]


class FeedbackState(Schema):
    reference: str
    ready: bool
    feedback: FeedbackGiven | None


class Incident(Open):
    at: str | None = None
    type: str | None = None
    place: str | None = None


class NotifiedAdult(Open):
    given_names: str | None = None
    family_name: str | None = None
    date_of_birth: str | None = None
    relationship: str | dict[str, str] | None = None
    source_of_risk: bool | str | None = None


class NotificationSent(Open):
    police_reference: str = Field(min_length=1, max_length=60)
    narrative: str = Field(min_length=1)
    incident: Incident | None = None
    rag: str | None = Field(None, description="red, amber or green.")
    dash_grade: str | None = Field(None, description="standard, medium or high.")
    dvrim_scale: Text = Field(None, description="1 to 4.")
    children: list[ReferredChild]
    adults: list[NotifiedAdult] | None = None


class NotificationsSent(Open):
    notifications: list[NotificationSent] = Field(min_length=1, max_length=500)


class NotificationResult(Schema):
    police_reference: str
    result: str = Field(description="received, same (it had come before) or refused.")
    reference: str | None
    errors: list[ProblemError]


class NotificationResults(Schema):
    received: int
    same: int
    refused: int
    results: list[NotificationResult]


class Code(Schema):
    code: str
    label: str


class IndicatorCode(Code):
    level: int
    alerts: list[str]


class Codes(Schema):
    sources: list[Code]
    sexes: list[Code]
    ethnicities: list[Code]
    disabilities: list[Code]
    factors: list[Code]
    how_known: list[Code]
    reasons_without_agreement: list[Code]
    matrix: str
    indicators: list[IndicatorCode]

"""The form's sections in the order of the task list. Section 10, attachments, is referrals.attachments: files."""

from .concern import AGENCIES, SAFETY, THRESHOLD, TRIED, WORRY
from .family import ADULTS, CHILDREN
from .questions import Section
from .referrer import ABOUT, CONSENT

#: Kept with every form that is sent. It changes whenever a question is added, taken away or means something else.
FORM_VERSION = "2026.2"

DECLARATION = (
    "I declare that what I have written is true as far as I know, that I have kept facts apart from opinion, and that "
    "I have followed my agency’s safeguarding procedures. I understand that sending this form does not end my own "
    "responsibility for the child."
)

SECTIONS: tuple[Section, ...] = (ABOUT, CHILDREN, ADULTS, CONSENT, WORRY, THRESHOLD, TRIED, AGENCIES, SAFETY)
BY_SLUG = {section.slug: section for section in SECTIONS}

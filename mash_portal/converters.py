"""A contact's reference in a URL: MF7K-3QPX. Anything else is not a page."""

from referrals.models.contact import REFERENCE_ALPHABET


class Reference:
    regex = f"[{REFERENCE_ALPHABET}]{{4}}-[{REFERENCE_ALPHABET}]{{4}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value

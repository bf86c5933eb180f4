from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "The contact and its journey"

    def ready(self) -> None:
        """The audit trail shows each line in words, and knows none of the journey's own."""
        from mash_portal.audit import words  # noqa: PLC0415 - what this leads to is not there before the apps are
        from referrals.traces import TRACES  # noqa: PLC0415

        words.teach(TRACES)

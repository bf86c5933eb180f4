"""The stretch of days that the figures are about: the same as that of the returns."""

from referrals.rules.period import EARLIEST, LATEST, LONDON, Month, Period, midnight, months_back

__all__ = ["EARLIEST", "LATEST", "LONDON", "Month", "Period", "midnight", "months_back"]

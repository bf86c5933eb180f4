"""How much of the fault tests is done: the whole by `make faults`, a tenth of each otherwise."""

import os

WHOLE = os.environ.get("FAULTS") == "whole"


def part(whole: int) -> int:
    """So many of the whole."""
    return whole if WHOLE else whole // 10

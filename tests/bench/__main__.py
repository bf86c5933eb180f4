"""Run the bench: `make bench`; `make bench SCALE=100000` for a year of a large authority.

`make bench SCALE=3000000` is thirty years of it, and with YEARS=1 what all of England receives in a year.
"""

import os
import sys

import django

from mash_portal.embedded import ServerTrouble

from .rig import CannotBench, rig

SCALE = 10_000
#: Further back no figure may be asked for.
MOST_YEARS = 40


def main() -> int:
    """0 when everything was measured, met or not; 1 when something went wrong, with sentences."""
    wanted, years = os.environ.get("SCALE") or str(SCALE), os.environ.get("YEARS", "")
    if not wanted.isdecimal() or not 1000 <= int(wanted) <= 20_000_000:
        say(f"SCALE has to be a number of contacts from 1000 to 20000000, not “{wanted}”.")
        return 1
    if years and not (years.isdecimal() and 1 <= int(years) <= MOST_YEARS):
        say(f"YEARS has to be a number from 1 to {MOST_YEARS}, not “{years}”.")
        return 1
    try:
        say("Starting PostgreSQL and making an empty portal")
        with rig() as made:
            os.environ.update(made.values)
            django.setup()
            from .session import measure  # noqa: PLC0415 - its models need the settings that have just been set

            errors = measure(made, scale=int(wanted), years=float(years) if years else None, say=say)
    except (CannotBench, ServerTrouble) as why:
        errors = [str(why)]
    except KeyboardInterrupt:
        errors = ["Stopped."]
    for error in errors:
        say(error)
    return 1 if errors else 0


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

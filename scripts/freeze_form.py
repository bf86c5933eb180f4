"""Write the questions of the referral form down under their version, as forms that are sent from now on show them.

After changing what the form asks: give it a new FORM_VERSION (referrals/rules/marf/sections.py), then
`.venv/bin/python scripts/freeze_form.py`, and commit the file that it names.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from referrals.rules.marf import frozen

try:
    sys.stdout.write(f"{frozen.freeze().name} holds the questions of today.\n")
except frozen.AlreadyFrozen as error:
    sys.exit(f"Version {error} has been written down with other questions. Give the form a new FORM_VERSION first.")

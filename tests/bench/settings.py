"""`mash_portal.settings.local` with the yardsticks beside the portal, served by the same processes."""

from mash_portal.settings.base import INSTALLED_APPS
from mash_portal.settings.local import *  # noqa: F403 - all of it

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.yardsticks"]
ROOT_URLCONF = "tests.bench.urls"

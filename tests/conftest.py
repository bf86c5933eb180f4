"""The cast. Servers and databases are in tests/servers.py."""

import gc

import pytest
from django.conf import settings

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role

from . import build

# Tests make many objects and few circles of them: looking for circles less often saves a tenth of the time.
gc.set_threshold(50_000, 20, 100)

pytest_plugins = ["tests.servers", "tests.returning"]


@pytest.fixture(scope="session", autouse=True)
def _files_of_the_suite(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a test attaches stays out of .data, where `make run` keeps the demonstration and nothing else."""
    settings.ATTACHMENT_DIR = tmp_path_factory.mktemp("files") / "attachments"


def _fixture_for(name: str) -> object:
    @pytest.fixture(name=name.lower())
    def one(db: None) -> User:
        return build.player(name)

    return one


rosa = _fixture_for("Rosa")
tom = _fixture_for("Tom")
omar = _fixture_for("Omar")
nell = _fixture_for("Nell")
sam = _fixture_for("Sam")
grace = _fixture_for("Grace")
maya = _fixture_for("Maya")
ivan = _fixture_for("Ivan")
dev = _fixture_for("Dev")
zofia = _fixture_for("Zofia")
helen = _fixture_for("Helen")
priya = _fixture_for("Priya")
ana = _fixture_for("Ana")
kit = _fixture_for("Kit")


@pytest.fixture
def cy(rosa: User) -> User:
    """A colleague of Rosa's who refers, and is nobody's lead."""
    return User.objects.create_user(
        "cy@alder-primary.example", full_name="Cy Lee", agency=rosa.agency, role=Role.REFERRER
    )

"""The example client in docs/, against the portal as it runs."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from referrals.models import Contact
from referrals.vocabulary import Scope
from tests import build, policing
from tests.api.calling import NOTIFICATION, REFERRAL
from tests.portals import StartPortal

CLIENT = Path(__file__).resolve().parents[2] / "docs" / "api_client.py"


def client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_client_sends_follows_and_reads_sentences(
    committed: str,
    portal_processes: StartPortal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keys = {
        "rosa": policing.key_of(build.player("Rosa"))[1],
        "omar": policing.key_of(build.player("Omar"), Scope.POLICE)[1],
    }
    monkeypatch.setenv("FRONT_DOOR", portal_processes("web").url)

    def says(who: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("FRONT_DOOR_KEY", keys[who])
        code = client().main(list(arguments))
        said = capsys.readouterr()
        return code, said.out + said.err

    referral, wanting, police = (tmp_path / f"{name}.json" for name in ("referral", "wanting", "police"))
    referral.write_text(json.dumps(REFERRAL))
    wanting.write_text(json.dumps(REFERRAL | {"worry": ""}))
    police.write_text(json.dumps([NOTIFICATION]))
    code, sent = says("rosa", "send", str(referral))
    reference = json.loads(sent)["reference"]
    assert (code, Contact.objects.get().reference) == (0, reference)
    assert says("rosa", "send", str(wanting)) == (1, "Say what has happened\n")
    assert json.loads(says("rosa", "state", reference)[1])["state"] == "received"
    assert says("rosa", "add", reference, "Absent again today.")[0] == 0
    assert json.loads(says("rosa", "feedback", reference)[1])["ready"] is False
    assert json.loads(says("omar", "police", str(police))[1])["received"] == 1
    assert says("omar", "state", reference)[0] == 1, "another agency's"

"""Messages, pings and gauges in production: a whole key, encrypted addresses, a token that nobody guesses."""

from pathlib import Path

import pytest

from tests.guards.test_case_system_settings import started
from tests.notifying import KEY

TOKEN = "thirty-two characters and some more"
WHOLE = {"NOTIFY_API_KEY": KEY, "PING_URL": "https://ping.example/key", "METRICS_TOKEN": TOKEN}


def test_production_starts_with_a_whole_key_an_encrypted_ping_and_a_long_token(tmp_path: Path) -> None:
    assert started(tmp_path, **WHOLE) == (0, "")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"NOTIFY_API_KEY": "too-short"}, "NOTIFY_API_KEY is too short"),
        ({"NOTIFY_URL": "http://notify.example"}, "NOTIFY_URL has to start with https://"),
        ({"PING_URL": "http://ping.example/key"}, "PING_URL has to start with https://"),
        ({"METRICS_TOKEN": "guess"}, "Set METRICS_TOKEN to at least 32 random characters"),
    ],
)
def test_production_does_not_start_with_one_that_is_not(tmp_path: Path, wrong: dict[str, str], sentence: str) -> None:
    code, complaint = started(tmp_path, **(WHOLE | wrong))
    assert code == 1
    assert sentence in complaint

#!/usr/bin/env python3
"""A small client of the front door's API, to read and to copy from. Python's standard library alone.

    FRONT_DOOR=https://mash.alderbrook.example FRONT_DOOR_KEY=mash_… python3 api_client.py send referral.json
    … python3 api_client.py police notifications.json
    … python3 api_client.py state MF7K-3QPX
    … python3 api_client.py add MF7K-3QPX "Absent again today."
    … python3 api_client.py feedback MF7K-3QPX

A request is repeated with the same Idempotency-Key until it is answered, so that a line that breaks loses nothing and
sends nothing twice. In immediate danger ring 999: nothing sent here is read within minutes.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

ATTEMPTS = 5


class Refused(Exception):
    """The front door said no; `problem` is its answer (RFC 9457)."""

    def __init__(self, problem):
        super().__init__(problem.get("detail", "No answer that can be read."))
        self.problem = problem


class FrontDoor:
    """One agency's way in."""

    def __init__(self, address, key):
        self.address, self.key = address.rstrip("/"), key

    def send_referral(self, referral):
        return self._post("referrals", referral)

    def send_police_notifications(self, notifications):
        return self._post("police-notifications", {"notifications": notifications})

    def add_information(self, reference, text):
        return self._post(f"referrals/{reference}/additions", {"text": text})

    def state(self, reference):
        return self._ask("GET", f"referrals/{reference}")

    def feedback(self, reference):
        """Opening it is recorded: ask for it when somebody is about to read it."""
        return self._ask("GET", f"referrals/{reference}/feedback")

    def codes(self):
        return self._ask("GET", "codes")

    def _post(self, path, document):
        return self._ask("POST", path, document, {"Idempotency-Key": str(uuid.uuid4())})

    def _ask(self, method, path, document=None, headers=None):
        content = None if document is None else json.dumps(document).encode()
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        for attempt in range(1, ATTEMPTS + 1):
            request = urllib.request.Request(f"{self.address}/api/v1/{path}", content, sent, method=method)  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                    return json.load(answer)
            except urllib.error.HTTPError as refusal:
                wait = refusal.headers.get("Retry-After")
                if wait is None or attempt == ATTEMPTS:
                    raise Refused(_problem(refusal)) from None
                time.sleep(int(wait))
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if attempt == ATTEMPTS:
                    raise
                time.sleep(2**attempt)
        raise AssertionError("the last attempt answers or raises")


def _problem(refusal):
    try:
        return json.load(refusal)
    except ValueError:
        return {"status": refusal.code, "detail": f"The front door answered {refusal.code}.", "errors": []}


def _read(path):
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - the shortest that works everywhere
        return json.load(file)


def main(arguments):
    """One command; prints the answer, or each sentence of a refusal. 0 where it went in."""
    door = FrontDoor(os.environ["FRONT_DOOR"], os.environ["FRONT_DOOR_KEY"])
    commands = {
        "send": lambda path: door.send_referral(_read(path)),
        "police": lambda path: door.send_police_notifications(_read(path)),
        "add": door.add_information,
        "state": door.state,
        "feedback": door.feedback,
        "codes": door.codes,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 2
    try:
        answer = commands[arguments[0]](*arguments[1:])
    except Refused as refusal:
        for error in refusal.problem.get("errors") or [{"sentence": str(refusal)}]:
            print(error["sentence"], file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

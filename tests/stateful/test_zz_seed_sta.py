"""Seeded bugs: each must make the machine fail. Patches in memory, never in the tree."""
import inspect, sys, textwrap, time
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.stateful.test_journey import world, Journey
from referrals import gate, clockwork, access
from referrals.decision import actions as decisions
from referrals.restricted import actions as restricting
from referrals.handover import actions as handovers
from referrals import routing

def reseed(module, name, old, new, monkeypatch):
    source = textwrap.dedent(inspect.getsource(getattr(module, name)))
    assert source.count(old) == 1, (name, source.count(old))
    space = dict(vars(module))
    exec(compile("from __future__ import annotations\n" + source.replace(old, new), name, "exec"), module.__dict__, space)
    monkeypatch.setattr(module, name, space[name])

BUGS = {
 "sign-off without four eyes": (decisions, "sign_off", "if decision.recommended_by_id == by.pk:", "if False:"),
 "gate does not bump the version": (gate, "move", "contact.version += 1", "contact.version += verb != 'add'"),
 "close ignores what the clock is about": (clockwork, "close", "if about is not None:", "if False:"),
 "sign-off does not look at the version recommended on": (decisions, "sign_off", "if decision.on_version != contact.version:", "if False:"),
 "lock does not recheck permission": (access, "_require", "if verb in permissions.allowed(user.as_role, relations):", "if True:"),
 "take back leaves the promises cancelled": (gate, "move", "clockwork.close(contact, met=step.meets, cancelled=step.cancels, now=now)", "clockwork.close(contact, met=step.meets, cancelled=(*step.cancels, *(('decision',) if verb == 'take_back' else ())), now=now)"),
 "a referral is not ended by a later decision": (routing, "_refer", "if row is not None and row.ended_at is None:", "if False:"),
 "restrict makes the recommendation stale": (restricting, "_move", "waiting.update(on_version=contact.version)", "waiting.count()"),
}
@pytest.mark.parametrize("bug", BUGS)
def test_bug(bug, world, monkeypatch):
    reseed(*BUGS[bug], monkeypatch)
    w=time.time()
    found=None
    for n in range(3):
        try:
            run_state_machine_as_test(Journey, settings=settings(max_examples=100,stateful_step_count=12,deadline=None,database=None,print_blob=True,phases=[Phase.generate],suppress_health_check=list(HealthCheck)))
        except BaseException as e:
            found=f"{type(e).__name__}: {str(e)[:160]!r}"; break
    print("SEEDED", bug, "->", found, f"batch {n+1}", round(time.time()-w), "s", flush=True)
    assert found

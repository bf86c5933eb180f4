"""The front door now hangs on a wall: it fits, it renews itself under nobody's hands, it can be paused, and is all."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests import build

from .stage import Stage, idle
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WALL: ViewportSize = {"width": 1920, "height": 1080}


def test_maya_hangs_the_front_door_on_the_wall_and_it_keeps_up(stage: Stage) -> None:
    # given a full team, two contacts, one of them late
    stage.starts("web")
    rosa = stage.account("Rosa")
    for name in ("Grace", "Ivan", "Helen"):
        stage.account(name)
    for hours in (26, 1):
        build.received(rosa, at=timezone.now() - timedelta(hours=hours))
    maya = stage.enters(Worker, "Maya")
    maya.page.clock.install()
    maya.is_signed_in().opens("/dashboard/now/").sees("1 of 2 open contacts is late").looks_at("now")

    # then nothing has to be scrolled on the wall
    maya.page.set_viewport_size(WALL)
    assert maya.page.evaluate("document.documentElement.scrollHeight") <= 1080
    maya.page.screenshot(path=stage.pictures / "wall.png")

    # when a third comes, it is there a minute later, and what has the focus keeps it
    heading = maya.page.get_by_role("heading", level=1)
    unrated = maya.page.get_by_role("link", name="Not yet rated: 2 open")
    unrated.focus()
    build.received(rosa)
    maya.page.clock.fast_forward(61_000)
    expect(heading).to_have_text("1 of 3 open contacts is late")
    expect(maya.page.get_by_role("link", name="Not yet rated: 3 open")).to_be_focused()

    # and while Maya has paused it, it stays as it is
    maya.page.get_by_role("button", name="Pause updates").click()
    build.received(rosa)
    maya.page.clock.fast_forward(61_000)
    expect(maya.page.get_by_role("status").filter(has_text="Updates are paused.")).to_be_visible()
    expect(heading).to_have_text("1 of 3 open contacts is late")
    maya.page.get_by_role("button", name="Resume updates").click()
    expect(heading).to_have_text("1 of 4 open contacts is late")

    # and behind a number is the queue that it counts
    maya.follows("Not yet rated: 4 open").sees("4").goes_back()

    # when she puts it on the wall for good, every tab of that browser shows it, figures alone
    other = maya.page.context.new_page()
    other.goto(maya.base_url + "/queue/")
    maya.presses("Put this on a wall screen").sees("1 of 4 open contacts is late")
    maya.does_not_see("Grace Lin", "Maya Shah").looks_at("on-the-wall")
    maya.page.set_viewport_size(WALL)
    assert maya.page.evaluate("document.documentElement.scrollHeight") <= 1080
    expect(other).to_have_url(maya.base_url + "/dashboard/now/")

    # then it keeps up for longer than somebody who does nothing is signed in, and is gone when its session is
    for number in (5, 6):
        idle(minutes=14)
        build.received(rosa)
        maya.page.clock.fast_forward(61_000)
        expect(heading).to_have_text(f"1 of {number} open contacts is late")
    idle(minutes=16)
    maya.page.clock.fast_forward(61_000)
    maya.settles("Sign in")

    # and when somebody signs in at that browser in another window, it shows nothing of what they may see
    maya.is_signed_in().opens("/dashboard/now/").presses("Put this on a wall screen").sees("1 of 6 open contacts")
    maya.signs_in_elsewhere().page.clock.fast_forward(61_000)
    maya.sees("This wall screen has ended").does_not_see("1 of 6 open contacts", "Grace Lin")

"""Nothing is lost, doubled or out of order on a network that keeps breaking."""

from __future__ import annotations

import os
import time

from browser import Server, Visit

# The full measure: three minutes, a break every five seconds. The suite does the same breaks in a shorter time.
FULL = bool(os.environ.get("STEUNWIJZER_LONG_TESTS"))
SECONDS, BREAK = (180.0, 5.0) if FULL else (15.0, 1.0)
COUNT = 100


def test_hundred_messages_each_way_over_a_breaking_network(visit: Visit, server: Server) -> None:
    visit.open()
    visit.settle()
    start = time.monotonic()
    sent = breaks = 0
    while sent < COUNT or time.monotonic() - start < SECONDS:
        now = time.monotonic() - start
        if now > (breaks + 1) * BREAK:
            breaks += 1
            server.drop()
            if breaks % 3 == 0:
                # The server itself is gone for a moment too, so that HTTP fails as well.
                server.control(down=True)
                time.sleep(0.4)
                server.control(down=False)
        if sent < COUNT and now > sent * SECONDS / COUNT * 0.95:
            visit.js("c.say(arguments[0])", f"echo {sent}")
            sent += 1
        time.sleep(0.005)
    expected = [f"echo {n}" for n in range(COUNT)]
    visit.until(lambda: len(visit.texts("assistant")) >= COUNT + 1, "all answers", 40)
    visit.settle()
    assert breaks >= SECONDS / BREAK - 1
    stored = server.session()["messages"]
    assert [m["text"] for m in stored if m["from"] == "user"] == expected, "at the server: all, in order, once"
    assert visit.texts() == [m["text"] if m["seq"] > 1 else visit.texts()[0] for m in stored], "on the page: the same"
    assert visit.texts("user") == expected
    assert visit.texts("assistant")[1:] == expected
    assert visit.driver.execute_script("return Object.keys(localStorage)") == ["steunwijzer"]


def test_gap_is_asked_for_again(visit: Visit, server: Server) -> None:
    """A message that a broken fan-out skipped comes with the next connection, in its place."""
    visit.open()
    visit.settle()
    visit.js("c.line.got({seq:3,from:'assistant',text:'derde'})")
    assert visit.texts()[-1] == "derde"
    server.say(**{"from": "assistant"}, text="tweede")
    visit.until(lambda: visit.texts()[1:] == ["tweede", "derde"], "the right order")


def test_silent_connection_is_noticed(visit: Visit) -> None:
    """A socket that is open but dead is given up after the ping goes unanswered."""
    visit.open()
    visit.settle()
    visit.js("c.line.ws.send=()=>{};c.line.ping();window.before=c.line.ws")
    visit.until(lambda: visit.js("return c.line.ws!==before && c.line.live"), "a new connection", 15)

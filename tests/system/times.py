"""How the system tests deal with time. What happens in another process is waited for by its condition; time that
only passes is part of a scenario, and each such place says which part. Nothing else here may sleep
(tests/tidy looks)."""
import concurrent.futures
import time


def wait_until(condition, seconds=20, what="the condition", every=0.02):
    """Polls, because the awaited change happens in another process; fails with `what` at the limit."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def wait_while_growing(size, condition, seconds=60, what="the condition"):
    """As wait_until, of something that comes piece by piece: the limit counts since `size()` grew last, since how fast
    that is depends on what else the machine does."""
    end, last = time.monotonic() + seconds, size()
    while not condition():
        if size() > last:
            end, last = time.monotonic() + seconds, size()
        assert time.monotonic() < end, f"{what} did not happen, and nothing more came for {seconds} s"
        time.sleep(0.05)


def stays(condition, seconds, what, every=0.05):
    """Looks again and again for so long, and fails as soon as the condition does not hold."""
    end = time.monotonic() + seconds
    while True:
        assert condition(), f"{what}: not any more"
        if time.monotonic() > end:
            return
        time.sleep(every)


def lasts(seconds, what):
    """A part of the scenario: how long a fault, an interval of the protocol or a load lasts."""
    assert what
    time.sleep(seconds)


def side_by_side(*calls, lanes=None):
    """What the calls return, each in a thread of its own: for scenarios that mostly wait, or load from many at once."""
    with concurrent.futures.ThreadPoolExecutor(lanes or len(calls)) as pool:
        return [call.result() for call in [pool.submit(call) for call in calls]]


def at_any_moment(dice, seconds):
    """A part of the scenario: the next step comes at a moment that only the seed of the dice knows."""
    time.sleep(dice.uniform(0, seconds))

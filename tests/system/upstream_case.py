"""The base of the tests of faults upstream: a daemon whose links a test watches from outside."""
import concurrent.futures
import os
import sys
import time
import unittest

import paho.mqtt.client as mqtt

from harness import Publisher, check_ledger, nonce_of, senml, smoke, smoke_topic, wait_until

FIRST_MS, CEILING_MS = 100, 400
# Time after the end of a fault: the longest wait between two attempts, the connecting, and a busy machine.
HEALED_WITHIN = CEILING_MS / 1000 + 3
LEVEL = "wp/in/water/river"


def upstream(name, port, extra="", scheme="mqtt", host="127.0.0.1", first=FIRST_MS,
             ceiling=CEILING_MS, spread=0):
    return (f'[[upstream]]\nname = "{name}"\nurl = "{scheme}://{host}:{port}"\nraw = "always"\n'
            f'reconnect_first = "{first} ms"\nreconnect_ceiling = "{ceiling} ms"\n'
            f'reconnect_spread = "{spread} s"\n{extra}\n')


def alarm(nonce):
    return smoke(nonce)


def level(nonce):
    return senml("river", "level", 1.5, nonce)


class UpstreamCase(unittest.TestCase):
    def publisher(self, daemon, name="village", window=200):
        return Publisher(self, daemon.port, name, mqtt.MQTTv5, window=window)

    def publish(self, publisher, nonces):
        for nonce in nonces:
            if nonce.startswith("a"):
                publisher.publish(smoke_topic(nonce), alarm(nonce), nonce)
            else:
                publisher.publish(LEVEL, level(nonce), nonce)

    def link(self, daemon, name="street"):
        return next(u for u in daemon.status()["upstreams"] if u["name"] == name)

    def wait_for_failure(self, daemon, *parts, name="street", seconds=20):
        def told():
            failure = self.link(daemon, name)["failure"]
            return failure if all(part in failure for part in parts) else None
        try:
            failure = wait_until(told, seconds=seconds)
        except AssertionError:
            raise AssertionError(f"status says: {self.link(daemon, name)}, expected {parts}") from None
        # The log must tell the failure to a person who did not look at the status.
        wait_until(lambda: failure in daemon.process.log(), 5, f"in the log: {failure}")
        return failure

    def wait_for_state(self, daemon, state, name="street", seconds=20):
        wait_until(lambda: self.link(daemon, name)["state"] == state, seconds,
                   f"upstream {name} {state}")

    def seconds_until(self, condition, seconds, what):
        began = time.monotonic()
        wait_until(condition, seconds, what)
        return time.monotonic() - began

    def check_healed(self, daemon, name="street", within=HEALED_WITHIN, drained=10):
        """Checks that no link stays "connected" in vain: it stands again by itself and the backlog is
        sent."""
        took = self.seconds_until(
            lambda: (lambda link: link["state"] == "connected" and link["failure"] == "")(
                self.link(daemon, name)), within, f"upstream {name} connected and without failure")
        wait_until(lambda: sum(self.link(daemon, name)["backlog"].values()) == 0, drained,
                   f"an empty backlog of {name}")
        return took

    def check_all_arrived(self, publisher, receiver):
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        acknowledged = set(publisher.acknowledged)
        self.assertTrue(acknowledged, "a ledger without entries proves nothing")
        # The broker acknowledges to the gateway before it sends to its subscribers.
        wait_until(lambda: acknowledged <= {nonce_of(e) for _, e in receiver.records()}, 10,
                   "the arrival of all that was acknowledged")
        return check_ledger(self, acknowledged, receiver.records())


def run_in_parallel(most=6):
    """Runs the tests of a module in threads: they mostly wait for faults to be noticed, and need little
    CPU."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    wanted = sys.argv[1:]
    tests = [test for group in suite for test in group
             if not wanted or any(part in test.id() for part in wanted)]
    most = int(os.environ.get("WATCHPOST_PARALLEL_TESTS", most))

    def run(test):
        result = unittest.TestResult()
        began = time.monotonic()
        test.run(result)
        return test, result, time.monotonic() - began
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(most) as threads:
        for done in concurrent.futures.as_completed([threads.submit(run, test) for test in tests]):
            test, result, seconds = done.result()
            good = result.wasSuccessful() and not result.skipped
            failed += not good
            print(f"{'ok' if good else 'FAILED'} {test.id()} ({seconds:.1f} s)", flush=True)
            for _, trace in result.failures + result.errors + result.skipped:
                print(trace, flush=True)
    print(f"{len(tests)} tests, {failed} failed")
    sys.exit(1 if failed or not tests else 0)

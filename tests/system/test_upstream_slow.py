"""Slow links and many gateways: alarms overtake, nothing times out for ever, nobody floods.

The ordinary run scales a slow link down: 8 kB/s, and timeouts a fifth of the default ones.
WATCHPOST_SLOW=1 runs 2 kB/s with the default settings (about three minutes).
"""
import os
import time

from doubles import FaultProxy
from harness import Daemon, Mosquitto, Subscriber, wait_until
from times import lasts
from upstream_case import UpstreamCase, run_in_parallel, upstream

TRUE_SIZE = os.environ.get("WATCHPOST_SLOW") == "1"
RATE = 2_000 if TRUE_SIZE else 8_000  # bytes a second
PATIENCE = 30 if TRUE_SIZE else 3
COUNT = 300 if TRUE_SIZE else 150


class SlowLink(UpstreamCase):
    def road(self):
        street = Mosquitto(self).start()
        road = FaultProxy(self, street.port, rate=RATE)
        daemon = Daemon(self, extra=upstream("street", road.port,
                                             f'acknowledge_timeout = "{PATIENCE} s"')).start()
        return road, daemon, Subscriber(self, street.port)

    def test_alarms_overtake_on_a_slow_link_and_nothing_times_out(self):
        road, daemon, subscriber = self.road()
        publisher = self.publisher(daemon)
        began = time.monotonic()
        self.publish(publisher, [f"t{i}" for i in range(COUNT)])
        delays = []
        for i in range(4):
            before = len(subscriber.records())
            wait_until(lambda: len(subscriber.records()) >= before + 10, 30, "the backlog moving")
            sent = time.monotonic()
            self.publish(publisher, [f"a{i}"])
            wait_until(lambda: f"a{i}" in subscriber.nonces(), 40, "the alarm")
            delays.append(time.monotonic() - sent)
        self.assertLess(len(subscriber.nonces()), COUNT, "the backlog was gone before the alarms")
        wait_until(lambda: len(subscriber.nonces()) == COUNT + 4, COUNT * 800 / RATE * 2 + 10,
                   "everything")
        took = time.monotonic() - began
        print(f"{RATE} bytes/s: {COUNT} messages in {took:.0f} s, alarms among them after "
              + ", ".join(f"{delay:.1f}" for delay in delays) + f" s, {len(road.accepted)} links")
        # The bound is one round trip of the smallest window; the second that answers may be late.
        self.assertLess(max(delays), 2_400 / RATE + 2)
        self.assertEqual(len(road.accepted), 1, daemon.process.log())
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)
        self.assertEqual(len(subscriber.evidence()), COUNT + 4, "something was sent twice")

    def test_an_event_that_takes_longer_than_acknowledge_timeout_gets_through(self):
        # At the rate of this link each publish takes twice the timeout.
        road, daemon, subscriber = self.road()
        publisher = self.publisher(daemon)
        self.wait_for_state(daemon, "connected")
        size = 2 * PATIENCE * RATE
        for i in range(2):
            publisher.publish("some/large/thing", "x" * size, f"large{i}")
        wait_until(lambda: publisher.outstanding() == 0, what="both on disk")
        began = time.monotonic()
        wait_until(lambda: sum(self.link(daemon)["backlog"].values()) == 0, 6 * PATIENCE + 20,
                   "both delivered")
        print(f"two events of {size} bytes at {RATE} bytes/s: {time.monotonic() - began:.0f} s, "
              f"{len(road.accepted)} links")
        self.assertEqual(len(road.accepted), 1, daemon.process.log())
        self.assertEqual(len(subscriber.records()), 2)


class District(UpstreamCase):
    def test_gateways_that_lost_one_broker_come_back_spread(self):
        street = Mosquitto(self).start()
        road = FaultProxy(self, street.port)
        daemons = []
        for i in range(5):
            text = upstream("street", road.port,
                            f'client_id = "gateway-{i}"', first=1000, ceiling=4000, spread=3)
            daemons.append(Daemon(self, extra=text).start())
        for daemon in daemons:
            self.wait_for_state(daemon, "connected")
        before = len(road.accepted)
        # The link stands long enough to count as good; after a bad link the daemon would back off.
        lasts(10.5, "the link")
        cut = time.monotonic()
        road.cut()  # all five at one moment: a broker that stops takes its links down one by one
        wait_until(lambda: len(road.accepted) >= before + 5, 10, "all five coming back")
        for daemon in daemons:
            self.wait_for_state(daemon, "connected")
        back = [at - cut for at in road.accepted[before:]]
        print("five gateways came back after " + ", ".join(f"{at:.2f}" for at in back) + " s")
        self.assertEqual(len(back), 5)
        self.assertGreater(max(back) - min(back), 0.25)
        self.assertLess(max(back), 3 + 2)

    def test_a_backlog_drains_at_max_rate_and_alarms_do_not_wait(self):
        street = Mosquitto(self)
        daemon = Daemon(self, extra=upstream("street", street.port, "max_rate = 200")).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(1000)])
        wait_until(lambda: publisher.outstanding() == 0, what="the backlog on disk")
        arrivals = []
        subscriber = street.start_awaited()
        wait_until(lambda: len(subscriber.nonces()) > 50, what="the drain under way")
        end = time.monotonic() + 3
        while time.monotonic() < end:
            arrivals.append((time.monotonic(), len(subscriber.nonces())))
            lasts(0.1, "the part of a second between two looks")
        rate = ((arrivals[-1][1] - arrivals[0][1]) / (arrivals[-1][0] - arrivals[0][0]))
        sent = time.monotonic()
        self.publish(publisher, ["a0"])
        wait_until(lambda: "a0" in subscriber.nonces(), what="the alarm")
        took = time.monotonic() - sent
        print(f"max_rate 200: {rate:.0f} a second at the street, an alarm after {took * 1000:.0f} ms")
        self.assertLess(len(subscriber.nonces()), 1001, "the backlog was gone before the alarm")
        self.assertLess(rate, 200 * 1.15)
        self.assertGreater(rate, 200 * 0.7)
        self.assertLess(took, 1)
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)


if __name__ == "__main__":
    run_in_parallel()

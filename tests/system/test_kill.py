"""kill -9 under load: every acknowledged message arrives upstream, once per id, without a gap."""
import os
import random
import threading
import time
import unittest

import paho.mqtt.client as mqtt

from harness import Daemon, Mosquitto, Publisher, Subscriber, check_ledger, senml, wait_until

ROUNDS = int(os.environ.get("WATCHPOST_KILL_ROUNDS", "20"))


class Load(threading.Thread):
    """Publishes as fast as its window lets it until it is told to stop."""

    def __init__(self, publisher, name, qos):
        super().__init__(daemon=True)
        self.publisher, self.client_name, self.qos = publisher, name, qos
        self.stop = threading.Event()
        self.sent = 0

    def run(self):
        while not self.stop.is_set():
            if self.publisher.outstanding() > 200:
                time.sleep(0.005)
                continue
            self.sent += 1
            nonce = f"{self.client_name}-{self.sent}"
            alarm = self.sent % 10 == 0
            topic = f"wp/in/{'fire' if alarm else 'water'}/{self.client_name}"
            payload = (senml(self.client_name, "smoke", True, nonce) if alarm else
                       senml(self.client_name, "level", self.sent / 100, nonce))
            self.publisher.publish(topic, payload, nonce, self.qos)


class Kill(unittest.TestCase):
    def test_kill_under_load_loses_nothing_acknowledged(self):
        seed = int(os.environ.get("WATCHPOST_SEED", time.time_ns() % 1_000_000))
        print(f"seed {seed}, {ROUNDS} rounds")
        dice = random.Random(seed)
        street = Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)]).start()
        subscriber = Subscriber(self, street.port)
        loads = []
        for name, protocol, qos in (("v311-q1", mqtt.MQTTv311, 1), ("v5-q1", mqtt.MQTTv5, 1),
                                    ("v311-q2", mqtt.MQTTv311, 2), ("v5-q2", mqtt.MQTTv5, 2)):
            publisher = Publisher(self, daemon.port, name, protocol)
            loads.append(Load(publisher, name, qos))
        for load in loads:
            load.start()
        for _ in range(ROUNDS):
            before = sum(len(load.publisher.acknowledged) for load in loads)
            wait_until(lambda: sum(len(l.publisher.acknowledged) for l in loads) > before + 50,
                       seconds=30, what="acknowledgements after the restart")
            time.sleep(dice.uniform(0, 0.3))
            daemon.kill()
            daemon.start()
        for load in loads:
            load.stop.set()
            load.join()
        wait_until(lambda: all(load.publisher.outstanding() == 0 for load in loads), seconds=60,
                   what="the last acknowledgements")
        acknowledged = set().union(*(load.publisher.acknowledged for load in loads))
        wait_until(lambda: acknowledged <= subscriber.nonces(), seconds=120,
                   what="every acknowledged message at the street")

        ids = check_ledger(self, acknowledged, subscriber.records())

        # QoS 2 is exactly once also across kills: one record, hence one id, for each message.
        twice = [nonce for nonce, seen in ids.items() if "-q2-" in nonce and len(seen) > 1]
        self.assertFalse(twice, f"{len(twice)} QoS 2 messages were recorded twice")
        repeats = sum(len(seen) - 1 for seen in ids.values())
        print(f"{len(acknowledged)} acknowledged, {len(subscriber.records())} arrivals, "
              f"{repeats} QoS 1 messages recorded twice, lost 0")


if __name__ == "__main__":
    unittest.main(verbosity=2)

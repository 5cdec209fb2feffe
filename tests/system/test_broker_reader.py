"""The broker that an office already has is read without loss, whatever is killed or wrong."""
import json
import os
import random
import subprocess
import threading
import time
import unittest

import jsonschema
import paho.mqtt.client as mqtt

from certificates import Authority
from harness import (SOURCE, Daemon, Mosquitto, Publisher, Subscriber, check_ledger, temp_folder,
                     wait_until)
from times import at_any_moment, lasts, wait_while_growing

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
KILLS = int(os.environ.get("WATCHPOST_READER_KILLS", "20"))
RECONNECT = 'reconnect_first = "100 ms"\nreconnect_ceiling = "400 ms"\n'


def broker(port, extra="", scheme="mqtt", topics='["zigbee2mqtt/#"]'):
    return (f'[[broker]]\nname = "office"\nurl = "{scheme}://localhost:{port}"\n'
            f'topics = {topics}\n{RECONNECT}{extra}\n')


def water(nonce, leak=False):
    """A Zigbee2MQTT message that differs from all others."""
    return json.dumps({"water_leak": leak, "battery": 97, "nonce": nonce})


def nonces_of(events):
    found = set()
    for _, event in events:
        raw = event["data"].get("raw")
        if isinstance(raw, dict) and "nonce" in raw:
            found.add(raw["nonce"])
    return found


class Numbered(threading.Thread):
    """Publishes at a pace until it is told to stop; its publisher notes what was acknowledged."""

    def __init__(self, publisher, pause):
        super().__init__(daemon=True)
        self.publisher, self.pause = publisher, pause
        self.halt = threading.Event()
        self.sent = 0

    def run(self):
        while not self.halt.is_set():
            for _ in range(5):
                nonce = f"n{self.sent}"
                self.publisher.publish("zigbee2mqtt/cellar", water(nonce), nonce)
                self.sent += 1
            lasts(self.pause, "the time between two handfuls")


class BrokerReader(unittest.TestCase):
    def status(self, daemon):
        return daemon.status()["brokers"][0]

    def wait_for_state(self, daemon, state, seconds=20):
        try:
            wait_until(lambda: self.status(daemon)["state"] == state, seconds)
        except AssertionError:
            raise AssertionError(f"expected {state}: {self.status(daemon)}") from None

    def wait_for_failure(self, daemon, *parts):
        def told():
            failure = self.status(daemon)["failure"]
            return failure if all(part in failure for part in parts) else None
        try:
            return wait_until(told)
        except AssertionError:
            raise AssertionError(f"expected {parts}: {self.status(daemon)}") from None

    def test_twenty_kills_lose_nothing_the_offices_broker_acknowledged(self):
        seed = int(os.environ.get("WATCHPOST_SEED", time.time_ns() % 1_000_000))
        dice = random.Random(seed)
        print(f"seed {seed}, {KILLS} kills in all")
        for protocol, kills in (("5", (KILLS + 1) // 2), ("3.1.1", KILLS // 2)):
            with self.subTest(protocol):
                self.kill_and_count(protocol, kills, dice)

    def kill_and_count(self, protocol, kills, dice):
        office = Mosquitto(self, extra="autosave_interval 1\n").start()
        street = Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)],
                        broker(office.port, f'protocol = "{protocol}"')).start()
        subscriber = Subscriber(self, street.port)
        self.wait_for_state(daemon, "reading")
        publisher = Publisher(self, office.port, "zigbee2mqtt", mqtt.MQTTv311, window=100)
        # Messages come faster than one for each commit, so that each kill falls into the work.
        load = Numbered(publisher, 0.004)
        load.start()
        fell_into_work = 0
        for _ in range(kills):
            seen = len(subscriber.events)
            wait_until(lambda: len(subscriber.events) > seen + 20, what="arrivals after the start")
            at_any_moment(dice, 0.2)
            before = len(publisher.acknowledged)
            daemon.kill()
            fell_into_work += before > len(nonces_of(subscriber.records()))
            daemon.start()
        load.halt.set()
        load.join()
        wait_until(lambda: publisher.outstanding() == 0, what="the office's acknowledgements")
        self.assertEqual(len(publisher.acknowledged), load.sent)
        self.assertGreater(fell_into_work, 0, "no kill fell into the work")
        try:
            wait_while_growing(lambda: len(subscriber.events),
                               lambda: publisher.acknowledged <= nonces_of(subscriber.records()))
        except AssertionError:
            lost = publisher.acknowledged - nonces_of(subscriber.records())
            raise AssertionError(f"{len(lost)} of {load.sent} lost: {sorted(lost)[:20]}") from None
        check_ledger(self, set(), subscriber.records())
        print(f"MQTT {protocol}: {load.sent} messages through {kills} kills, {fell_into_work} of them "
              f"with messages under way; {len(subscriber.records())} arrivals")

    def test_a_retained_message_never_becomes_an_alarm(self):
        for protocol in ("5", "3.1.1"):
            with self.subTest(protocol):
                office, street = Mosquitto(self).start(), Mosquitto(self).start()
                publisher = Publisher(self, office.port, "zigbee2mqtt", mqtt.MQTTv311)
                stale = json.dumps({"smoke": True, "nonce": "stale"})
                publisher.client.publish("zigbee2mqtt/hall", stale, qos=1, retain=True)
                publisher.client.publish("zigbee2mqtt/new", "", qos=1, retain=True).wait_for_publish()
                daemon = Daemon(self, [("street", street.port)],
                                broker(office.port, f'protocol = "{protocol}"')).start()
                subscriber = Subscriber(self, street.port)
                wait_until(lambda: "stale" in nonces_of(subscriber.records()), what="the copy")
                # Subscribing again in an existing session brings the retained copy once more.
                office.stop()
                self.wait_for_state(daemon, "waiting")
                office.start()
                self.wait_for_state(daemon, "reading")
                fresh = json.dumps({"smoke": True, "nonce": "fresh"})
                wait_until(lambda: publisher.client.is_connected(), what="the publisher's return")
                # The message is retained and still new, because the device has just sent it.
                publisher.client.publish("zigbee2mqtt/hall", fresh, qos=1, retain=True)
                wait_until(lambda: "fresh" in nonces_of(subscriber.records()), what="the news")
                alarms = [(t, e) for t, e in subscriber.records() if e["wpclass"] == "alarm"]
                self.assertEqual(nonces_of(alarms), {"fresh"})
                for _, event in subscriber.snapshot():
                    jsonschema.validate(event, SCHEMA)

    def test_a_broker_that_is_away_is_told_and_read_when_it_is_back(self):
        office, street = Mosquitto(self), Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)], broker(office.port)).start()
        print(self.wait_for_failure(daemon, "cannot be reached", "the broker runs"))
        office.start()
        self.wait_for_state(daemon, "reading")
        self.assertEqual(self.status(daemon)["failure"], "")
        office.kill()
        print(self.wait_for_failure(daemon, "broke"))
        self.wait_for_failure(daemon, "cannot be reached")
        office.start()
        self.wait_for_state(daemon, "reading")
        log = daemon.process.log()
        self.assertEqual(log.count("is being read"), 2, log)
        self.assertLessEqual(log.count("is not being read"), 3, log)

    def test_a_wrong_password_and_a_denied_topic_are_told(self):
        folder = temp_folder(self)
        passwords, acl = folder / "passwords", folder / "acl"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "box", "right"], check=True)
        passwords.chmod(0o644)
        folder.chmod(0o755)
        acl.write_text("user box\ntopic read zigbee2mqtt/#\n")
        office = Mosquitto(self, extra=f"password_file {passwords}\nacl_file {acl}\n")
        office.config.write_text(office.config.read_text().replace(
            "allow_anonymous true", "allow_anonymous false"))
        office.start()
        for protocol in ("5", "3.1.1"):
            with self.subTest(protocol):
                login = f'protocol = "{protocol}"\nusername = "box"\npassword = '
                wrong = Daemon(self, extra=broker(office.port, login + '"wrong"')).start()
                print(self.wait_for_failure(wrong, "user name or password", "Check username"))
                right = Daemon(self, extra=broker(office.port, login + '"right"')).start()
                self.wait_for_state(right, "reading")
                right.kill()

    def test_a_broker_over_tls_is_read_and_refused_without_loss(self):
        authority = Authority(temp_folder(self))
        certificate, key = authority.issue("office")
        office, street = Mosquitto(self), Mosquitto(self).start()
        plain = office.config.read_text()
        office.config.write_text(
            f"per_listener_settings false\n{plain}listener {street_port()} 127.0.0.1\n"
            f"cafile {authority.certificate}\ncertfile {certificate}\nkeyfile {key}\n")
        port = int(office.config.read_text().split("listener ")[2].split()[0])
        office.start()
        tls = f'ca_file = "{authority.certificate}"\n'
        daemon = Daemon(self, [("street", street.port)], broker(port, tls, "mqtts")).start()
        subscriber = Subscriber(self, street.port)
        self.wait_for_state(daemon, "reading")
        publisher = Publisher(self, office.port, "zigbee2mqtt", mqtt.MQTTv311, window=100)
        load = Numbered(publisher, 0.01)
        load.start()
        for _ in range(3):
            seen = len(subscriber.events)
            wait_until(lambda: len(subscriber.events) > seen + 20, what="arrivals over TLS")
            daemon.kill()
            daemon.start()
        load.halt.set()
        load.join()
        wait_until(lambda: publisher.outstanding() == 0, what="the office's acknowledgements")
        wait_until(lambda: publisher.acknowledged <= nonces_of(subscriber.records()), what="all of it")
        stranger = Authority(temp_folder(self)).certificate
        wrong = Daemon(self, extra=broker(port, f'ca_file = "{stranger}"\n', "mqtts")).start()
        print(self.wait_for_failure(wrong, "is not trusted", "ca_file"))

    def test_the_rate_and_what_an_alarm_feels_of_it(self):
        office, street = Mosquitto(self).start(), Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)], broker(office.port)).start()
        subscriber = Subscriber(self, street.port, ("wp/v1/+/+/+/+/alarm/#",))
        self.wait_for_state(daemon, "reading")
        sensor = Publisher(self, daemon.port, "sensor", mqtt.MQTTv311)

        def delays(name, count=100):
            taken = []
            for i in range(count):
                nonce = f"{name}{i}"
                began = time.monotonic()
                sensor.publish(f"zigbee2mqtt/hall-{nonce}", json.dumps({"smoke": True, "nonce": nonce}), nonce)
                seen = len(subscriber.events)
                wait_until(lambda: nonce in nonces_of(subscriber.snapshot()[max(0, seen - 5):]),
                           what="the alarm", every=0.0005)
                taken.append((time.monotonic() - began) * 1000)
            taken.sort()
            return taken[count // 2], taken[-1]

        quiet = delays("quiet")
        backlog = 20_000
        lines = "\n".join(water(f"b{i}") for i in range(backlog)) + "\n"
        kept, began = self.status(daemon)["kept"], time.monotonic()
        pump = subprocess.Popen(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(office.port), "-q", "1",
                                 "-t", "zigbee2mqtt/cellar", "-l"], stdin=subprocess.PIPE, text=True)
        threading.Thread(target=lambda: (pump.stdin.write(lines), pump.stdin.close()),
                         daemon=True).start()
        wait_until(lambda: self.status(daemon)["kept"] > kept + 100, what="the reader at work")
        busy = delays("busy")
        rate = (self.status(daemon)["kept"] - kept) / (time.monotonic() - began)
        still = self.status(daemon)["kept"] - kept < backlog
        print(f"broker reader on this disk: {rate:.0f} messages/s, one a commit; an alarm from the "
              f"listener to the street, median/slowest of 100: {quiet[0]:.1f}/{quiet[1]:.1f} ms without, "
              f"{busy[0]:.1f}/{busy[1]:.1f} ms with the reader "
              f"{'at full rate' if still else 'done before the end'}")
        # Of the median: behind the reader's messages each alarm would wait, and the slowest of a
        # hundred says what else the machine did.
        self.assertLess(busy[0], 1000)
        daemon.kill()
        pump.kill()
        pump.wait()


def street_port():
    from harness import free_port
    return free_port()


if __name__ == "__main__":
    unittest.main(verbosity=2)

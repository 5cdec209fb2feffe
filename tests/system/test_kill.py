"""kill -9 of the daemon, anywhere in its life, between real clients and brokers: nothing acknowledged
is lost, neither upstream nor for lasting sessions that subscribe at the gateway, repeats are equal,
QoS 2 is once, sequences are dense, alarms are first, and the street's list of open alarms is the gateway's.

    WATCHPOST_BUILD=build/release /usr/bin/python3 tests/system/test_kill.py 2000 1     rounds, seed

Or by WATCHPOST_KILL_ROUNDS and WATCHPOST_SEED. The seed repeats what is done and when; what the machine
makes of it is its own.
"""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest

from harness import BUILD, Daemon, Mosquitto, Process, wait_until
from kill_ledger import Ledger
from kill_traffic import Sensor, Street, Subscriber, Traffic, own_device, zigbee
from mqtt_wire import V5, V311
from times import at_any_moment, lasts

ROUNDS = int(os.environ.get("WATCHPOST_KILL_ROUNDS", "50"))
SEED = int(os.environ.get("WATCHPOST_SEED", time.time_ns() % 1_000_000))
# After so many rounds every message must have arrived before the next round begins.
BLOCK = 25
WAYS = (("start", 3), ("load", 4), ("drain", 2), ("stop", 2))
READERS = "".join(f"""
[[broker]]
name = "{name}"
url = "mqtt://127.0.0.1:{{port}}"
topics = ["zigbee2mqtt/{name}/#"]
protocol = "{protocol}"
reconnect_first = "100 ms"
reconnect_ceiling = "200 ms"
""" for name, protocol in (("office-311", "3.1.1"), ("office-5", "5")))


class Rounds:
    def __init__(self, test, seed):
        self.dice = random.Random(seed)
        self.test = test
        self.street, self.office = Mosquitto(test), Mosquitto(test).start()
        self.daemon = Daemon(test, [("street", self.street.port)], READERS.format(port=self.office.port))
        self.daemon.config.write_text(
            self.daemon.config.read_text()
            .replace("[store]\n", '[store]\nhistory = "16 MiB"\n'))
        self.ledger = Ledger()
        self.traffic = Traffic(test, self.ledger)
        self.kills = {way: 0 for way, _ in WAYS}
        self.street_kills = self.street_stops = self.clean_exits = 0
        self.start_took = 0.1

    def begin(self):
        # The session of the street's server must be in the broker's file before the broker is killed for
        # the first time: the gateway does not answer for what a broker forgets.
        self.street.start()
        self.server = Street(self.traffic, self.street.port)
        self.traffic.publishing = False
        for name, version, qos in (("v311-q1", V311, 1), ("v5-q1", V5, 1), ("v311-q2", V311, 2),
                                   ("v5-q2", V5, 2)):
            self.ledger.add(name, once=qos == 2)
            Sensor(self.traffic, name, self.daemon.port, version, qos, own_device)
        self.subscribers = []
        for name, version, qos in (("siren", V311, 1), ("board", V5, 2)):
            self.ledger.add_subscriber(name, once=qos == 2, of=tuple(self.ledger.clients))
            self.subscribers.append(Subscriber(self.traffic, name, self.daemon.port, version, qos))
        for name, version, qos in (("office-311", V311, 1), ("office-5", V5, 2)):
            self.ledger.add(name, once=False)
            Sensor(self.traffic, name, self.office.port, version, qos, zigbee, custody=False)
        self.traffic.start()
        self.wait(lambda: self.server.subscribed, "the street's subscription")
        self.street.stop()
        self.street.start()
        # The readers' sessions must be there too: messages that the office's broker gets earlier have no
        # reader.
        self.daemon.start()
        wait_until(lambda: all(b["state"] == "reading" for b in self.daemon.status()["brokers"]),
                   what="the reading of the office's broker")
        self.wait(lambda: all(s.subscribed for s in self.subscribers), "the subscriptions at the gateway")
        self.traffic.publishing = True

    def wait(self, condition, what, seconds=60):
        def holds():
            if self.traffic.failure is not None:
                raise self.traffic.failure
            with self.traffic.lock:
                return condition()
        try:
            wait_until(holds, seconds, what, every=0.005)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.whereabouts()}") from late

    def whereabouts(self):
        """What is missing, and who has it: a daemon that did not send it, or a street that lost it."""
        with self.traffic.lock:
            missing = self.ledger.missing()
            classes = {c: f"newest {len(log.digests)}, missing before it {log.gaps()[:20]}"
                       for c, log in self.ledger.logs.items()}
            server = f"connected {self.server.is_up}, has its queue {self.server.has_its_queue}"
        try:
            upstreams = self.daemon.status()["upstreams"]
        except Exception as unread:  # the daemon may be the one that does not answer
            upstreams = f"no status: {unread}"
        return (f"not arrived: {missing}\narrived by class: {classes}\nstreet's server: {server}\n"
                f"upstreams: {upstreams}\n{self.daemon.process.log()[-3000:]}")

    def spawn(self):
        """Starts the daemon without a wait: clients connect as soon as they can."""
        self.daemon.process = Process(self.test, [BUILD / "watchpostd", "--config", self.daemon.config],
                                      self.daemon.folder / "log")

    def kill(self):
        if not self.daemon.process.is_running():
            raise AssertionError(f"the daemon ended by itself:\n{self.daemon.process.log()[-3000:]}")
        self.daemon.kill()

    def run(self, rounds):
        self.begin()
        for number in range(1, rounds + 1):
            self.kill()
            way = self.dice.choices([w for w, _ in WAYS], [weight for _, weight in WAYS])[0]
            self.kills[way] += 1
            trouble = None if way == "drain" else self.plan_street()
            if trouble:
                trouble.start()
            getattr(self, f"round_{way}")()
            if trouble:
                trouble.join()
            if number % BLOCK == 0 or number == rounds:
                self.come_to_rest()
            if not self.daemon.process.is_running():
                self.spawn()

    def round_start(self):
        """Kills the daemon between its first instruction and its first messages."""
        self.spawn()
        at_any_moment(self.dice, self.start_took * 1.2)
        self.kill()

    def round_load(self):
        self.spawn_and_serve()
        at_any_moment(self.dice, 0.35)
        self.kill()

    def round_drain(self):
        """Kills the daemon while it sends the backlog that gathered without the street."""
        self.stop_street(self.dice.random() < 0.5)
        self.spawn_and_serve()
        at_any_moment(self.dice, 0.2)
        self.street.start()
        at_any_moment(self.dice, 0.2)
        self.kill()

    def round_stop(self):
        """Kills the daemon between SIGTERM and its end."""
        self.spawn_and_serve()
        at_any_moment(self.dice, 0.1)
        if self.dice.random() < 0.5:
            self.daemon.process.child.send_signal(signal.SIGTERM)
        at_any_moment(self.dice, 0.15)
        if self.daemon.process.is_running():
            self.daemon.kill()
        else:
            # SIGTERM itself ends a process that does not listen for it yet.
            self.test.assertIn(self.daemon.process.child.returncode, (0, -signal.SIGTERM),
                               self.daemon.process.log()[-3000:])
            self.clean_exits += 1

    def spawn_and_serve(self):
        before, began = self.traffic.acknowledged, time.monotonic()
        self.spawn()
        # Nothing new is acknowledged where clients wait for the street, as after some rounds without it.
        self.wait(lambda: self.traffic.acknowledged > before or self.traffic.is_held_up(),
                  "an acknowledgement")
        if self.traffic.acknowledged > before:
            self.start_took += (time.monotonic() - began - self.start_took) / 8

    def plan_street(self):
        """In some rounds the street's broker is killed too, at any moment of the round."""
        if self.dice.random() > 0.3:
            return None
        kill, wait, pause = self.dice.random() < 0.5, self.dice.uniform(0, 0.3), self.dice.uniform(0, 0.2)

        def trouble():
            lasts(wait, "the street's life")
            self.stop_street(kill)
            lasts(pause, "the street's absence")
            self.street.start()
        return threading.Thread(target=trouble)

    def stop_street(self, kill):
        if kill:
            # Mosquitto writes to its subscriber before it acknowledges, so an acknowledged event is on the
            # way to the street's server, unless Mosquitto queued it for a server that was away. Such a queue
            # is only in Mosquitto's memory, and losing it would not be the gateway's fault. Nor would what
            # is still on the way: a process that is killed while it has something to read (the server's
            # acknowledgements) resets its connection, and then nothing is sent again that was held back
            # or that the other side had no room for.
            self.wait(lambda: self.server.has_its_queue, "the street's connection")
            os.kill(self.street.process.child.pid, signal.SIGSTOP)
            wait_until(lambda: self.server.bytes_held_back() == 0, what="what Mosquitto wrote to arrive",
                       every=0.002)
            self.street.kill()
        else:
            self.street.stop()
        # What is kept of a connection that has ended says nothing of the next broker's.
        self.wait(lambda: not self.server.has_its_queue, "the end of the street's connection")
        self.street_kills += kill
        self.street_stops += not kill

    def come_to_rest(self):
        if not self.daemon.process.is_running():
            self.spawn()
        self.traffic.publishing = False
        self.wait(self.traffic.is_idle, "the last acknowledgements")
        self.wait(self.ledger.is_complete, "every acknowledged message at the street")
        self.wait(lambda: self.ledger.open_alarms() == self.open_alarms(), "the gateway's open alarms at the street")
        with self.traffic.lock:
            self.ledger.check()
        self.traffic.publishing = True

    def open_alarms(self):
        answer = subprocess.run([BUILD / "watchpost", "alarms", "--json", "--socket", self.daemon.socket],
                                capture_output=True, text=True, timeout=20, check=True)
        alarms = json.loads(answer.stdout)["alarms"]
        return {(alarm["epoch"], alarm["number"]): alarm["state"] for alarm in alarms}


class Kill(unittest.TestCase):
    def test_kills_anywhere_in_its_life_lose_nothing_acknowledged(self):
        print(f"seed {SEED}, {ROUNDS} rounds", flush=True)
        began = time.monotonic()
        rounds = Rounds(self, SEED)
        rounds.run(ROUNDS)
        rounds.traffic.stop()
        ledger = rounds.ledger
        acknowledged, twice = ledger.totals()
        print(f"{ROUNDS} rounds ({', '.join(f'{n} {way}' for way, n in rounds.kills.items())}, "
              f"{rounds.clean_exits} ended before the kill), street killed {rounds.street_kills} times, "
              f"stopped {rounds.street_stops}; {acknowledged} acknowledged, {ledger.arrivals} arrivals, "
              f"{ledger.repeats} repeats, {twice} QoS 1 messages recorded twice, at most "
              f"{ledger.most_before_an_alarm} telemetry events read before an alarm, "
              f"{ledger.read_at_the_gateway()} messages at two subscribers of the gateway, lost 0; "
              f"{time.monotonic() - began:.1f} s, seed {SEED}")
        for name, numbers in ledger.clients.items():
            self.assertGreater(numbers.acknowledged, ROUNDS, f"{name} got hardly anything through")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    ROUNDS, SEED = numbers + [ROUNDS, SEED][len(numbers):]
    unittest.main(argv=[word for word in sys.argv if not word.isdigit()], verbosity=2)

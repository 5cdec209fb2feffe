"""Villages into one street box into one broker as the district: a day's traffic in little time.

By default a few villages and minutes of traffic, as an ordinary test. The real one:
  WATCHPOST_VILLAGES=50 WATCHPOST_HOURS=24 WATCHPOST_SCALE_SECONDS=600
The model of a village: 60 devices that send 20 messages a minute together, an alarm every two
hours, a patrol's check-ins among them (`watchpost simulate`). The street is killed with -9 a third of
the way and the district's broker restarted after two thirds. What every village acknowledged to
its sensors is compared by id with what `watchpost receive` has at the district.
"""
import json
import os
import pathlib
import signal
import statistics
import subprocess
import threading
import time
import unittest

import paho.mqtt.client as mqtt

from harness import (BUILD, Daemon, Mosquitto, Process, Publisher, nonce_of, smoke, smoke_topic,
                     temp_folder, wait_until)
from test_relay import street_box
from times import lasts

VILLAGES = int(os.environ.get("WATCHPOST_VILLAGES", "3"))
HOURS = float(os.environ.get("WATCHPOST_HOURS", "0.2"))
SECONDS = float(os.environ.get("WATCHPOST_SCALE_SECONDS", "6"))
PATIENCE = max(60, 4 * SECONDS)
DEVICES, PER_MINUTE, ALARMS_A_DAY = 60, 20, 12
PROBE_EVERY = 0.1  # seconds between two timed alarms
TICKS = os.sysconf("SC_CLK_TCK")


class Cost:
    """The resources that a process has used since this was made."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.pid = daemon.process.child.pid
        self.begin = self.read()

    def read(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        status = dict(line.split(":", 1) for line in
                      pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines())
        disk = dict(line.split(": ") for line in
                    pathlib.Path(f"/proc/{self.pid}/io").read_text().splitlines())
        tasks = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
        switches = sum(int(line.split()[1]) for task in tasks
                       for line in (task / "status").read_text().splitlines()
                       if line.startswith("voluntary_ctxt"))
        return {"cpu_s": (int(fields[11]) + int(fields[12])) / TICKS,
                "written": int(disk["write_bytes"]), "switches": switches,
                "rss_kib": int(status["VmRSS"].split()[0]),
                "peak_kib": int(status["VmHWM"].split()[0])}

    def used(self):
        now = self.read()
        return {name: value - self.begin[name] if name in ("cpu_s", "written", "switches") else value
                for name, value in now.items()}


class AlarmProbe(threading.Thread):
    """Publishes alarms in each village in turn, and notes when each arrived at the district."""

    def __init__(self, test, villages, district_port):
        super().__init__(daemon=True)
        self.publishers = [Publisher(test, box.port, f"probe-{i}") for i, box in enumerate(villages)]
        self.sent, self.arrived = {}, {}
        self.stop = threading.Event()
        self.client = mqtt.Client("probe-street", clean_session=False)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe("wp/v1/+/+/+/+/alarm/fire/+", 1)
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", district_port)
        self.client.loop_start()
        test.addCleanup(self.close)

    def _on_message(self, _client, _userdata, message):
        now = time.monotonic()
        nonce = nonce_of(json.loads(message.payload))
        if nonce in self.sent:
            self.arrived.setdefault(nonce, now)

    def run(self):
        number = 0
        while not self.stop.wait(PROBE_EVERY):
            nonce = f"probe-{number}"
            self.sent[nonce] = time.monotonic()
            self.publishers[number % len(self.publishers)].publish(
                smoke_topic(nonce), smoke(nonce), nonce)
            number += 1

    def close(self):
        self.stop.set()
        self.client.disconnect()
        self.client.loop_stop()


def spread(values):
    values = sorted(values)
    if not values:
        return "none"
    at = lambda part: values[min(len(values) - 1, int(part * len(values)))]
    return f"p50 {at(0.5):.3g}, p99 {at(0.99):.3g}, most {values[-1]:.3g}"


def store_bytes(daemon):
    return sum(file.stat().st_size for file in daemon.store.iterdir() if file.is_file())


class Scale(unittest.TestCase):
    def setUp(self):
        self.district = Mosquitto(self).start()
        self.received = temp_folder(self) / "RECEIVED.db"
        self.receiver = Process(self, [BUILD / "watchpost", "receive", "--url",
                                       f"mqtt://127.0.0.1:{self.district.port}",
                                       "--store", self.received], self.received.parent / "log")
        wait_until(lambda: "Connected to" in self.receiver.log(), what="the receiver")
        self.street = street_box(self, self.district).start()
        self.villages = [Daemon(self, [("street", self.street.port)], gateway=f"village-{i:02}")
                         for i in range(VILLAGES)]
        for village in self.villages:
            village.start()

    def simulate(self, number, village):
        folder = temp_folder(self)
        rate = HOURS * 60 * PER_MINUTE / SECONDS
        alarms = ALARMS_A_DAY * HOURS / 24 / (SECONDS / 60)
        return Process(self, [BUILD / "watchpost", "simulate", "--port", village.port, "--devices",
                              DEVICES, "--rate", rate, "--seconds", SECONDS, "--seed", number + 1,
                              "--qos", "1", "--alarms-per-minute", f"{alarms:.4f}"], folder / "log")

    def test_a_day_of_villages_arrives_whole(self):
        wait_until(lambda: sum(a["connections"] for a in self.street.status()["listeners"])
                   == VILLAGES, what="every village at the street")
        idle_for = min(10.0, SECONDS)
        idle = [Cost(box) for box in [*self.villages, self.street]]
        lasts(idle_for, "the time in which nothing arrives")
        idle = [cost.used() for cost in idle]

        began = time.monotonic()
        costs = [Cost(village) for village in self.villages]
        probe = AlarmProbe(self, self.villages, self.district.port)
        loads = [self.simulate(i, village) for i, village in enumerate(self.villages)]
        probe.start()
        street_parts = [Cost(self.street)]
        lasts(SECONDS / 3, "a third of the load")
        street_used = [street_parts[0].used()]
        self.street.kill()
        self.street.start()
        street_parts.append(Cost(self.street))
        lasts(SECONDS / 3, "a third of the load")
        self.district.stop()
        self.district.start()
        for load in loads:
            self.assertEqual(load.child.wait(PATIENCE), 0, load.log())
        probe.stop.set()
        probe.join()
        wait_until(lambda: all(p.outstanding() == 0 for p in probe.publishers), what="every PUBACK")
        took = time.monotonic() - began

        boxes = [*self.villages, self.street]
        wait_until(lambda: all(box.backlog() == 0 for box in boxes), seconds=PATIENCE,
                   what="an empty backlog everywhere")
        drained = time.monotonic() - began
        used = [cost.used() for cost in costs]
        street_used.append(street_parts[1].used())
        statuses = [village.status() for village in self.villages]
        acknowledged = sum(sum(status["store"]["newest"].values()) for status in statuses)
        self.audit([*statuses, self.street.status()])
        wait_until(lambda: set(probe.sent) <= set(probe.arrived), what="every alarm of the probe")
        self.tell(acknowledged, took, drained, used, street_used, idle, idle_for, probe)

    def audit(self, statuses):
        """Checks that every number that a box gave to an acknowledged message is at the district."""
        for status in statuses:
            manifest = self.received.parent / "manifest.json"
            manifest.write_text(json.dumps(status))
            gateway = status["gateway"]["id"]

            def complete():
                answer = subprocess.run([BUILD / "watchpost", "audit", self.received, "--manifest", manifest],
                                        capture_output=True, text=True)
                self.last = answer.stdout + answer.stderr
                return answer.returncode == 0
            try:
                wait_until(complete, seconds=PATIENCE, what=f"all of {gateway} at the district")
            except AssertionError as late:
                raise AssertionError(f"{late}:\n{self.last}") from None

    def tell(self, acknowledged, took, drained, used, street_used, idle, idle_for, probe):
        latencies = [1e3 * (probe.arrived[nonce] - sent) for nonce, sent in probe.sent.items()]
        street_cpu = sum(part["cpu_s"] for part in street_used)
        median = lambda name, of=used: statistics.median(part[name] for part in of)
        print(f"\n{VILLAGES} villages, {HOURS:g} h of traffic in {took:.0f} s "
              f"(drained after {drained:.0f} s): {acknowledged} events acknowledged, lost 0\n"
              f"alarm, sensor to district, ms: {spread(latencies)} ({len(latencies)} timed, "
              f"the restarts of street and district among them)\n"
              f"village: {median('rss_kib') / 1024:.1f} MiB resident, {median('cpu_s'):.2f} CPU s, "
              f"{1e5 * sum(u['cpu_s'] for u in used) / acknowledged:.1f} CPU s per 100,000, "
              f"{median('written') / 1e6:.1f} MB written, store "
              f"{statistics.median(store_bytes(v) for v in self.villages) / 1e6:.1f} MB\n"
              f"street: {street_used[-1]['rss_kib'] / 1024:.1f} MiB resident, most "
              f"{max(u['peak_kib'] for u in street_used) / 1024:.1f}, {street_cpu:.1f} CPU s, "
              f"{1e5 * street_cpu / acknowledged:.1f} CPU s per 100,000, "
              f"{sum(u['written'] for u in street_used) / 1e6:.0f} MB written "
              f"({sum(u['written'] for u in street_used) / acknowledged:.0f} an event), store "
              f"{store_bytes(self.street) / 1e6:.0f} MB\n"
              f"idle over {idle_for:.0f} s: village {median('switches', idle[:-1]) / idle_for:.1f} wakeups/s, "
              f"{1e3 * median('cpu_s', idle[:-1]) / idle_for:.1f} ms CPU a second; street "
              f"{idle[-1]['switches'] / idle_for:.1f} wakeups/s")


def interrupted(*_):
    """unittest runs no cleanups after KeyboardInterrupt, so 50 daemons would be left behind."""
    raise AssertionError("interrupted")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGTERM, interrupted)
    unittest.main()

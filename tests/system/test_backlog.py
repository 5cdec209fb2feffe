"""The upstream is down for a long time: everything arrives, alarms first, in bounded memory."""
import os
import time
import unittest

from harness import Daemon, Mosquitto, check_ledger, is_sanitized, senml, smoke, smoke_topic, wait_until
from wire_load import WireLoad

MESSAGES = int(os.environ.get("WATCHPOST_BACKLOG", "100000"))
# More alarms than are read and sent before the first telemetry is read: the order shows only where both
# wait.
ALARMS = 2000


class Backlog(unittest.TestCase):
    def test_a_long_outage_is_made_up_for_alarms_first_in_flat_memory(self):
        street = Mosquitto(self)
        daemon = Daemon(self, [("street", street.port)]).start()
        village = WireLoad(self, daemon.port, "village")

        def send(first, count, alarms=0):
            for i in range(first, first + count):
                village.publish("wp/in/water/river", senml("river", "level", i / 100, f"t{i}"), f"t{i}")
            for i in range(alarms):
                village.publish(smoke_topic(f"a{i}"), smoke(f"a{i}"), f"a{i}")
            village.catch_up()

        send(0, MESSAGES // 10)
        early = daemon.resident_kib()
        send(MESSAGES // 10, MESSAGES - MESSAGES // 10, alarms=ALARMS)
        late = daemon.resident_kib()
        # Each alarm is two events: what was said, and that an alarm was raised.
        self.assertEqual(daemon.backlog(), MESSAGES + 2 * ALARMS)

        subscriber = street.start_awaited()
        acknowledged = set(village.acknowledged)
        began = time.monotonic()
        wait_until(lambda: len(subscriber.events) >= len(acknowledged) and acknowledged <= subscriber.nonces(),
                   seconds=240, what="the whole backlog", every=0.2)
        took = time.monotonic() - began
        drained = daemon.resident_kib()

        records = subscriber.records()
        check_ledger(self, acknowledged, records)
        classes = [event["wpclass"] for _, event in records]
        last_alarm = max(i for i, c in enumerate(classes) if c == "alarm")
        print(f"{len(records)} arrivals in {took:.1f} s; the last of {ALARMS} alarms was arrival "
              f"{last_alarm + 1}; resident {early} KiB at a tenth of the backlog, {late} at all of it, "
              f"{drained} after it was drained")
        # Between the alarms there may only be telemetry's minimum share (one in sixteen), and what the
        # window held before.
        self.assertLess(last_alarm, 2 * ALARMS + 2 * ALARMS // 15 + 100)
        if not is_sanitized():
            # An open alarm and its detector are kept in memory.
            alarms = 3 * ALARMS
            self.assertLess(late, early + 10 * 1024 + alarms)
            self.assertLess(drained, early + 10 * 1024 + alarms)
        wait_until(lambda: daemon.backlog() == 0, what="an empty backlog")


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""The quota: what is dropped, what never is, and that the upstream is told of every drop."""
import collections
import unittest

from custody_wire import Wire
from harness import Daemon, Mosquitto, noise, nonce_of, smoke, smoke_topic, wait_until

QUOTA = '[store]\nquota = "64 MiB"\nreserve = "8 MiB"\nhistory = "1 MiB"\n'
BULK = noise(100_000)


def small_daemon(test, upstreams):
    daemon = Daemon(test, upstreams)
    daemon.config.write_text(daemon.config.read_text().replace("[store]\n", QUOTA))
    return daemon.start()


def code_of(client, topic, payload):
    """The reason code of the PUBACK; a message that nobody decodes is telemetry."""
    client.publish_on(topic, payload)
    answer = client.receive()[1]
    return answer[2] if len(answer) > 2 else 0


def seen_and_told(events):
    """For each class, the sequences that arrived, and those that gap events account for."""
    seen, told = collections.defaultdict(set), collections.defaultdict(set)
    for topic, event in events:
        seen[event["wpclass"]].add(int(event["sequence"]))
        if topic.endswith("/status/gateway/gap"):
            gap = event["data"]
            told[gap["class"]].update(range(gap["first"], gap["last"] + 1))
    return seen, told


class Quota(unittest.TestCase):
    def test_the_oldest_telemetry_yields_and_is_accounted_for_while_alarms_all_arrive(self):
        street = Mosquitto(self)
        daemon = small_daemon(self, [("street", street.port)])
        camera, hall = Wire(self, daemon.port, "camera"), Wire(self, daemon.port, "hall")
        telemetry = 0
        for i in range(1, 901):  # half as many again as fit
            self.assertEqual(code_of(camera, "camera/yard", BULK), 0)
            telemetry += 1
            if i % 30 == 0:
                alarm = smoke(f"a{i}")
                self.assertEqual(code_of(hall, smoke_topic(f"a{i}"), alarm), 0)
        status = daemon.status()
        store = status["store"]
        self.assertGreater(store["dropped"]["telemetry"], 100)
        self.assertEqual(store["dropped"]["alarm"] + store["dropped"]["patrol"], 0)
        self.assertLess(store["size"], 64 << 20)
        for name, waiting in status["upstreams"][0]["backlog"].items():
            oldest, newest = store["oldest"][name], store["newest"][name]
            self.assertEqual(waiting, newest - oldest + 1 if oldest else 0,
                             f"the backlog of {name} is not what is stored")
        database = (daemon.store / "watchpost.db").stat().st_size
        self.assertLessEqual(database, 64 << 20, "the quota does not hold")

        subscriber = street.start_awaited()
        wait_until(lambda: daemon.backlog() == 0, seconds=60, what="an empty backlog")
        newest = daemon.status()["store"]["newest"]

        def accounted():
            seen, told = seen_and_told(subscriber.records())
            return all(seen[c] | told[c] >= set(range(1, newest[c] + 1)) for c in newest)
        wait_until(accounted, seconds=60, what="everything at the street or accounted for")
        seen, told = seen_and_told(subscriber.records())
        self.assertEqual(len(told["telemetry"]), store["dropped"]["telemetry"])
        self.assertEqual(told["telemetry"], set(range(1, max(told["telemetry"]) + 1)), "not the oldest")
        alarms = {nonce_of(event) for _, event in subscriber.evidence() if event["wpclass"] == "alarm"}
        self.assertEqual(alarms, {f"a{i}" for i in range(30, 901, 30)})
        gaps = sum(topic.endswith("/status/gateway/gap") for topic, _ in subscriber.records())
        print(f"{telemetry} acknowledged, {len(told['telemetry'])} dropped in {gaps} gap events, "
              f"{len(alarms)} alarms all arrived")

    def test_full_of_alarms_telemetry_is_refused_first_and_service_resumes_under_load(self):
        street = Mosquitto(self)
        daemon = small_daemon(self, [("street", street.port)])
        client = Wire(self, daemon.port, "hall")

        def alarm(i):
            reading = '[{"bn":"hall-%d:","n":"smoke","vb":true},{"n":"note","vs":"%s%d"}]'
            return code_of(client, f"wp/in/fire/hall-{i}", reading % (i, noise(60_000), i))

        kept = 0
        telemetry_refused_at = None
        while alarm(kept) == 0:
            kept += 1
            self.assertLess(kept, 2000, "the quota does not hold")
            if telemetry_refused_at is None and code_of(client, "camera/yard", "small") == 0x97:
                telemetry_refused_at = kept
        self.assertIsNotNone(telemetry_refused_at, "telemetry was never refused")
        self.assertLess(telemetry_refused_at, kept - 20, "alarms were not the last to be refused")
        self.assertEqual(alarm(kept), 0x97, "not Quota exceeded")
        trouble = daemon.status()["troubles"][0]
        self.assertIn("store.quota", trouble["next"]["en"])
        self.assertIn("There is no room", trouble["text"]["en"])

        subscriber = street.start_awaited(("wp/v1/+/+/+/+/alarm/#",))
        wait_until(lambda: alarm(kept) == 0, seconds=60, what="service again")
        wait_until(lambda: len({e["id"] for _, e in subscriber.evidence()}) == kept + 1, seconds=60,
                   what="every acknowledged alarm at the street")
        # Records that the street has are removed with the next commits; then nothing is short any more.
        wait_until(lambda: code_of(client, "camera/yard", "small") == 0
                   and not daemon.status()["store"]["no_room"], seconds=20, what="telemetry again")


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""A damaged store: the daemon starts, forwards the readable records under their old ids, and says so."""
import json
import os
import shutil
import sqlite3
import subprocess
import unittest

import paho.mqtt.client as mqtt

from custody_wire import Wire
from harness import (BUILD, Daemon, Mosquitto, Publisher, noise, nonce_of, senml, smoke, smoke_topic,
                     wait_until)
from small_disks import Tmpfs

PAGE = 4096
WATER_TOPIC = "wp/in/water/gauge"


def publish(test, daemon, first, count):
    """Publishes alarms and levels, each acknowledged; returns their nonces."""
    publisher = Publisher(test, daemon.port, f"sensors-{first}", mqtt.MQTTv5)
    nonces = set()
    for i in range(first, first + count):
        for nonce, topic, payload in ((f"a{i}", smoke_topic(f"a{i}"), smoke(f"a{i}")),
                                      (f"w{i}", WATER_TOPIC, senml("gauge", "level", 1.5, f"w{i}"))):
            publisher.publish(topic, payload, nonce)
            nonces.add(nonce)
    wait_until(lambda: publisher.acknowledged >= nonces, what="all acknowledged")
    publisher.close()
    return nonces


def stored_ids(daemon):
    """nonce -> ids of all records that the daemon has; its logs must have no holes."""
    store = daemon.status()["store"]
    count = sum(newest - store["oldest"][name] + 1 for name, newest in store["newest"].items()
                if store["oldest"][name])
    tail = subprocess.run([BUILD / "watchpost", "tail", "--json", "--count", str(count), "--from-oldest",
                           "--socket", daemon.socket], capture_output=True, text=True, timeout=60, check=True)
    ids = {}
    for line in tail.stdout.splitlines():
        event = json.loads(line)
        if nonce_of(event):
            ids.setdefault(nonce_of(event), set()).add(event["id"])
    return ids


def open_alarms(daemon):
    """number -> what the list of open alarms says of it."""
    answer = subprocess.run([BUILD / "watchpost", "alarms", "--json", "--socket", daemon.socket], capture_output=True,
                            text=True, timeout=20, check=True)
    return {alarm["number"]: alarm for alarm in json.loads(answer.stdout)["alarms"]}


def overwrite(file, at, content):
    with open(file, "r+b") as store:
        store.seek(at)
        store.write(content)


def salvages(daemon):
    return list((daemon.store / "quarantine").glob("*"))


class Salvage(unittest.TestCase):
    def start_full(self):
        """A daemon with records that nobody has taken yet, and the street's broker, which is not
        running."""
        broker = Mosquitto(self)
        daemon = Daemon(self, [("street", broker.port)]).start()
        nonces = publish(self, daemon, 0, 150)
        return broker, daemon, nonces

    def check_arrivals(self, broker, nonces, ids):
        subscriber = broker.start_awaited()
        wait_until(lambda: subscriber.nonces() >= nonces, seconds=40, what="everything salvaged upstream")
        for _, event in subscriber.records():
            nonce = nonce_of(event)
            if nonce in ids:
                self.assertIn(event["id"], ids[nonce], "a salvaged record arrived under another id")
        return subscriber

    def test_a_store_without_its_header_loses_nothing_and_the_status_says_so(self):
        broker, daemon, nonces = self.start_full()
        ids = stored_ids(daemon)
        before = daemon.status()["store"]
        self.assertEqual(daemon.stop(), 0)
        overwrite(daemon.store / "watchpost.db", 0, os.urandom(PAGE))

        daemon.start()
        status = daemon.status()
        store = status["store"]
        self.assertNotEqual(store["epoch"], before["epoch"])
        self.assertEqual(store["salvage"]["saved"], sum(before["newest"].values()))
        self.assertEqual(store["salvage"]["lost"], 0)
        self.assertTrue((daemon.store / "quarantine" / "1" / "watchpost.db").exists())
        self.assertIn("rows of the damaged store were saved", daemon.process.log())
        newer = publish(self, daemon, 1000, 5)
        subscriber = self.check_arrivals(broker, nonces | newer, ids)
        told = [event for topic, event in subscriber.records()
                if topic.endswith("/status/gateway/store") and event["data"]["reason"] != "start"]
        self.assertEqual(told[0]["data"]["previous"], before["epoch"])
        self.assertEqual(told[0]["data"]["epoch"], store["epoch"])
        # One salvage is enough.
        daemon.stop()
        daemon.start()
        self.assertEqual(daemon.status()["store"]["salvage"], {})
        self.assertEqual(len(salvages(daemon)), 1)

    def test_a_lost_page_of_alarms_is_made_again_of_their_records_and_told(self):
        daemon = Daemon(self, []).start()
        publisher = Publisher(self, daemon.port, "sensors", mqtt.MQTTv5)
        nonces = {f"a{i}" for i in range(4)}
        for nonce in sorted(nonces):
            publisher.publish(smoke_topic(nonce), smoke(nonce), nonce)
        wait_until(lambda: publisher.acknowledged >= nonces, what="all acknowledged")
        publisher.close()
        before = open_alarms(daemon)
        self.assertEqual(sorted(before), [1, 2, 3, 4])
        daemon.stop()
        with sqlite3.connect(daemon.store / "watchpost.db") as store:
            root = store.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'alarm'").fetchone()[0]
        store.close()
        overwrite(daemon.store / "watchpost.db", (root - 1) * PAGE, bytes(PAGE))

        daemon.start()
        after = open_alarms(daemon)
        for number, alarm in before.items():
            for member in ("device", "state", "level", "since", "revision", "evidence"):
                self.assertEqual(after[number].get(member), alarm.get(member), member)
        status = daemon.status()
        told = {trouble["code"]: trouble for trouble in status["troubles"]}
        self.assertEqual(told["alarms_rebuilt"]["severity"], "critical")
        self.assertIn("alarm 1, 2, 3, 4:", told["alarms_rebuilt"]["text"]["en"])
        self.assertIn("what was kept of alarm 1, 2, 3, 4", daemon.process.log())
        newer = Publisher(self, daemon.port, "sensors", mqtt.MQTTv5)
        newer.publish(smoke_topic("next"), smoke("next"), "next")
        wait_until(lambda: "next" in newer.acknowledged, what="the next alarm acknowledged")
        newer.close()
        self.assertEqual(sorted(open_alarms(daemon)), [1, 2, 3, 4, 5])
        verified = subprocess.run([BUILD / "watchpost", "verify", "--socket", daemon.socket], capture_output=True,
                                  text=True, timeout=60)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_damage_met_while_running_is_salvaged_without_a_restart_from_outside(self):
        broker, daemon, nonces = self.start_full()
        ids = stored_ids(daemon)
        daemon.stop()
        # The damaged page is in the middle of the telemetry log; opening the store does not read it.
        file = daemon.store / "watchpost.db"
        pages = file.stat().st_size // PAGE
        content = file.read_bytes()
        leaves = [i for i in range(2, pages) if content[i * PAGE] == 0x0D and b"gauge" in content[i * PAGE:(i + 1) * PAGE]]
        overwrite(file, leaves[len(leaves) // 2] * PAGE, b"\x55" * 60)
        daemon.start()
        self.assertEqual(daemon.status()["store"]["salvage"], {}, "found at the start already")
        epoch = daemon.status()["store"]["epoch"]
        child = daemon.process.child.pid
        # Forwarding reads the damaged page.
        self.check_arrivals(broker, nonces, ids)
        wait_until(lambda: salvages(daemon), what="the damaged file put aside")
        wait_until(lambda: daemon.status()["store"]["epoch"] != epoch, what="a new epoch")
        self.assertEqual(daemon.process.child.pid, child)
        self.assertTrue(daemon.process.is_running())
        self.assertEqual(daemon.status()["store"]["salvage"]["lost"], 0)
        self.assertFalse((daemon.store / "salvage-wanted").exists())
        publish(self, daemon, 2000, 3)

    def test_a_newer_store_is_refused_and_stays_as_it_is(self):
        _, daemon, _ = self.start_full()
        daemon.kill()
        file = daemon.store / "watchpost.db"
        import sqlite3
        with sqlite3.connect(file) as store:
            store.execute("CREATE TABLE of_the_future (a)")
            store.execute("PRAGMA user_version = 99")
        store.close()
        before = {path.name: path.read_bytes() for path in daemon.store.iterdir() if path.is_file()}
        run = subprocess.run([BUILD / "watchpostd", "--config", daemon.config], capture_output=True,
                             text=True, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn("schema version 99", run.stderr)
        self.assertIn("Install the newer watchpostd", run.stderr)
        after = {path.name: path.read_bytes() for path in daemon.store.iterdir() if path.is_file()}
        self.assertEqual(before, after)

    @unittest.skipUnless(os.geteuid() == 0, "needs a second user")
    def test_files_of_another_user_are_put_aside_or_named(self):
        _, daemon, nonces = self.start_full()
        ids = stored_ids(daemon)
        daemon.stop()
        nobody = 65534
        os.chmod(daemon.folder, 0o755)
        os.chown(daemon.store, nobody, nobody)
        for file in daemon.store.iterdir():
            os.chown(file, nobody, nobody)
        program = daemon.folder / "watchpostd"  # every user may enter this folder
        shutil.copy(BUILD / "watchpostd", program)
        database = daemon.store / "watchpost.db"
        os.chown(database, 0, 0)
        os.chmod(database, 0o644)  # the file may be read but not written, so everything is saved

        def run_as_nobody():
            config = daemon.config.read_text().replace(str(daemon.socket), str(daemon.store / "local.sock"))
            daemon.config.write_text(config)
            return subprocess.Popen([program, "--config", daemon.config], stderr=subprocess.PIPE,
                                    stdout=subprocess.DEVNULL, text=True, user=nobody, group=nobody)

        child = run_as_nobody()
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        daemon.socket = daemon.store / "local.sock"
        wait_until(lambda: daemon.socket.exists() or child.poll() is not None, what="the daemon running")
        self.assertIsNone(child.poll())
        self.assertEqual(stored_ids(daemon), ids)
        child.terminate()
        child.communicate(timeout=30)
        # A folder that may not be written keeps nothing; the sentence names the folder and the remedy.
        os.chown(daemon.store, 0, 0)
        os.chmod(daemon.store, 0o755)
        os.chown(daemon.store / "lock", 0, 0)
        os.chmod(daemon.store / "lock", 0o600)
        refused = run_as_nobody()
        _, words = refused.communicate(timeout=30)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(str(daemon.store), words)
        self.assertIn("chown", words)


class NoRoom(unittest.TestCase):
    def test_where_both_stores_do_not_fit_the_new_one_begins_with_alarms_and_the_daemon_collects(self):
        disk = Tmpfs(self, "40m")
        broker = Mosquitto(self)
        daemon = Daemon(self, [("street", broker.port)])
        daemon.config.write_text(daemon.config.read_text().replace(str(daemon.store),
                                                                   str(disk.folder / "store")))
        daemon.store = disk.folder / "store"
        daemon.start()
        nonces = publish(self, daemon, 0, 20)
        camera = Wire(self, daemon.port, "camera")
        for _ in range(200):  # 20 MB: two copies do not fit
            camera.publish_on("camera/yard", noise(100_000))
            self.assertEqual(camera.receive()[0], 0x40)
        ids = stored_ids(daemon)
        before = daemon.status()["store"]
        self.assertEqual(daemon.stop(), 0)
        overwrite(daemon.store / "watchpost.db", 0, os.urandom(PAGE))

        daemon.start()
        store = daemon.status()["store"]
        self.assertNotEqual(store["epoch"], before["epoch"])
        self.assertEqual(store["bytes"]["telemetry"], 0)
        self.assertIn("begins with alarms and patrols only", daemon.process.log())
        alarms = {nonce for nonce in nonces if nonce.startswith("a")}
        later = publish(self, daemon, 100, 5)
        subscriber = broker.start_awaited()
        wait_until(lambda: subscriber.nonces() >= alarms | later, seconds=40, what="alarms and what came later")
        told = set()
        for topic, event in subscriber.records():
            nonce = nonce_of(event)
            if nonce in alarms:
                self.assertIn(event["id"], ids[nonce], "an alarm arrived under another id")
            if topic.endswith("/gap") and event["data"]["class"] == "telemetry":
                told |= set(range(event["data"]["first"], event["data"]["last"] + 1))
        self.assertEqual(told, set(range(1, before["newest"]["telemetry"] + 1)), "a silent loss")


if __name__ == "__main__":
    unittest.main(verbosity=2)

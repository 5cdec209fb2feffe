"""`watchpost verify` and `watchpost export`: every kind of damage is named, and nothing else is."""
import json
import os
import sqlite3
import subprocess
import threading
import unittest

from harness import BUILD, Daemon, Mosquitto, Publisher, noise, senml, smoke, smoke_topic, wait_until


def watchpost(*arguments, seconds=60):
    return subprocess.run([BUILD / "watchpost", *map(str, arguments)], capture_output=True, text=True,
                          timeout=seconds)


class LargeLoad(threading.Thread):
    """Publishes measurements of 16 kB each, as fast as they are acknowledged."""

    def __init__(self, publisher, name, qos):
        super().__init__(daemon=True)
        self.publisher, self.client_name, self.qos = publisher, name, qos
        self.stop = threading.Event()
        self.sent = 0

    def run(self):
        padding = noise(16_000)
        while not self.stop.is_set():
            self.publisher.wait_for_room(100)
            self.sent += 1
            nonce = f"{self.client_name}-{self.sent}"
            payload = senml("pond-1", "level", self.sent / 100, nonce)
            payload = payload[:-1] + f',{{"n":"padding","vs":"{padding}"}}]'
            self.publisher.publish("wp/in/water/pond-1", payload, nonce, self.qos)


class NothingToLookAt(unittest.TestCase):
    """A run that looked at nothing, or that could not tell what it saw, is no proof: it never ends with
    0."""

    def empty_store(self):
        daemon = Daemon(self).start()
        daemon.stop()
        return daemon.store

    def refuses(self, *arguments, says):
        answer = watchpost(*arguments)
        self.assertNotEqual(answer.returncode, 0, answer)
        self.assertIn(says, answer.stderr)

    def test_verify_of_no_store_an_empty_folder_and_a_store_without_a_record(self):
        store = self.empty_store()
        self.refuses("verify", "--store", store / "nowhere", says="no store")
        (store / "empty").mkdir()
        self.refuses("verify", "--store", store / "empty", says="no store")
        (store / "empty" / "watchpost.db").touch()
        self.refuses("verify", "--store", store / "empty", says="there is nothing in it")
        self.refuses("verify", "--store", store, says="nothing in this store")
        self.refuses("backup", store / "copy.db", "--store", store, says="no record in it")

    def test_verify_of_a_daemon_that_has_nothing(self):
        daemon = Daemon(self).start()
        self.refuses("verify", "--socket", daemon.socket,
                     says="nothing in this store")

    def test_simulate_that_published_nothing_or_was_promised_nothing(self):
        street = Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)]).start()
        there = ("simulate", "--port", daemon.port, "--wait-seconds", 1, "--seconds", 1)
        self.refuses(*there, "--devices", 1, "--alarms-per-minute", 0, "--speed", 1, "--seed", 7, "--verify",
                     f"mqtt://127.0.0.1:{street.port}",
                     says="Nothing was published")
        self.refuses(*there, "--rate", 50, "--qos", 0, "--verify",
                     f"mqtt://127.0.0.1:{street.port}", says="QoS 1 or 2")

    def test_tail_of_a_device_that_nobody_has(self):
        daemon = Daemon(self).start()
        self.refuses("tail", "--count", 3, "--device", "smoke-3g-07", "--socket",
                     daemon.socket, says="No stored event is of a device")
        self.assertEqual(watchpost("status", "--device", "smoke", "--socket", daemon.socket).returncode, 1)
        self.refuses("status", "--device", "smoke-3g-07", "--lang", "en", "--socket", daemon.socket,
                     says="No device has smoke-3g-07 in its name or id")

    def test_a_command_that_there_is_not_is_named_with_the_one_that_was_meant(self):
        for words, meant in (("statsu", "status"), ("devices improt", "devices import")):
            answer = subprocess.run([BUILD / "watchpost", *words.split(), "--lang", "en"], capture_output=True,
                                    text=True, timeout=20, env=dict(os.environ, LC_ALL="C"), check=False)
            self.assertEqual(answer.returncode, 2)
            self.assertIn(f"There is no command `watchpost {words}`", answer.stderr)
            self.assertIn(f"Did you mean `watchpost {meant}`?", answer.stderr)
        self.refuses("frobnicate", says="watchpost --help")


class StoreCase(unittest.TestCase):
    def filled(self, count=40, upstream=True):
        """A daemon with `count` measurements and a tenth as many alarms, all delivered."""
        street = Mosquitto(self)
        if upstream:
            street.start_awaited()  # an alarm without a subscriber is never delivered
        daemon = Daemon(self, [("street", street.port)] if upstream else []).start()
        publisher = Publisher(self, daemon.port, "sensor")
        for number in range(count):
            nonce = f"n-{number}"
            publisher.publish("wp/in/water/pond-1", senml("pond-1", "level", number / 10, nonce), nonce)
            if number % 10 == 0:
                publisher.publish(smoke_topic(f"a-{number}"), smoke(f"a-{number}"),
                                  f"a-{number}")
        wait_until(lambda: publisher.outstanding() == 0)
        if upstream:
            wait_until(lambda: daemon.backlog() == 0)
        return daemon

    def change(self, daemon, *statements):
        with sqlite3.connect(daemon.store / "watchpost.db", isolation_level=None) as database:
            for statement in statements:
                self.assertGreater(database.execute(statement).rowcount, 0, statement)
        database.close()


class Verify(StoreCase):
    def test_an_answer_that_could_not_be_written_is_no_success(self):
        daemon = self.filled(10)
        socket = ("--socket", daemon.socket)
        for command in (("status", *socket), ("status", "--json", *socket), ("troubles",),
                        ("status", "--check", *socket), ("tail", "--count", 3, *socket),
                        ("verify", *socket), ("export", "--from", "2020-01-01T00:00:00Z", "--to",
                                              "2100-01-01T00:00:00Z", *socket)):
            self.is_not_written("watchpost", *command)
        for program in ("watchpost", "watchpostd"):
            self.is_not_written(program, "--help")
        self.is_not_written("watchpostd", "--version")
        self.is_not_written("watchpost", "status", "--help")

    def is_not_written(self, program, *arguments):
        with open("/dev/full", "wb") as full:
            answer = subprocess.run([BUILD / program, *map(str, arguments)], stdout=full,
                                    stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertNotEqual(answer.returncode, 0, (program, arguments))
        self.assertIn("could not be written", answer.stderr, (program, arguments))

    def test_a_sound_store_is_sound_offline_and_live(self):
        daemon = self.filled()
        live = watchpost("verify", "--socket", daemon.socket)
        self.assertEqual(live.returncode, 0, live.stdout + live.stderr)
        self.assertRegex(live.stdout, r"telemetry records +40\n")
        self.assertRegex(live.stdout, r"alarm records +8\n")
        beside = watchpost("verify", "--store", daemon.store)
        self.assertEqual(beside.returncode, 0, beside.stdout + beside.stderr)
        self.assertEqual(daemon.stop(), 0)
        offline = watchpost("verify", "--store", daemon.store)
        self.assertEqual(offline.returncode, 0, offline.stdout + offline.stderr)
        self.assertRegex(offline.stdout, r"pages of the file +all")
        self.assertIn("Nothing is wrong", offline.stdout)

    def test_each_kind_of_damage_is_named(self):
        daemon = self.filled()
        daemon.stop()
        untouched = (daemon.store / "watchpost.db").read_bytes()
        cases = {
            "UPDATE log_telemetry SET payload = x'78' WHERE seq = 7": "Damaged: telemetry record 7",
            "UPDATE log_alarm SET device = 'other' WHERE seq = 2": "Damaged: alarm record 2",
            "UPDATE log_telemetry SET epoch = epoch + 1 WHERE seq = 9": "Damaged: telemetry record 9",
            "DELETE FROM log_telemetry WHERE seq BETWEEN 11 AND 13":
                "telemetry 11 to 13 missing without a row in the drop ledger",
            "UPDATE cursor SET settled = 4711 WHERE class = 3": "Damaged: the cursor of upstream street",
            "UPDATE store SET first_alarm = 3": "Damaged: the row that names the epoch",
            "UPDATE log_telemetry SET position = 0 WHERE seq = 20":
                "telemetry record 20 says that less is before it",
            "INSERT INTO drop_ledger VALUES (1, 3, 1, 5, 6, 'quota', 0, 0, 12345)":
                "Damaged: row 1 of the drop ledger",
            "INSERT INTO session VALUES ('c', 60, 1)": "Damaged: the session of client c",
            "INSERT INTO session_packet_id VALUES ('c', 7, 1)":
                "Damaged: Packet Identifier 7 of client c",
            "INSERT INTO set_aside SELECT 1, 'street', 135, 0, 3, seq, epoch, domain, severity,"
            " decoded, clock, received_at, observed_at, device, topic, payload, annotation, sum"
            " FROM log_telemetry WHERE seq = 3":
                "Damaged: the copy 1 of a record that upstream street refused",
        }
        for statement, said in cases.items():
            (daemon.store / "watchpost.db").write_bytes(untouched)
            self.change(daemon, statement)
            answer = watchpost("verify", "--store", daemon.store)
            self.assertEqual(answer.returncode, 1, f"{statement}\n{answer.stdout}{answer.stderr}")
            self.assertIn(said, answer.stdout, statement)
            self.assertIn("→ ", answer.stdout)

    def test_broken_pages_are_findings_and_what_is_no_store_cannot_be_looked_at(self):
        daemon = self.filled(200)
        daemon.stop()
        file = daemon.store / "watchpost.db"
        content = bytearray(file.read_bytes())
        content[-3 * 4096:] = b"\xa5" * (3 * 4096)
        file.write_bytes(content)
        answer = watchpost("verify", "--store", daemon.store)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertIn("SQLite finds damage", answer.stdout)
        for folder, said in ((daemon.folder, "There is no store"), ("/nowhere", "There is no store")):
            answer = watchpost("verify", "--store", folder)
            self.assertEqual(answer.returncode, 2)
            self.assertIn(said, answer.stderr)
        answer = watchpost("verify", "--socket", daemon.socket)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("No daemon answers", answer.stderr)
        with sqlite3.connect(file.with_name("newer.db")) as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
        file.with_name("newer.db").rename(file)
        answer = watchpost("verify", "--store", daemon.store)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("schema version 99", answer.stderr)

    def test_a_live_check_finds_damage_and_takes_nothing_else_for_it(self):
        # The store is full all the time: the oldest rows are removed while they are checked.
        daemon = Daemon(self, [("away", 1)])
        daemon.config.write_text(daemon.config.read_text().replace(
            "[local]", 'quota = "64 MiB"\nhistory = "16 MiB"\n[local]'))
        daemon.start()
        load = LargeLoad(Publisher(self, daemon.port, "busy", window=200), "busy", 1)
        load.start()
        self.addCleanup(load.stop.set)
        wait_until(lambda: daemon.status()["store"]["oldest"]["telemetry"] > 100, seconds=60,
                   what="the first drop")
        commits, rows, oldest = [], 0, daemon.status()["store"]["oldest"]["telemetry"]
        # Four checks with commits beside them: a busy machine may let a check pass between two commits.
        while sum(each > 0 for each in commits) < 4:
            self.assertLess(len(commits), 40, "nothing was committed beside the checks")
            before = daemon.status()["store"]["commits"]
            answer = watchpost("verify", "--socket", daemon.socket)
            commits.append(daemon.status()["store"]["commits"] - before)
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
            rows = int(answer.stdout.split("telemetry records")[1].split()[0])
        self.assertGreater(daemon.status()["store"]["oldest"]["telemetry"], oldest,
                           "nothing was dropped meanwhile")
        self.assertGreater(rows, 1_000)
        load.stop.set()
        load.join()
        wait_until(lambda: load.publisher.outstanding() == 0)
        newest = daemon.status()["store"]["newest"]["telemetry"]
        self.change(daemon, f"UPDATE log_telemetry SET topic = 'x' WHERE seq = {newest - 5}")
        answer = watchpost("verify", "--socket", daemon.socket)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertIn(f"Damaged: telemetry record {newest - 5}", answer.stdout)


class Export(StoreCase):
    def run_export(self, daemon, *arguments, start="2020-01-01T00:00:00Z",
                   end="2100-01-01T00:00:00Z"):
        where = ("--socket", daemon.socket) if daemon.process.is_running() else (
            "--store", daemon.store, "--gateway", "zhaoxiang-03", "--area", "310118106203")
        return watchpost("export", "--from", start, "--to", end, *where, *arguments)

    def export(self, daemon, *arguments, **times):
        answer = self.run_export(daemon, *arguments, **times)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout.splitlines()

    def finds_nothing(self, daemon):
        answer = self.run_export(daemon, end="2021-01-01T00:00:00Z")
        self.assertEqual((answer.returncode, answer.stdout), (2, ""))
        self.assertIn("no event between --from and --to", answer.stderr)

    def test_a_range_is_the_same_from_the_daemon_and_from_the_folder(self):
        daemon = self.filled(300)
        live = self.export(daemon)
        events = [json.loads(line) for line in live]
        self.assertEqual(sum(event["wpclass"] == "telemetry" for event in events), 300)
        self.assertEqual([event["wpclass"] for event in events[:30]], ["alarm"] * 30)
        times = sorted(event["recordedtime"] for event in events)
        middle = times[len(times) // 2]
        alarms = self.export(daemon, "--class", "alarm")
        self.assertEqual({json.loads(line)["wpclass"] for line in alarms}, {"alarm"})
        early, late = self.export(daemon, end=middle), self.export(daemon, start=middle)
        self.assertEqual(sorted(early + late), sorted(live))
        self.assertTrue(early and late)
        shifted = middle.replace("Z", "+00:00")
        self.assertEqual(self.export(daemon, start=shifted), late)
        self.finds_nothing(daemon)
        daemon.stop()
        self.finds_nothing(daemon)
        self.assertEqual(self.export(daemon), live)
        self.assertEqual(self.export(daemon, start=middle), late)
        self.assertEqual(self.export(daemon, "--class", "alarm"), alarms)

    def test_a_range_that_is_none_is_refused(self):
        daemon = self.filled(1)
        for arguments in (("--from", "yesterday", "--to", "2100-01-01T00:00:00Z"),
                          ("--from", "2020-01-01T00:00:00Z", "--to", "2100-01-01T00:00:00Z",
                           "--class", "alarms")):
            answer = watchpost("export", *arguments, "--socket", daemon.socket)
            self.assertEqual(answer.returncode, 2, answer.stderr)

    def test_an_export_that_the_end_of_the_daemon_cuts_off_says_so(self):
        daemon = self.filled(2_000)
        reading = subprocess.Popen([BUILD / "watchpost", "export", "--from", "2020-01-01T00:00:00Z",
                                    "--to", "2100-01-01T00:00:00Z", "--socket", daemon.socket],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(reading.stderr.close)
        self.addCleanup(reading.stdout.close)
        self.addCleanup(reading.kill)
        reading.stdout.readline()  # the pipe fills, and export waits
        daemon.kill()
        reading.communicate(timeout=30)
        self.assertEqual(reading.returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)

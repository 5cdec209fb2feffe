"""Disks that are full, fail, lie or vanish: nothing is acknowledged that is not on disk, and then service
resumes."""
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import unittest

import mqtt_wire
from custody_wire import Wire, keeps_again, stored_nonces
from harness import (BUILD, Daemon, Process, noise, port_is_open, senml, smoke, smoke_topic, temp_folder,
                     wait_until)
from small_disks import Ext4, ThinExt4, Tmpfs

# The operator reads the remedy, and a line of the log when the trouble begins and when it is over.
FULL = ("ree space on the disk", "The disk is full", "The store has room again")
FAILING = ("Check the disk or SD card (dmesg shows its errors) and replace it if they repeat",
           "A commit failed, nothing in it was acknowledged", "Commits succeed again")
READ_ONLY = ("its filesystem is mounted for writing", "A commit failed, nothing in it was acknowledged", "")


def fail_writes(daemon, failing=True):
    """The kernel refuses each write past the first page of a file (EFBIG), as on a dying disk."""
    most = 4096 if failing else resource.RLIM_INFINITY
    resource.prlimit(daemon.process.child.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def level(nonce):
    return senml("gauge", "level", 1.0, nonce)


def large_level(nonce, size):
    """One that takes so much room, and can be read: what cannot is a trouble of its own."""
    return level(nonce)[:-1] + f',{{"n":"padding","vs":"{noise(size)}"}}]'


def daemon_on(test, folder):
    daemon = Daemon(test)
    daemon.config.write_text(daemon.config.read_text().replace(str(daemon.store), str(folder / "store")))
    daemon.store = folder / "store"
    return daemon


def start_refused(daemon):
    run = subprocess.run([BUILD / "watchpostd", "--config", daemon.config], capture_output=True,
                         text=True, timeout=30)
    return run.returncode, run.stderr


def payloads_in(folder):
    """The payloads in a store that no daemon uses."""
    answer = subprocess.run(
        [BUILD / "watchpost", "export", "--store", folder, "--gateway", "zhaoxiang-03", "--area",
         "310118106203", "--from", "1970-01-01T00:00:00Z", "--to", "2100-01-01T00:00:00Z",
         "--include-unset-clock"], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    raw = [json.loads(line)["data"].get("raw") for line in answer.stdout.splitlines()]
    return {one if isinstance(one, str) else json.dumps(one, separators=(",", ":")) for one in raw}


def store_troubles(daemon):
    """Without the one about what fills the disk, which no decoder reads."""
    return [one for one in daemon.status()["troubles"] if one["code"] != "devices_not_read"]


class FailingDisk(unittest.TestCase):
    def use_up(self, daemon):
        """Fills the store until it refuses any message; the free pages of its files are used first.
        After a large one is refused, small ones may still fit into blocks that its files have."""
        client = Wire(self, daemon.port, "filler")
        wait_until(lambda: client.puback_code(noise(20_000)) != 0, what="the store full")
        small_refused = lambda: client.puback_code(level("filler")) != 0
        wait_until(lambda: all(small_refused() for _ in range(5)), what="no room for small ones")

    def attack(self, daemon, break_disk, mend_disk, code, words):
        """No acknowledgement leaves for a message that is not on disk; then service resumes by itself."""
        v5 = Wire(self, daemon.port, "v5")
        v311 = Wire(self, daemon.port, "v311", v5=False)
        self.assertEqual(v5.puback_code(level("before")), 0)
        break_disk()
        self.assertEqual(v5.puback_code(level("v5")), code)
        v311.publish(level("v311"), 7)
        self.assertTrue(v311.hears_only_pingresp(), "not silence for what is not stored")
        # The client may go on; its next message gets an answer of its own.
        self.assertEqual(v5.puback_code(level("v5 again"), 2), code)
        self.assertTrue(v311.hears_only_pingresp(), "not silence for what is not stored")
        self.check_words(daemon, words)

        mend_disk()
        # Nobody has to act: the next try of the waiting message finds the disk mended.
        self.assertEqual(v311.receive(), (0x40, b"\0\7"))
        self.assertFalse(store_troubles(daemon))
        self.assertIn(words[2], daemon.process.log())
        self.assertEqual(v5.puback_code(level("v5 after"), 3), 0)
        daemon.kill()
        daemon.start()
        count = sum(daemon.status()["store"]["newest"].values())
        self.assertLessEqual({"before", "v311", "v5 after"}, stored_nonces(daemon, count))

    def check_words(self, daemon, words):
        """Checks that cause and remedy stand in the status and in the log."""
        remedy, cause, _ = words
        troubles = store_troubles(daemon)
        self.assertTrue(troubles, daemon.process.log())
        self.assertIn(remedy, troubles[0]["next"]["en"])
        self.assertRegex(daemon.process.log(), f"{cause}.*{re.escape(remedy)}")

    def test_a_disk_that_refuses_writes(self):
        daemon = Daemon(self).start()
        self.attack(daemon, lambda: fail_writes(daemon), lambda: fail_writes(daemon, False), 0x83, FAILING)

    def test_a_full_filesystem_of_two_megabytes(self):
        disk = Tmpfs(self, "2m")
        daemon = daemon_on(self, disk.folder).start()
        self.attack(daemon, lambda: (disk.fill(), self.use_up(daemon)), disk.free, 0x97, FULL)
        daemon.stop()
        shutil.rmtree(daemon.store)
        disk.fill()
        code, words = start_refused(daemon)
        self.assertEqual(code, 1)
        self.assertIn("cannot run", words)
        self.assertRegex(words, "[Ff]ree|space")

    def test_an_ext4_that_another_program_fills_and_frees(self):
        disk = Ext4(self, temp_folder(self) / "image")
        daemon = daemon_on(self, disk.folder).start()
        self.attack(daemon, lambda: (disk.fill(), self.use_up(daemon)), disk.free, 0x97, FULL)

    def test_an_alarm_is_kept_on_a_disk_that_another_program_filled(self):
        disk = Ext4(self, temp_folder(self) / "image")
        daemon = daemon_on(self, disk.folder).start()
        reserve = daemon.store / "reserve"
        whole = reserve.stat().st_size
        self.assertGreater(whole, 0)
        disk.fill()
        client = Wire(self, daemon.port, "gauge")
        self.use_up(daemon)
        sensor = mqtt_wire.Wire(self, daemon.port)
        sensor.connect("smoke")
        for i in range(1, 101):
            sensor.send(mqtt_wire.publish(smoke_topic(f"a{i}"), smoke(f"a{i}"), 1, i))
            sensor.expect(mqtt_wire.PUBACK, i)
        self.assertEqual(client.puback_code(level("gauge")), 0x97)
        self.assertLess(reserve.stat().st_size, whole)
        self.assertRegex(daemon.process.log(), "given up so that alarms are kept.*ree space on the disk")
        # A daemon that starts on the full disk must behave in the same way.
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.status()["store"]["newest"]["alarm"], 200, "each is two events")
        # It says so before it refuses anything.
        wait_until(lambda: "no_room" in [trouble["code"] for trouble in daemon.status()["troubles"]], what="the trouble")
        self.assertEqual(daemon.status()["store"]["refused"]["telemetry"], 0)
        sensor = mqtt_wire.Wire(self, daemon.port)
        sensor.connect("smoke")
        sensor.send(mqtt_wire.publish(smoke_topic("last"), smoke("last"), 1, 1))
        sensor.expect(mqtt_wire.PUBACK, 1)

        disk.free()
        wait_until(lambda: keeps_again(self, daemon, "after"), what="service again")
        wait_until(lambda: reserve.stat().st_size == whole, what="the reserve whole again")

    def test_where_not_even_an_alarm_has_room_the_daemon_starts_and_shows_those_that_wait(self):
        disk = Tmpfs(self, "12m")
        daemon = daemon_on(self, disk.folder).start()
        disk.fill()
        sensor = mqtt_wire.Wire(self, daemon.port)
        sensor.connect("smoke")
        kept, code = 0, 0
        while code == 0:
            device = f"a{kept}"
            alarm = senml(device, "smoke", True, f"{device} {noise(1_500)}")
            sensor.send(mqtt_wire.publish(smoke_topic(device), alarm, 1, kept + 1))
            answer = sensor.expect(mqtt_wire.PUBACK)
            code = answer[2] if len(answer) > 2 else 0
            kept += code == 0
        self.assertGreater(kept, 20, "the reserve took none")
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.status()["duty"]["open"], kept)

        disk.free()
        wait_until(lambda: keeps_again(self, daemon, "after"), what="service again")
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.status()["duty"]["open"], kept)

    def test_there_is_no_room_until_the_filesystem_says_so_and_messages_are_counted(self):
        disk = Ext4(self, temp_folder(self) / "image")
        daemon = daemon_on(self, disk.folder).start()
        disk.fill()
        self.use_up(daemon)
        waiting = Wire(self, daemon.port, "waiting", v5=False)
        refused = daemon.status()["store"]["refused"]["telemetry"]
        waiting.publish(level("waits"), 7)
        wait_until(lambda: daemon.status()["store"]["refused"]["telemetry"] > refused, what="a refusal")
        sensor = mqtt_wire.Wire(self, daemon.port)
        sensor.connect("smoke")
        sensor.send(mqtt_wire.publish(smoke_topic("a"), smoke("a"), 1, 1))
        sensor.expect(mqtt_wire.PUBACK, 1)
        # Meanwhile the waiting message is offered to the store again and again.
        for _ in range(3):
            self.assertTrue(waiting.hears_only_pingresp(), "not silence for what is not stored")
            status = daemon.status()
            self.assertEqual(status["store"]["refused"]["telemetry"], refused + 1)
            trouble = status["troubles"][0]
            self.assertEqual(trouble["code"], "no_room")
            self.assertIn("There is no room", trouble["text"]["en"])
            self.assertIn("ree space on the disk", trouble["next"]["en"])
            self.assertIn("the least store.quota (64 MiB) is too much", trouble["next"]["en"])
        self.assertNotIn("has room again", daemon.process.log())
        # The end of the shortage is also found when no message waits, because the daemon asks the
        # filesystem.
        waiting.socket.close()
        self.assertTrue(store_troubles(daemon))
        disk.free()
        wait_until(lambda: not store_troubles(daemon), seconds=10, what="the all-clear")
        self.assertEqual(daemon.process.log().count("has room again"), 1)

    def test_a_disk_that_takes_writes_and_fails_at_fsync(self):
        disk = ThinExt4(self)
        daemon = daemon_on(self, disk.folder).start()
        self.attack(daemon, lambda: (disk.fill(), self.use_up(daemon)), disk.free, 0x83, FAILING)
        # The page cache holds what fsync could not write, but only what is on the disk counts.
        client = Wire(self, daemon.port, "after")
        for i in range(20):
            self.assertEqual(client.puback_code(f"after-{i}"), 0)
        daemon.kill()
        kept = payloads_in(disk.after_power_cut() / "store")
        wanted = {level(n) for n in ("before", "v311", "v5 after")} | {f"after-{i}" for i in range(20)}
        self.assertFalse(wanted - kept)

    def test_checkpoints_that_fail_at_fsync_lose_nothing(self):
        disk = ThinExt4(self)
        daemon = daemon_on(self, disk.folder).start()
        client = Wire(self, daemon.port, "gauge")
        kept = set()

        def keep():
            number = str(len(kept))
            if client.puback_code(large_level(number, 3000)) != 0:
                return False
            kept.add(number)
            return True

        def size(file):
            return (daemon.store / file).stat().st_size

        def after_power_cut():
            return {entry["vs"] for payload in payloads_in(disk.after_power_cut() / "store")
                    for entry in json.loads(payload) if entry["n"] == "nonce"}

        # A reader keeps the WAL from beginning anew, so that it grows well past the size at which it
        # is moved...
        reader = sqlite3.connect(f"file:{daemon.store}/watchpost.db?mode=ro", uri=True)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM log_telemetry").fetchone()
        while size("watchpost.db-wal") < 6 << 20:
            self.assertTrue(keep())
        reader.close()
        # ... has its blocks already, begins again from its start...
        while size("watchpost.db") < 1 << 20:
            self.assertTrue(keep())
        # ... so it takes commits for whose pages the database has no room.
        disk.fill()
        before = len(kept)
        while keep():
            self.assertLess(len(kept), before + 10_000, "the disk never failed")
        self.assertGreater(len(kept), before + 100, "no commit went into blocks that were there")
        self.assertRegex(daemon.process.log(),
                         "moving the WAL into the database failed.*" + re.escape(FAILING[0]))
        self.assertFalse(kept - after_power_cut(), "lost while the disk fails")

        disk.free()
        wait_until(keep, what="service again")
        daemon.kill()
        self.assertFalse(kept - after_power_cut())

    def test_an_ext4_that_turns_read_only(self):
        disk = Ext4(self, temp_folder(self) / "image")
        daemon = daemon_on(self, disk.folder).start()
        v5 = Wire(self, daemon.port, "v5")
        v311 = Wire(self, daemon.port, "v311", v5=False)
        self.assertEqual(v5.puback_code(level("before")), 0)
        disk.break_itself()
        self.assertEqual(v5.puback_code(level("v5")), 0x83)
        v311.publish(level("v311"), 7)
        self.assertTrue(v311.hears_only_pingresp(), "not silence for what is not stored")
        self.assertEqual(v5.puback_code(level("v5"), 2), 0x83)
        self.check_words(daemon, READ_ONLY)
        # A stop does not wait for a disk that only a person can mend.
        self.assertEqual(daemon.stop(), 0)
        code, words = start_refused(daemon)
        self.assertEqual(code, 1)
        self.assertIn("Read-only file system", words)
        self.assertIn("Its file system is read-only for every program. Mount it for writing", words)

        disk.repair()
        daemon.start()
        self.assertTrue(keeps_again(self, daemon, "after"))
        count = sum(daemon.status()["store"]["newest"].values())
        self.assertLessEqual({"before", "after"}, stored_nonces(daemon, count))

    def test_what_a_session_says_is_on_disk_or_not_said(self):
        daemon = Daemon(self).start()
        old = {version: f"old-{version}" for version in (mqtt_wire.V311, mqtt_wire.V5)}
        lasting = {"clean": False, "props": ((mqtt_wire.EXPIRY, 3600),)}
        for version, name in old.items():
            first = mqtt_wire.Wire(self, daemon.port)
            self.assertEqual(first.connect(name, version=version, **lasting)[:2], (0, 0))
            first.close()
        fail_writes(daemon)
        for version, unavailable in ((mqtt_wire.V311, 3), (mqtt_wire.V5, 0x88)):
            new = mqtt_wire.Wire(self, daemon.port)
            new.send(mqtt_wire.connect(f"new-{version}", version, **lasting))
            self.assertEqual(new.connack(version)[:2], (0, unavailable))
            # A session that is already on disk needs no commit.
            again = mqtt_wire.Wire(self, daemon.port)
            self.assertEqual(again.connect(old[version], version=version, **lasting)[:2], (1, 0))

    def test_a_qos_2_message_that_waited_is_recorded_once_and_answered_on_the_new_connection(self):
        daemon = Daemon(self).start()
        message = mqtt_wire.publish("wp/in/water/gauge", level("twice"), 2, 5, mqtt_wire.V311)
        first = mqtt_wire.Wire(self, daemon.port)
        first.connect("gauge", version=mqtt_wire.V311, clean=False)
        fail_writes(daemon)
        first.send(message)
        self.assertTrue(first.is_open(), "not silence for what is not stored")
        first.drop()
        again = mqtt_wire.Wire(self, daemon.port)
        self.assertEqual(again.connect("gauge", version=mqtt_wire.V311, clean=False)[:2], (1, 0))
        again.send(message)
        self.assertTrue(again.is_open(), "not silence for what is not stored")
        fail_writes(daemon, False)
        again.expect(mqtt_wire.PUBREC, 5)
        again.send(mqtt_wire.ack(mqtt_wire.PUBREL, 5))
        again.expect(mqtt_wire.PUBCOMP, 5)
        self.assertEqual(sum(daemon.status()["store"]["newest"].values()), 1)


class VanishingFiles(unittest.TestCase):
    def test_a_store_that_was_replaced_while_it_failed_is_never_continued(self):
        daemon = Daemon(self).start()
        epoch = daemon.status()["store"]["epoch"]
        client = Wire(self, daemon.port, "gauge")
        for i in range(5):
            self.assertEqual(client.puback_code(level(f"n{i}"), i + 1), 0)
        fail_writes(daemon)
        self.assertNotEqual(client.puback_code(level("lost"), 9), 0)
        for file in daemon.store.glob("watchpost.db*"):
            file.unlink()
        fail_writes(daemon, False)
        self.begins_anew(daemon, client, epoch)

    def begins_anew(self, daemon, client, epoch):
        """Ids of the old epoch would begin at 1 again, so the daemon begins anew in the same process."""
        while (code := client.puback_code(level("new"), 10)) is not None:
            self.assertGreaterEqual(code, 0x80, "acknowledged although the file is gone")
        wait_until(lambda: "Beginning anew" in daemon.process.log(), what="the daemon beginning anew")
        self.assertIn("is not the one the daemon began with", daemon.process.log())
        wait_until(lambda: port_is_open(daemon.port), what="the daemon listening again")
        self.assertNotEqual(daemon.status()["store"]["epoch"], epoch)

    def test_files_deleted_under_the_daemon_are_noticed_before_anything_more_is_acknowledged(self):
        for names in (("watchpost.db", "watchpost.db-wal", "watchpost.db-shm"), ("watchpost.db",),
                      ("watchpost.db-wal",)):
            with self.subTest(names):
                daemon = Daemon(self).start()
                client = Wire(self, daemon.port, "gauge")
                self.assertEqual(client.puback_code(level("before")), 0)
                epoch = daemon.status()["store"]["epoch"]
                for name in names:
                    (daemon.store / name).unlink()
                self.begins_anew(daemon, client, epoch)
                self.assertTrue(keeps_again(self, daemon, "after"))

    def test_a_store_that_vanished_is_still_told_by_the_next_process_until_a_clean_stop(self):
        """Where its whole folder is gone, a daemon that may make none there ends, and systemd starts the next."""
        service = {"RUNTIME_DIRECTORY": str(temp_folder(self))}
        daemon = Daemon(self).start(service)
        client = Wire(self, daemon.port, "gauge")
        self.assertEqual(client.puback_code(level("before")), 0)
        epoch = daemon.status()["store"]["epoch"]
        for file in daemon.store.glob("watchpost.db*"):
            file.unlink()
        self.begins_anew(daemon, client, epoch)
        daemon.kill()
        daemon.start(service)
        self.assertIn("store_vanished", [trouble["code"] for trouble in daemon.status()["troubles"]])
        self.assertEqual(daemon.stop(), 0)
        daemon.start(service)
        self.assertNotIn("store_vanished", [trouble["code"] for trouble in daemon.status()["troubles"]])

    def test_ids_of_commits_that_vanished_with_the_wal_are_never_given_again(self):
        daemon = Daemon(self).start()
        self.assertEqual(Wire(self, daemon.port, "first").puback_code(level("kept")), 0)
        self.assertEqual(daemon.stop(), 0)  # now all records are in the database
        daemon.start()
        client = Wire(self, daemon.port, "second")
        for i in range(3):
            self.assertEqual(client.puback_code(level(f"vanished-{i}")), 0)
        before = daemon.status()["store"]
        daemon.kill()
        (daemon.store / "watchpost.db-wal").unlink()
        daemon.start()
        after = daemon.status()["store"]
        self.assertNotEqual(after["epoch"], before["epoch"])
        self.assertGreaterEqual(after["newest"]["telemetry"], before["newest"]["telemetry"])
        self.assertIn("Their ids are not given again", daemon.process.log())


class SyncedFirst(unittest.TestCase):
    """Without a power cut a missing sync does not show in the data, but it shows in the system calls."""

    def test_the_wal_is_synced_between_the_write_of_a_message_and_its_puback(self):
        if not shutil.which("strace"):
            self.skipTest("strace is not installed (tools/packages.txt names it)")
        daemon = Daemon(self)
        trace = daemon.folder / "trace"
        daemon.process = Process(
            self, ["strace", "-f", "-y", "-s", "100000", "-o", trace, "-e",
                   "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg", BUILD / "watchpostd",
                   "--config", daemon.config], daemon.folder / "log")
        wait_until(lambda: port_is_open(daemon.port) or not daemon.process.is_running(), seconds=60,
                   what="watchpostd under strace listening")
        if not daemon.process.is_running():
            self.skipTest(f"strace cannot trace here: {daemon.process.log().strip()}")
        client = Wire(self, daemon.port, "traced", v5=False)
        for i in range(3):
            packet_id = struct.unpack(">H", b"W" + bytes([ord("a") + i]))[0]
            self.assertEqual(client.puback_code(f"traced-payload-{i}", packet_id), 0)
        # The signal goes to the daemon, not to strace, because the daemon is to stop cleanly.
        tracee = int(subprocess.run(["ps", "-o", "pid=", "--ppid", str(daemon.process.child.pid)],
                                    capture_output=True, text=True, check=True).stdout.split()[0])
        os.kill(tracee, signal.SIGTERM)
        daemon.process.child.wait(60)
        calls = list(self.calls(trace.read_text(errors="replace").splitlines()))
        for i in range(3):
            self.check_order(calls, f"traced-payload-{i}", f'"@\\2W{chr(ord("a") + i)}"')

    @staticmethod
    def calls(lines):
        """(first line, last line, text) of each call; a call that another thread interrupted is joined."""
        open_calls = {}
        for number, line in enumerate(lines):
            thread, _, text = line.partition(" ")
            text = text.strip()
            if text.endswith("<unfinished ...>"):
                open_calls[thread] = (number, text[:-len("<unfinished ...>")])
            elif text.startswith("<..."):
                began, start = open_calls.pop(thread, (number, ""))
                yield began, number, start + text
            else:
                yield number, number, text

    def check_order(self, calls, marker, puback):
        written = [end for _, end, text in calls
                   if text.startswith("pwrite64(") and "-wal>" in text and marker in text]
        sent = [begin for begin, _, text in calls
                if re.match(r"(sendmsg|sendto|write|writev)\(", text) and puback in text]
        self.assertTrue(written, f"{marker} was never written to the WAL")
        self.assertEqual(len(sent), 1, f"the PUBACK {puback} was sent {len(sent)} times")
        written = [w for w in written if w < sent[0]]
        self.assertTrue(written, f"the PUBACK of {marker} was sent before it was written")
        synced = [begin for begin, end, text in calls
                  if re.match(r"f(data)?sync\(\d+<[^>]*-wal>", text) and text.endswith("= 0")
                  and begin > max(written) and end < sent[0]]
        self.assertTrue(synced, f"no sync of the WAL between the write of {marker} and its PUBACK")


if __name__ == "__main__":
    unittest.main(verbosity=2)

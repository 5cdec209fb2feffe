"""Custody when the machine fails: disks, limits, slow and silent clients, a frozen upstream."""
import json
import os
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import time
import unittest

import paho.mqtt.client as mqtt

from harness import (BUILD, Daemon, Mosquitto, Process, Publisher, Subscriber, check_ledger, free_port,
                     is_sanitized, port_is_open, senml, temp_folder, wait_until)

TOPIC = "wp/in/water/gauge"


class Wire:
    """A client of bytes: what the daemon answers is seen as it is, also a closed connection."""

    def __init__(self, test, port, client_id, v5=True):
        self.v5 = v5
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        test.addCleanup(self.socket.close)
        body = self._text("MQTT") + bytes([5 if v5 else 4, 2]) + struct.pack(">H", 60)
        body += (b"\0" if v5 else b"") + self._text(client_id)
        self._send(0x10, body)
        kind, _ = self.receive()
        assert kind == 0x20, "no CONNACK"

    @staticmethod
    def _text(text):
        return struct.pack(">H", len(text)) + text.encode()

    def _send(self, first, body):
        length, left = b"", len(body)
        while True:
            left, digit = divmod(left, 128)
            length += bytes([digit | (0x80 if left else 0)])
            if not left:
                break
        self.socket.sendall(bytes([first]) + length + body)

    def publish_size(self, payload_size):
        """Bytes of the whole PUBLISH with a payload of this size (of four length bytes at most)."""
        body = 2 + len(TOPIC) + 2 + (1 if self.v5 else 0) + payload_size
        return 1 + (1 if body < 128 else 2 if body < 16384 else 3) + body

    def publish(self, payload, packet_id=1):
        self.publish_on(TOPIC, payload, packet_id)

    def publish_on(self, topic, payload, packet_id=1):
        body = self._text(topic) + struct.pack(">H", packet_id) + (b"\0" if self.v5 else b"")
        self._send(0x32, body + (payload if isinstance(payload, bytes) else payload.encode()))

    def _exactly(self, count):
        got = b""
        while len(got) < count:
            more = self.socket.recv(count - len(got))
            if not more:
                raise ConnectionError
            got += more
        return got

    def receive(self):
        """(first byte, body), or None when the connection was closed."""
        try:
            first, length, shift = self._exactly(1)[0], 0, 0
            while True:
                digit = self._exactly(1)[0]
                length |= (digit & 0x7F) << shift
                shift += 7
                if not digit & 0x80:
                    break
            return first, self._exactly(length)
        except ConnectionError:
            return None

    def puback_code(self, payload, packet_id=1):
        """The reason code of the answer to one message; None when the connection was closed."""
        self.publish(payload, packet_id)
        answer = self.receive()
        if answer is None or answer[0] != 0x40:
            return None
        assert struct.unpack(">H", answer[1][:2])[0] == packet_id
        return answer[1][2] if len(answer[1]) > 2 else 0


def stored_nonces(daemon, count):
    tail = subprocess.run([BUILD / "watchpost", "tail", "--json", "--count", str(count), "--from-oldest",
                           "--socket", daemon.socket], capture_output=True, text=True, timeout=60, check=True)
    nonces = set()
    for line in tail.stdout.splitlines():
        raw = json.loads(line)["data"].get("raw", [])
        nonces |= {entry["vs"] for entry in raw if entry.get("n") == "nonce"}
    return nonces


def fail_writes(daemon, failing=True):
    """The kernel refuses each write past the first page of a file (EFBIG), as a dying disk would."""
    most = 4096 if failing else resource.RLIM_INFINITY
    resource.prlimit(daemon.process.child.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def fill(ballast):
    """Takes what is left of a filesystem, to the last byte."""
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (4096, 1):
            try:
                while True:
                    os.write(file, bytes(size))
            except OSError:
                pass
    finally:
        os.close(file)


def keeps_again(test, daemon, nonce):
    client = Wire(test, daemon.port, f"again-{nonce}")
    return client.puback_code(senml("gauge", "level", 1.0, nonce)) == 0


class FailingDisk(unittest.TestCase):
    def attack(self, daemon, break_disk, mend_disk):
        """No acknowledgement leaves for what is not on disk; then service resumes by itself."""
        v5 = Wire(self, daemon.port, "v5")
        self.assertEqual(v5.puback_code(senml("gauge", "level", 1.0, "before")), 0)
        break_disk()
        self.assertGreaterEqual(v5.puback_code(senml("gauge", "level", 1.0, "v5")), 0x80)
        v311 = Wire(self, daemon.port, "v311", v5=False)
        self.assertIsNone(v311.puback_code(senml("gauge", "level", 1.0, "v311")))
        # The same client may go on; the next message gets its own answer.
        self.assertGreaterEqual(v5.puback_code(senml("gauge", "level", 1.0, "v5 again"), 2), 0x80)
        status = daemon.status()
        self.assertTrue(status["troubles"], "the status shows no trouble")
        self.assertTrue(all(trouble["remedy"] for trouble in status["troubles"]))
        self.assertGreater(status["store"]["failed_commits"], 0)

        mend_disk()
        wait_until(lambda: keeps_again(self, daemon, "after"), seconds=15, what="service again")
        self.assertFalse(daemon.status()["store"]["last_failure"])
        self.assertEqual(v5.puback_code(senml("gauge", "level", 1.0, "v5 after"), 3), 0)
        daemon.kill()
        daemon.start()
        count = sum(daemon.status()["store"]["newest"].values())
        self.assertLessEqual({"before", "after", "v5 after"}, stored_nonces(daemon, count))

    def test_a_disk_that_refuses_writes(self):
        daemon = Daemon(self).start()
        self.attack(daemon, lambda: fail_writes(daemon), lambda: fail_writes(daemon, False))

    def test_a_full_filesystem(self):
        folder = temp_folder(self)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small filesystem cannot be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", folder])
        daemon = Daemon(self)
        daemon.config.write_text(daemon.config.read_text().replace(str(daemon.store), str(folder / "store")))
        ballast = folder / "ballast"
        daemon.start()

        def break_disk():
            fill(ballast)
            client = Wire(self, daemon.port, "filler")
            # What the WAL has left over is used up first.
            wait_until(lambda: client.puback_code("x" * 20_000) != 0, what="the store full")

        self.attack(daemon, break_disk, ballast.unlink)
        daemon.stop()
        shutil.rmtree(folder / "store")
        fill(ballast)
        run = subprocess.run([BUILD / "watchpostd", "--config", daemon.config], capture_output=True,
                             text=True, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn("cannot run", run.stderr)
        self.assertRegex(run.stderr, "[Ff]ree|space")

    def test_a_store_that_was_replaced_while_it_failed_is_never_continued(self):
        daemon = Daemon(self).start()
        epoch = daemon.status()["store"]["epoch"]
        client = Wire(self, daemon.port, "gauge")
        for i in range(5):
            self.assertEqual(client.puback_code(senml("gauge", "level", 1.0, f"n{i}"), i + 1), 0)
        fail_writes(daemon)
        self.assertNotEqual(client.puback_code(senml("gauge", "level", 1.0, "lost"), 9), 0)
        for file in daemon.store.glob("watchpost.db*"):
            file.unlink()
        fail_writes(daemon, False)
        # Ids of the old epoch would begin at 1 again: the process ends, systemd starts it anew.
        self.assertIsNone(client.puback_code(senml("gauge", "level", 1.0, "new"), 10))
        self.assertNotEqual(daemon.process.child.wait(20), 0)
        self.assertIn("is not the one the daemon began with", daemon.process.log())
        daemon.start()
        self.assertNotEqual(daemon.status()["store"]["epoch"], epoch)


class SyncedFirst(unittest.TestCase):
    """Without power loss a missing sync cannot be seen in the data; in the system calls it can."""

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
        # The tracee, not strace: it is to stop cleanly.
        tracee = int(subprocess.run(["ps", "-o", "pid=", "--ppid", str(daemon.process.child.pid)],
                                    capture_output=True, text=True, check=True).stdout.split()[0])
        os.kill(tracee, signal.SIGTERM)
        daemon.process.child.wait(60)
        calls = list(self.calls(trace.read_text(errors="replace").splitlines()))
        for i in range(3):
            self.check_order(calls, f"traced-payload-{i}", f'"@\\2W{chr(ord("a") + i)}"')

    @staticmethod
    def calls(lines):
        """(began at line, ended at line, text) of each call, joined where another thread cut in."""
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


class Crowd(unittest.TestCase):
    def test_two_thousand_idle_connections_delay_nobody(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 4096:
            self.skipTest(f"this machine allows {hard} open files")
        # As a shell or a service without LimitNOFILE starts it.
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        daemon = Daemon(self).start()
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, hard))
        before = daemon.resident_kib()
        idle = [Wire(self, daemon.port, f"idle-{i}", v5=i % 2 == 0) for i in range(2000)]
        wait_until(lambda: daemon.status()["connections"]["open"] == 2000, what="2000 connections")
        per_connection = (daemon.resident_kib() - before) / 2000
        print(f"{per_connection:.1f} KiB resident for each idle connection")
        if not is_sanitized():
            self.assertLess(per_connection, 40)

        client = Wire(self, daemon.port, "busy")
        began = time.monotonic()
        for i in range(20):
            self.assertEqual(client.puback_code(senml("gauge", "level", 1.0, f"n{i}"), i + 1), 0)
        self.assertLess(time.monotonic() - began, 5)
        for connection in idle:
            connection.socket.close()
        wait_until(lambda: daemon.status()["connections"]["open"] == 1, what="the crowd gone")

    def test_fifty_slow_readers_of_events_delay_neither_status_nor_acknowledgements(self):
        daemon = Daemon(self).start()
        client = Wire(self, daemon.port, "busy")
        for i in range(200):
            self.assertEqual(client.puback_code("x" * 100_000, i + 1), 0)
        before = daemon.resident_kib()
        for _ in range(50):
            reader = socket.socket(socket.AF_UNIX)
            self.addCleanup(reader.close)
            reader.connect(str(daemon.socket))
            reader.sendall(b"GET /v1/events?from=oldest HTTP/1.1\r\nHost: local\r\n\r\n")
        for i in range(50):
            self.assertEqual(client.puback_code("y", i + 1), 0)
        daemon.status()
        grown = daemon.resident_kib() - before
        print(f"50 slow readers: {grown} KiB more resident")
        if not is_sanitized():
            self.assertLess(grown, 40 * 1024)

    def test_a_packet_at_the_limit_is_kept_and_one_byte_more_is_refused(self):
        street = Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)], listener_extra='max_packet_size = "256 KiB"').start()
        subscriber = Subscriber(self, street.port)
        client = Wire(self, daemon.port, "huge")
        fits = 256 * 1024 - client.publish_size(200_000) + 200_000
        self.assertEqual(client.puback_code(b"\xff" * fits), 0)
        wait_until(lambda: subscriber.records(), what="the large event")
        client.publish(b"\xff" * (fits + 1), 2)
        kind, body = client.receive()
        self.assertEqual((kind, body[0]), (0xE0, 0x95))
        self.assertIsNone(client.receive())
        self.assertTrue(keeps_again(self, daemon, "after"))


class Places(unittest.TestCase):
    def test_a_second_daemon_on_the_same_store_is_refused_and_harms_nothing(self):
        first = Daemon(self).start()
        second = Daemon(self)
        second.config.write_text(first.config.read_text().replace(f"port = {first.port}",
                                                                  f"port = {free_port()}"))
        run = subprocess.run([BUILD / "watchpostd", "--config", second.config], capture_output=True,
                             text=True, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn("Another watchpostd", run.stderr)
        self.assertIn("store.directory", run.stderr)
        first.status()
        self.assertTrue(keeps_again(self, first, "first"))

    def test_a_store_directory_that_cannot_be_made_is_named_with_the_remedy(self):
        daemon = Daemon(self)
        blocked = daemon.folder / "file"
        blocked.write_text("")
        daemon.config.write_text(daemon.config.read_text().replace(str(daemon.store), str(blocked / "store")))
        run = subprocess.run([BUILD / "watchpostd", "--config", daemon.config], capture_output=True,
                             text=True, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn(str(blocked), run.stderr)
        self.assertIn("store.directory", run.stderr)


class FrozenUpstream(unittest.TestCase):
    def test_an_upstream_that_freezes_gets_everything_once_it_goes_on(self):
        street = Mosquitto(self).start()
        daemon = Daemon(self, [("street", street.port)], extra='acknowledge_timeout = "1 s"\n').start()
        subscriber = Subscriber(self, street.port)
        publisher = Publisher(self, daemon.port, "gauge", mqtt.MQTTv5)
        publisher.publish(TOPIC, senml("gauge", "level", 1.0, "n0"), "n0")
        wait_until(lambda: subscriber.nonces() == {"n0"}, what="the first event")
        street.process.child.send_signal(signal.SIGSTOP)
        self.addCleanup(street.process.child.send_signal, signal.SIGCONT)
        for i in range(1, 501):
            publisher.publish(TOPIC, senml("gauge", "level", 1.0, f"n{i}"), f"n{i}")
        wait_until(lambda: len(publisher.acknowledged) == 501, what="custody without the upstream")
        trouble = wait_until(lambda: daemon.status()["troubles"], what="a trouble in the status")
        self.assertIn("street", trouble[0]["what"])
        self.assertGreater(daemon.backlog(), 0)

        street.process.child.send_signal(signal.SIGCONT)

        wait_until(lambda: publisher.acknowledged <= subscriber.nonces(), seconds=60, what="all events")
        check_ledger(self, publisher.acknowledged, subscriber.records())
        wait_until(lambda: daemon.backlog() == 0, what="no backlog")
        self.assertFalse(daemon.status()["troubles"])


if __name__ == "__main__":
    unittest.main(verbosity=2)

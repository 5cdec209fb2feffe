"""Custody at the limits: crowds, slow and silent clients, a full store, a frozen upstream."""
import resource
import signal
import socket
import subprocess
import time
import unittest

import paho.mqtt.client as mqtt

from custody_wire import TOPIC, Wire, keeps_again
from harness import (BUILD, Daemon, Mosquitto, Publisher, Subscriber, check_ledger, free_port,
                     is_sanitized, noise, senml, wait_until)


class Crowd(unittest.TestCase):
    def test_two_thousand_idle_connections_delay_nobody(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 4096:
            self.skipTest(f"this machine allows {hard} open files")
        # The usual limit where a shell, or a service without LimitNOFILE, starts the daemon.
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
            self.assertEqual(client.puback_code(noise(100_000), i + 1), 0)
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
        self.assertIn("street", trouble[0]["text"]["en"])
        self.assertGreater(daemon.backlog(), 0)

        street.process.child.send_signal(signal.SIGCONT)

        wait_until(lambda: publisher.acknowledged <= subscriber.nonces(), seconds=60, what="all events")
        check_ledger(self, publisher.acknowledged, subscriber.records())
        wait_until(lambda: daemon.backlog() == 0, what="no backlog")
        self.assertFalse(daemon.status()["troubles"])


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""`watchpost receive` and `watchpost audit`: a street has what it confirms, and an audit finds what is
missing."""
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time
import unittest

import jsonschema
import paho.mqtt.client as mqtt

import mqtt_wire
from certificates import Authority
from harness import (BUILD, SOURCE, Daemon, Mosquitto, Process, Publisher, Subscriber, nonce_of, senml,
                     smoke, smoke_topic, temp_folder, wait_until)
from times import at_any_moment, stays

ROUNDS = int(os.environ.get("WATCHPOST_RECEIVE_ROUNDS", "3"))
PREFIX = "wp/v1/310118/106/203/zhaoxiang-03/"


def raise_alarms(test, daemon, begin, end):
    """Alarms a-begin to a-(end-1), each acknowledged by the daemon and confirmed by the receiver."""
    publisher = Publisher(test, daemon.port, f"sensor-{begin}")
    for number in range(begin, end):
        publisher.publish(smoke_topic(f"a-{number}"), smoke(f"a-{number}"),
                          f"a-{number}")
    wait_until(lambda: publisher.outstanding() == 0)
    wait_until(lambda: daemon.backlog() == 0, what="the receipts")


class Load(threading.Thread):
    """Publishes as fast as its window allows, until it is told to stop."""

    def __init__(self, publisher, name, qos):
        super().__init__(daemon=True)
        self.publisher, self.client_name, self.qos = publisher, name, qos
        self.stop = threading.Event()
        self.sent = 0

    def run(self):
        while not self.stop.is_set():
            self.publisher.wait_for_room(200)
            self.sent += 1
            nonce = f"{self.client_name}-{self.sent}"
            alarm = self.sent % 10 == 0
            topic = smoke_topic(nonce) if alarm else f"wp/in/water/{self.client_name}"
            payload = (smoke(nonce) if alarm else
                       senml(self.client_name, "level", self.sent / 100, nonce))
            self.publisher.publish(topic, payload, nonce, self.qos)


class Receiver:
    """`watchpost receive` with the test's own file, which is kept over restarts."""

    def __init__(self, test, port, *extra, scheme="mqtt", host="127.0.0.1"):
        self.test = test
        self.folder = temp_folder(test)
        self.file = self.folder / "RECEIVED.db"
        self.arguments = [BUILD / "watchpost", "receive", "--url", f"{scheme}://{host}:{port}",
                          "--store", self.file, *extra]
        self.process = None

    def start(self, connects=True):
        seen = self.process.log().count("Connected to") if self.process else 0
        self.process = Process(self.test, self.arguments, self.folder / "log")
        if connects:
            wait_until(lambda: self.process.log().count("Connected to") > seen
                       or not self.process.is_running(), what="the receiver's connection")
        return self

    def kill(self):
        self.process.kill()

    def stop(self):
        return self.process.terminate()

    def rows(self, sql, *parameters):
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10) as database:
            return database.execute(sql, parameters).fetchall()

    def count(self):
        return self.rows("SELECT count(*) FROM event")[0][0]

    def nonces(self):
        return {nonce_of(json.loads(body)) for body, in self.rows("SELECT body FROM event")} - {None}


def watchpost(*arguments, seconds=60):
    return subprocess.run([BUILD / "watchpost", *map(str, arguments)], capture_output=True, text=True,
                          timeout=seconds)


def event(sequence, event_class="telemetry", epoch="7f3a0001", kind="water.telemetry", data=None):
    return json.dumps({
        "specversion": "1.0", "id": f"{epoch}.{event_class[0]}.{sequence}",
        "source": "urn:watchpost:zhaoxiang-03", "type": f"cn.watchpost.{kind}.v1",
        "subject": "pond-1", "time": "2026-11-23T19:41:07.120Z", "sequence": f"{sequence:016}",
        "wpclass": event_class, "data": data or {"state": "info"}})


def online(epoch="7f3a0001", first=1, oldest=1):
    def classes(telemetry):
        return {"alarm": 1, "patrol": 1, "status": 1, "telemetry": telemetry}
    return json.dumps({
        "specversion": "1.0", "id": f"{epoch}.link.0000000000000001.online",
        "source": "urn:watchpost:zhaoxiang-03", "type": "cn.watchpost.gateway.online.v1",
        "wpclass": "status", "data": {"state": "online", "epoch": epoch, "first": classes(first),
                                      "oldest": classes(oldest)}})


class Street(unittest.TestCase):
    """A broker, and a client that plays a gateway and reads its receipts."""

    def gateway(self, port):
        receipts = []
        client = mqtt.Client("gateway", protocol=mqtt.MQTTv5)
        client.max_inflight_messages_set(500)
        client.max_queued_messages_set(0)
        subscribed = threading.Event()
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message = lambda _c, _u, message: receipts.append(json.loads(message.payload))
        client.connect("127.0.0.1", port)
        client.loop_start()
        # The client disconnects first, because that ends its loop at once.
        self.addCleanup(client.loop_stop)
        self.addCleanup(client.disconnect)
        client.subscribe(PREFIX + "rcpt", qos=1)
        self.assertTrue(subscribed.wait(20))
        return client, receipts

    @staticmethod
    def confirmed(receipts, event_class="telemetry", epoch="7f3a0001"):
        every = [one for receipt in list(receipts)
                 for one in (receipt if isinstance(receipt, list) else [receipt])]
        return max((one["sequence"] for one in every
                    if one["class"] == event_class and one["epoch"] == epoch), default=0)

    def send(self, client, *payloads, topic=PREFIX + "telemetry/water/pond-1"):
        sent = [client.publish(topic, payload, qos=1) for payload in payloads]
        for one in sent:
            one.wait_for_publish(20)


class Receipts(Street):
    def test_what_is_confirmed_has_no_gap_and_alarms_are_confirmed_at_once(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        client, receipts = self.gateway(broker.port)
        self.send(client, event(1), event(2), event(4), event(2))
        wait_until(lambda: self.confirmed(receipts) == 2, what="the receipt up to the gap")
        self.send(client, event(3))
        wait_until(lambda: self.confirmed(receipts) == 4, what="the receipt past the gap")
        began = time.monotonic()
        for number in range(1, 6):
            self.send(client, event(number, "alarm", kind="fire.alarm"),
                      topic=PREFIX + "alarm/fire/hall")
            wait_until(lambda: self.confirmed(receipts, "alarm") == number, what="alarm's receipt")
        self.assertLess(time.monotonic() - began, 4, "alarms waited for the second")
        self.send(client, event(9))
        wait_until(lambda: receiver.count() == 10)
        self.assertEqual(receiver.stop(), 0)
        self.assertIn("1 gateways, 1 open gaps", receiver.process.log())
        self.assertIn("6 receipts" if len(receipts) == 6 else f"{len(receipts)} receipts",
                      receiver.process.log())
        self.assertIn("10 events, 1 repeats", receiver.process.log())

    def test_receipts_of_a_busy_gateway_go_once_a_second(self):
        broker = Mosquitto(self).start()
        Receiver(self, broker.port).start()
        client, receipts = self.gateway(broker.port)
        began = time.monotonic()
        number = 0
        while time.monotonic() - began < 1.5:
            number += 1
            self.send(client, event(number))
        wait_until(lambda: self.confirmed(receipts) == number, what="the last receipt")
        self.assertLessEqual(len(receipts), 1 + (time.monotonic() - began) + 1)
        self.assertGreater(number, 100)

    def test_gaps_and_epochs_as_the_gateway_tells_them(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        client, receipts = self.gateway(broker.port)
        client.publish(PREFIX + "status/gateway/online", online(oldest=11), qos=1, retain=True)
        self.send(client, event(11), event(21))
        wait_until(lambda: self.confirmed(receipts) == 11)
        gap = {"class": "telemetry", "epoch": "7f3a0001", "first": 12, "last": 20, "count": 9,
               "reason": "quota"}
        self.send(client, event(1, "status", kind="gateway.gap", data=gap),
                  topic=PREFIX + "status/gateway/gap")
        wait_until(lambda: self.confirmed(receipts) == 21, what="the receipt over the gap")
        self.send(client, online("7f3a0002", first=22, oldest=22),
                  topic=PREFIX + "status/gateway/online")
        self.send(client, event(22, epoch="7f3a0002"))
        wait_until(lambda: self.confirmed(receipts, epoch="7f3a0002") == 22)
        page = watchpost("receive", "--status", "--store", receiver.file).stdout
        self.assertRegex(page, r"^zhaoxiang-03: online; 4 events, the last at 20\S+[+-]\d\d:\d\d; "
                               r"complete; 9 given up by the gateway\n$")
        answer = watchpost("receive", "--status", "--json", "--gateway", "zhaoxiang-03",
                           "--store", receiver.file)
        self.assertEqual(json.loads(answer.stdout)["gateways"][0]["given_up"], 9)
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 0, answer.stdout)
        self.assertIn("given up by the gateway 9: 12..20 (quota)", answer.stdout)
        self.assertIn("from before this receiver 10: 1..10", answer.stdout)
        self.assertIn("online, epoch 7f3a0002", answer.stdout)
        self.assertEqual(watchpost("receive", "--status", "--gateway", "zhaoxiang-30", "--store",
                                   receiver.file).returncode, 2)

    def test_without_receipts_nothing_is_published(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port, "--no-receipts").start()
        client, receipts = self.gateway(broker.port)
        self.send(client, event(1, "alarm", kind="fire.alarm"), topic=PREFIX + "alarm/fire/hall")
        wait_until(lambda: receiver.count() == 1)
        self.assertEqual(receiver.stop(), 0)
        self.assertIn("0 receipts", receiver.process.log())
        self.assertEqual(receipts, [])

    def test_rubbish_is_put_aside_and_the_rest_goes_on(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        client, receipts = self.gateway(broker.port)
        other = event(1).replace("urn:watchpost:zhaoxiang-03", "urn:watchpost:other")
        self.send(client, "{", b"\xff\x00\xfe", "[" * 100_000, "17", "null", '{"id":1}', other,
                  event(2).replace('"0000000000000002"', "2"), f"[{event(3)},17]")
        self.send(client, event(1), topic="wp/v1/x")
        self.send(client, f"[{event(1)},{event(2)}]", event(3))
        wait_until(lambda: self.confirmed(receipts) == 3, what="the receipt of the good ones")
        self.assertEqual(receiver.rows("SELECT count(*) FROM unreadable")[0][0], 10)
        self.assertEqual(receiver.rows("SELECT body FROM event WHERE sequence = 2")[0][0], event(2))
        # The file survives a restart of the receiver, and the broker keeps what it queues meanwhile.
        receiver.kill()
        self.send(client, "{", event(4))
        receiver.start()
        wait_until(lambda: self.confirmed(receipts) == 4, what="the receipt after the restart")


class Broker:
    """A broker for one client that does what the test says."""

    def __init__(self, test):
        self.test = test
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)
        test.addCleanup(self.listener.close)
        self.port = self.listener.getsockname()[1]

    def accept(self):
        wire = mqtt_wire.Wire.__new__(mqtt_wire.Wire)
        wire.socket, _ = self.listener.accept()
        wire.socket.settimeout(20)
        wire.buffer = b""
        self.test.addCleanup(wire.socket.close)
        kind, _ = wire.read()
        self.test.assertEqual(kind, 1, "no CONNECT")
        wire.send(mqtt_wire.packet(0x20, b"\x01\x00\x00"))
        kind, body = wire.read()
        self.test.assertEqual(kind, 8, "no SUBSCRIBE")
        wire.send(mqtt_wire.packet(0x90, body[:2] + b"\x00\x01"))
        return wire


class Custody(unittest.TestCase):
    def publish(self, wire, number):
        wire.send(mqtt_wire.publish(PREFIX + "telemetry/water/pond-1", event(number), 1, number))

    def test_nothing_is_acknowledged_while_the_store_cannot_be_written(self):
        broker = Broker(self)
        receiver = Receiver(self, broker.port).start(connects=False)
        wire = broker.accept()
        self.publish(wire, 1)
        wire.expect(mqtt_wire.PUBACK, 1)
        self.assertEqual(receiver.count(), 1, "acknowledged before it was stored")
        aside = receiver.folder / "aside"
        receiver.file.rename(aside)
        for number in (2, 3, 4):
            self.publish(wire, number)
        wait_until(lambda: "Nothing is acknowledged meanwhile" in receiver.process.log())
        # The timeout is longer than the receiver's wait before it tries again.
        wire.socket.settimeout(1.5)
        with self.assertRaises(TimeoutError, msg="something was sent meanwhile"):
            wire.socket.recv(1)
        wire.socket.settimeout(20)
        self.assertEqual(receiver.process.log().count("Nothing is acknowledged meanwhile"), 1)
        self.assertFalse(receiver.file.exists(), "a new file was begun in place of the old one")
        aside.rename(receiver.file)
        seen = []
        while len(seen) < 3:
            kind, body = wire.read()
            if kind == mqtt_wire.PUBACK:
                seen.append(struct.unpack(">H", body[:2])[0])
        self.assertEqual(seen, [2, 3, 4], "not in the order of arrival")
        self.assertEqual(receiver.count(), 4)
        self.assertIn("can be written again", receiver.process.log())

    def test_a_receiver_killed_before_the_commit_gets_the_message_again(self):
        broker = Broker(self)
        receiver = Receiver(self, broker.port).start(connects=False)
        wire = broker.accept()
        other = sqlite3.connect(receiver.file, isolation_level=None, timeout=20)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.publish(wire, 1)
        receiver.kill()
        self.assertIsNone(wire.read(), "an acknowledgement left for what was not stored")
        other.execute("ROLLBACK")
        receiver.start(connects=False)
        wire = broker.accept()
        self.publish(wire, 1)
        wire.expect(mqtt_wire.PUBACK, 1)
        self.assertEqual(receiver.count(), 1)

    def test_a_file_of_something_else_and_a_second_receiver_are_refused(self):
        broker = Broker(self)
        receiver = Receiver(self, broker.port)
        with sqlite3.connect(receiver.file) as database:
            database.execute("CREATE TABLE mine(a)")
        answer = subprocess.run([str(a) for a in receiver.arguments], capture_output=True, text=True,
                                timeout=20)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("no file of `watchpost receive`", answer.stderr)
        running = Receiver(self, broker.port).start(connects=False)
        broker.accept()
        answer = subprocess.run([str(a) for a in running.arguments], capture_output=True, text=True,
                                timeout=20)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("Another receiver already uses", answer.stderr)
        self.assertEqual(running.stop(), 0)


class Tls(Street):
    def broker(self, authority, name):
        certificate, key = authority.issue(name)
        for file in (certificate, key, authority.certificate):
            file.chmod(0o644)
        authority.folder.chmod(0o755)
        return Mosquitto(self, extra=f"cafile {authority.certificate}\ncertfile {certificate}\n"
                                     f"keyfile {key}\n").start()

    def test_only_a_broker_with_the_right_certificate_is_trusted(self):
        authority = Authority(temp_folder(self))
        broker = self.broker(authority, "street")
        for host in ("localhost", "127.0.0.1"):
            receiver = Receiver(self, broker.port, "--ca-file", authority.certificate, "--client-id",
                                host, scheme="mqtts", host=host).start()
            self.assertEqual(receiver.stop(), 0)
        stranger = Authority(temp_folder(self))
        receiver = Receiver(self, broker.port, "--ca-file", stranger.certificate, scheme="mqtts")
        receiver.start(connects=False)
        wait_until(lambda: "is not trusted" in receiver.process.log())
        self.assertNotIn("Connected to", receiver.process.log())


def confirmed_daemon(test, port, timeout="2 s"):
    """A daemon that keeps each record until the receiver has confirmed it."""
    daemon = Daemon(test, [("street", port)])
    daemon.config.write_text(daemon.config.read_text().replace(
        'raw = "always"\n', 'raw = "always"\ncustody = "receipt"\n'
        f'receipt_timeout = "{timeout}"\n'))
    return daemon


def forget_session(port, client_id="watchpost-receive"):
    """Does what a broker does that was killed without `persistence`, or that dropped an old session."""
    connected = threading.Event()
    client = mqtt.Client(client_id, protocol=mqtt.MQTTv5)
    client.on_connect = lambda *_: connected.set()
    client.connect("127.0.0.1", port, clean_start=True)
    client.loop_start()
    try:
        assert connected.wait(20)
    finally:
        client.disconnect()
        client.loop_stop()


class LostSession(Street):
    def test_a_receiver_that_runs_on_asks_again_when_its_broker_forgot_it(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port, "10 min").start()
        receiver = Receiver(self, broker.port).start()
        publisher = Publisher(self, daemon.port, "sensor")
        publisher.publish(smoke_topic("a-1"), smoke("a-1"), "a-1")
        wait_until(lambda: daemon.backlog() == 0, what="the first receipt")
        # It has asked this gateway in this run already: only the lost session is a reason to ask again.
        child = receiver.process.child
        child.send_signal(signal.SIGSTOP)
        try:
            forget_session(broker.port)
            Subscriber(self, broker.port, client_id="screen")
            # An alarm comes again by itself, once the receiver confirms other things; a reading does not.
            publisher.publish("wp/in/water/pond-1", senml("pond-1", "level", 1.5, "n-2"), "n-2")
            wait_until(lambda: daemon.status()["upstreams"][0]["acknowledged"] >= 2)
        finally:
            child.send_signal(signal.SIGCONT)
        wait_until(lambda: "n-2" in receiver.nonces(), seconds=30, what="the reading that was lost")
        wait_until(lambda: daemon.backlog() == 0, what="its receipt")

    def test_what_was_lost_with_the_session_is_sent_again_at_once(self):
        broker = Mosquitto(self).start()
        # The timeout is longer than the test, so that the test fails if anything waits for it.
        daemon = confirmed_daemon(self, broker.port, "10 min").start()
        receiver = Receiver(self, broker.port).start()
        publisher = Publisher(self, daemon.port, "sensor")

        def publish(*nonces):
            for nonce in nonces:
                is_alarm = nonce.startswith("a")
                publisher.publish(smoke_topic(nonce) if is_alarm else "wp/in/water/pond-1",
                                  smoke(nonce) if is_alarm else
                                  senml("pond-1", "level", 1.5, nonce), nonce)
            wait_until(lambda: publisher.outstanding() == 0)
        publish("a-1", "n-1")
        wait_until(lambda: daemon.backlog() == 0, what="the first receipts")
        self.assertEqual(receiver.stop(), 0)
        forget_session(broker.port)
        # Another client is subscribed, so the broker does not say that nobody heard.
        Subscriber(self, broker.port, client_id="screen")
        _, receipts = self.gateway(broker.port)
        publish("a-2", "n-2")
        wait_until(lambda: daemon.status()["upstreams"][0]["acknowledged"] >= 6)
        self.assertEqual(daemon.backlog(), 3)

        began = time.monotonic()
        receiver.start()
        # It has asked once just before, when it began; so the alarm comes after ReceiptWatch::kSoon
        # (5 s), the rest after kAskedApart (10 s). Two seconds are for the way.
        wait_until(lambda: "a-2" in receiver.nonces(), seconds=30, what="the alarm that was lost")
        self.assertLess(time.monotonic() - began, 5 + 2)
        wait_until(lambda: "n-2" in receiver.nonces(), seconds=30, what="the reading that was lost")
        wait_until(lambda: daemon.backlog() == 0, what="its receipts")
        self.assertLess(time.monotonic() - began, 10 + 2)
        schema = json.loads((SOURCE / "docs" / "receipt.schema.json").read_text())
        for receipt in receipts:
            jsonschema.validate(receipt, schema)
        self.assertTrue(any(one.get("resend") for receipt in receipts
                            for one in (receipt if isinstance(receipt, list) else [receipt])))
        # A session that was kept has lost nothing, so nothing is sent twice.
        repeats = receiver.rows("SELECT sum(repeats) FROM stream")[0][0]
        self.assertEqual(receiver.stop(), 0)
        publish("a-3", "n-3")
        receiver.start()
        wait_until(lambda: daemon.backlog() == 0, what="the receipts of what the broker kept")
        self.assertEqual(receiver.rows("SELECT sum(repeats) FROM stream")[0][0], repeats)
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 0, answer.stdout)


class Whole(Street):
    def test_a_daemon_keeps_what_the_broker_has_until_the_receiver_confirms_it(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port, "1 s").start()
        publisher = Publisher(self, daemon.port, "sensor")
        for number in range(50):
            publisher.publish("wp/in/water/pond-1", senml("pond-1", "level", number, f"n-{number}"),
                              f"n-{number}")
        wait_until(lambda: publisher.outstanding() == 0)
        # Nobody has subscribed, so the broker acknowledges every event and throws it away.
        wait_until(lambda: daemon.status()["upstreams"][0]["acknowledged"] >= 50)
        self.assertEqual(daemon.backlog(), 50)
        receiver = Receiver(self, broker.port).start()
        wait_until(lambda: daemon.backlog() == 0, seconds=40, what="the receipts")
        self.assertEqual(receiver.nonces(), {f"n-{number}" for number in range(50)})
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 0, answer.stdout)

    def test_a_new_receiver_is_not_held_up_by_what_the_broker_retained(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port, "1 s").start()
        first = Receiver(self, broker.port).start()
        publisher = Publisher(self, daemon.port, "sensor")

        def publish(begin, end):
            for number in range(begin, end):
                publisher.publish("wp/in/water/pond-1",
                                  senml("pond-1", "level", number, f"n-{number}"), f"n-{number}")
            wait_until(lambda: publisher.outstanding() == 0)
            wait_until(lambda: daemon.backlog() == 0, what="the receipts")
        publish(0, 10)
        # After connecting again, the gateway reports in its retained state that ten events need not be
        # waited for.
        daemon.kill()
        daemon.start()
        publisher.publish("wp/in/water/pond-1", senml("pond-1", "level", 10, "n-10"), "n-10")
        wait_until(lambda: "n-10" in first.nonces())
        publish(11, 30)
        self.assertEqual(first.stop(), 0)
        second = Receiver(self, broker.port, "--client-id", "second").start()
        began = time.monotonic()
        publish(30, 40)
        # The bound is one receipt_timeout of 1 s, and the pause between receipts.
        self.assertLess(time.monotonic() - began, 10, "waited for more than the first timeout")
        self.assertEqual(second.nonces(), {f"n-{number}" for number in range(30, 40)})
        answer = watchpost("audit", second.file)
        self.assertEqual(answer.returncode, 0, answer.stdout)
        # The numbers of the earlier start are of another epoch, of which this receiver has heard nothing.
        self.assertIn("from before this receiver 20: 11..30", answer.stdout)

    def test_a_store_put_back_from_a_copy_gives_no_id_twice_and_both_lives_are_kept(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()

        def alarms(begin, end):
            raise_alarms(self, daemon, begin, end)

        alarms(0, 5)
        self.assertEqual(daemon.stop(), 0)
        copy = temp_folder(self) / "copy"
        shutil.copytree(daemon.store, copy)
        daemon.start()
        alarms(5, 10)
        self.assertEqual(daemon.stop(), 0)
        shutil.rmtree(daemon.store)
        shutil.copytree(copy, daemon.store)
        daemon.start()
        alarms(10, 15)
        self.assertEqual(receiver.nonces(), {f"a-{number}" for number in range(15)})
        numbers = receiver.rows("SELECT epoch, sequence FROM events WHERE class = 'alarm'")
        # Each alarm is two events.
        self.assertEqual(len(set(numbers)), 30)
        self.assertEqual(sorted({sequence for _, sequence in numbers}), list(range(1, 21)))
        wait_until(lambda: "An older copy of the store was put back" in receiver.process.log())
        manifest = receiver.folder / "box.json"
        manifest.write_text(json.dumps(daemon.status()))
        for question in ([], ["--manifest", manifest]):
            answer = watchpost("audit", receiver.file, *question)
            self.assertEqual(answer.returncode, 1, answer.stdout)
            self.assertIn("An older copy of the store was put back", answer.stdout)
            self.assertIn("no number that is known of is missing", answer.stdout)
        # An event of another publisher under a taken id is a conflict, and no audit passes.
        client, _ = self.gateway(broker.port)
        epoch, sequence = numbers[0]
        self.send(client, event(sequence, "alarm", epoch, "fire.alarm", {"state": "forged"}),
                  topic=PREFIX + "alarm/fire/hall")
        wait_until(lambda: receiver.rows("SELECT count(*) FROM conflict") == [(1,)])
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn("CONFLICT: 1 event", answer.stdout)
        self.assertIn("another event came under the id", receiver.process.log())

    def test_two_receivers_with_one_client_id_are_told_so_and_leave_the_broker_in_peace(self):
        broker = Mosquitto(self).start()
        first = Receiver(self, broker.port).start()
        second = Receiver(self, broker.port).start()
        wait_until(lambda: any("runs with the same client id watchpost-receive" in one.process.log()
                               for one in (first, second)), what="the reason")
        before = first.process.log().count("Connected to")
        # Each wait is twice as long as the one before, up to half a minute.
        stays(lambda: first.process.log().count("Connected to") - before <= 3, 5, "few attempts")

    def test_a_backup_is_made_beside_the_daemon_and_goes_on_elsewhere(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()

        def alarms(begin, end):
            raise_alarms(self, daemon, begin, end)

        alarms(0, 5)
        backup = temp_folder(self) / "backup.db"
        answer = watchpost("backup", backup, "--store", daemon.store)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(backup.stat().st_mode & 0o777, 0o600)
        again = watchpost("backup", backup, "--store", daemon.store)
        self.assertEqual(again.returncode, 2)
        self.assertIn("is there already", again.stderr)
        alarms(5, 10)
        self.assertEqual(daemon.stop(), 0)
        shutil.rmtree(daemon.store)
        daemon.store.mkdir(mode=0o700)
        shutil.copy(backup, daemon.store / "watchpost.db")
        daemon.start()
        alarms(10, 15)
        self.assertEqual(receiver.nonces(), {f"a-{number}" for number in range(15)})
        told = [json.loads(body)["data"] for body, in receiver.rows(
            "SELECT body FROM event WHERE type = 'cn.watchpost.gateway.store.v1'")]
        self.assertEqual([one["reason"] for one in told], ["restored"])
        self.assertEqual(told[0]["first"]["alarm"], 11)
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn("no number that is known of is missing", answer.stdout)
        self.assertEqual(watchpost("verify", "--store", daemon.store).returncode, 0)

    def test_an_audit_that_looks_at_nothing_proves_nothing(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        client, _ = self.gateway(broker.port)
        self.send(client, event(1))
        wait_until(lambda: receiver.count() == 1)
        self.assertEqual(watchpost("audit", receiver.file).returncode, 0)
        answer = watchpost("audit", receiver.file, "--gateway", "zhaoxiang-30")
        self.assertEqual(answer.returncode, 2, answer.stdout)
        self.assertIn("It has heard these gateways: zhaoxiang-03", answer.stderr)
        empty = receiver.folder / "empty.db"
        empty.touch()
        for file in (empty, receiver.folder, receiver.folder / "none.db", "/etc/hostname"):
            answer = watchpost("audit", file)
            self.assertEqual(answer.returncode, 2, answer.stdout)
            self.assertNotIn("put aside", answer.stderr)
        self.assertEqual(empty.stat().st_size, 0)

    def test_kill_of_receiver_and_daemon_loses_nothing_and_the_audit_proves_it(self):
        seed = int(os.environ.get("WATCHPOST_SEED", time.time_ns() % 1_000_000))
        print(f"seed {seed}, {ROUNDS} rounds")
        dice = random.Random(seed)
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()
        client, receipts = self.gateway(broker.port)
        wrong = []

        def check(_client, _userdata, message):
            # The commit came first: an event that is confirmed is in the file already.
            said = json.loads(message.payload)
            for one in said if isinstance(said, list) else [said]:
                stored = receiver.rows(
                    "SELECT count(DISTINCT sequence) FROM events WHERE class = ? AND sequence <= ?",
                    one["class"], one["sequence"])[0][0]
                receipts.append(one)
                if stored < one["sequence"]:
                    wrong.append((one, stored))
        client.on_message = check
        loads = []
        for name, protocol, qos in (("v311-q1", mqtt.MQTTv311, 1), ("v5-q2", mqtt.MQTTv5, 2)):
            loads.append(Load(Publisher(self, daemon.port, name, protocol), name, qos))
        for load in loads:
            load.start()
        # Each of the two is killed at least once.
        first = dice.random() < 0.5
        for turn in range(ROUNDS):
            before = receiver.count()
            wait_until(lambda: receiver.count() > before + 50, seconds=40, what="more events")
            at_any_moment(dice, 0.2)
            if (turn % 2 == 0) == first if turn < 2 else dice.random() < 0.6:
                receiver.kill()
                at_any_moment(dice, 0.2)
                receiver.start()
            else:
                daemon.kill()
                daemon.start()
        for load in loads:
            load.stop.set()
            load.join()
        wait_until(lambda: all(load.publisher.outstanding() == 0 for load in loads), seconds=60)
        acknowledged = set().union(*(load.publisher.acknowledged for load in loads))
        wait_until(lambda: daemon.backlog() == 0, seconds=60, what="an empty backlog")
        newest = sum(daemon.status()["store"]["newest"].values())
        wait_until(lambda: receiver.count() == newest, seconds=60,
                   what="every record of the daemon at the receiver")
        self.assertEqual(acknowledged - receiver.nonces(), set())
        self.assertEqual(wrong, [], "a receipt for what is not stored")
        self.assertGreater(len(receipts), 0)

        manifest = temp_folder(self) / "status.json"
        manifest.write_text(json.dumps(daemon.status()))
        answer = watchpost("audit", receiver.file, "--manifest", manifest)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        repeats = receiver.rows("SELECT sum(repeats) FROM stream")[0][0]
        print(f"{len(acknowledged)} acknowledged, {newest} records, {repeats} repeats, "
              f"{len(receipts)} receipts, lost 0")

        # The gateway's own store agrees with the receiver, and is sound.
        self.assertEqual(daemon.stop(), 0)
        compared = watchpost("audit", receiver.file, "--gateway", "zhaoxiang-03", "--store",
                             daemon.store)
        self.assertEqual(compared.returncode, 0, compared.stdout + compared.stderr)
        verified = watchpost("verify", "--store", daemon.store)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

        # One row is removed, and the audit says which.
        self.assertEqual(receiver.stop(), 0)
        with sqlite3.connect(receiver.file) as database:
            (arrival, event_class, sequence), = database.execute(
                "SELECT arrival, class, sequence FROM events ORDER BY arrival LIMIT 1 OFFSET 40")
            database.execute("DELETE FROM event WHERE arrival = ?", (arrival,))
        answer = watchpost("audit", receiver.file, "--manifest", manifest)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn(f"MISSING 1: {sequence} (never received)", answer.stdout)
        self.assertIn(event_class, answer.stdout)

    def test_a_ledger_of_the_simulation_is_proved_against_the_file(self):
        broker = Mosquitto(self).start()
        daemon = Daemon(self, [("street", broker.port)]).start()
        receiver = Receiver(self, broker.port).start()
        ledger = temp_folder(self) / "ledger.jsonl"
        answer = watchpost("simulate", "--port", daemon.port, "--devices", 300, "--rate", 500,
                           "--seconds", 2, "--seed", 5, "--ledger", ledger)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        wait_until(lambda: daemon.backlog() == 0, what="an empty backlog")
        newest = sum(daemon.status()["store"]["newest"].values())
        wait_until(lambda: receiver.count() == newest, what="every record at the receiver")
        answer = watchpost("audit", receiver.file, "--ledger", ledger)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        acknowledged = len(ledger.read_text().splitlines())
        self.assertIn(f"Ledger: {acknowledged} acknowledged, {acknowledged} arrived, 0 missing",
                      answer.stdout)
        self.assertGreater(acknowledged, 300)
        # For a message that never arrived the ledger finds the loss, although no sequence has a hole.
        with ledger.open("a") as file:
            file.write('{"topic":"wp/in/fire/nowhere","payload":"[]","bytes":2}\n')
        answer = watchpost("audit", receiver.file, "--ledger", ledger)
        self.assertEqual(answer.returncode, 1)
        self.assertIn('MISSING {"topic":"wp/in/fire/nowhere"', answer.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)

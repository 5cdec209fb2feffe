"""The links upstream: several at once, TLS, refusals, silence, brokers that die or stand still."""
import json
import signal
import socket
import subprocess
import threading
import time
import unittest

import jsonschema

from certificates import Authority
from harness import (SOURCE, Daemon, Mosquitto, Subscriber, check_ledger, nonce_of, senml, smoke,
                     smoke_topic, temp_folder, wait_until)
from times import lasts, stays
from upstream_case import UpstreamCase
from wire_load import WireLoad

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
RECONNECT = ('reconnect_first = "100 ms"\nreconnect_ceiling = "400 ms"\nreconnect_spread = "0 s"\n'
             'raw = "always"\n')
LEVEL = "wp/in/water/river"


def upstream(name, port, extra="", scheme="mqtt", host="127.0.0.1"):
    return f'[[upstream]]\nname = "{name}"\nurl = "{scheme}://{host}:{port}"\n{RECONNECT}{extra}\n'


def alarm(nonce):
    return smoke(nonce)


def level(nonce):
    return senml("river", "level", 1.5, nonce)


class MuteBroker:
    """Accepts TCP connections. With `connack` it answers the CONNECT, and then acknowledges nothing."""

    def __init__(self, test, connack):
        self.connack = connack
        self.connections = []
        self.accepted = []
        self.greeted = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        test.addCleanup(self.close)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections.append(connection)
            self.accepted.append(time.monotonic())
            threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection):
        try:
            if connection.recv(4096) and self.connack:
                self.greeted += 1
                connection.sendall(b"\x20\x03\x00\x00\x00")
            while connection.recv(4096):
                pass
        except OSError:
            pass

    def close(self):
        # shutdown wakes the accepting thread; after a mere close the socket would go on taking connections.
        self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.server.close()
        for connection in self.connections:
            connection.close()


class Several(UpstreamCase):
    def test_each_upstream_gets_its_classes_over_its_protocol_at_its_own_pace(self):
        v5, v3, dead = Mosquitto(self).start(), Mosquitto(self).start(), Mosquitto(self)
        daemon = Daemon(self, extra=(
            upstream("five", v5.port, 'protocol = "5"')
            + upstream("three", v3.port, 'protocol = "3.1.1"\nclasses = ["alarm"]\nrequired = false')
            + upstream("dead", dead.port, "required = false"))).start()
        all_of_it, alarms = Subscriber(self, v5.port), Subscriber(self, v3.port)
        publisher = self.publisher(daemon)
        for i in range(200):
            publisher.publish(LEVEL, level(f"t{i}"), f"t{i}")
        publisher.publish(smoke_topic("a"), alarm("a"), "a")

        wait_until(lambda: len(all_of_it.nonces()) == 201, what="everything at the first")
        wait_until(lambda: alarms.nonces() == {"a"}, what="the alarm at the second")
        check_ledger(self, publisher.acknowledged, all_of_it.records())
        for _, event in all_of_it.snapshot() + alarms.snapshot():
            jsonschema.validate(event, SCHEMA)
        self.assertEqual({e["wpclass"] for _, e in alarms.records()}, {"alarm"})
        wait_until(lambda: sum(self.link(daemon, "five")["backlog"].values()) == 0, what="a cursor")
        self.assertEqual(sum(self.link(daemon, "three")["backlog"].values()), 0)
        self.assertEqual(sum(self.link(daemon, "dead")["backlog"].values()), 202, "the alarm is two events")

        # The late upstream has a cursor of its own: it gets what the others had long ago.
        late = dead.start_awaited()
        wait_until(lambda: len(late.nonces()) == 201, what="everything at the late one")

    def test_only_a_required_upstream_that_is_down_holds_records(self):
        street, down = Mosquitto(self).start(), Mosquitto(self)

        def remaining(required):
            daemon = Daemon(self, extra=upstream("street", street.port) + upstream(
                "down", down.port, f"required = {required}"))
            text = daemon.config.read_text().replace('[store]\n', '[store]\nhistory = "0 B"\n')
            daemon.config.write_text(text)
            daemon.start()
            publisher = self.publisher(daemon, f"village-{required}")
            for i in range(300):
                publisher.publish(LEVEL, level(f"{required}{i}"), f"{required}{i}")
            wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
            wait_until(lambda: sum(self.link(daemon)["backlog"].values()) == 0, what="forwarding")

            def oldest():
                # Retention works only beside commits.
                publisher.publish(LEVEL, level("more"), "more")
                return daemon.status()["store"]["oldest"]["telemetry"]
            if required == "true":
                stays(lambda: oldest() == 1, 1, "all that the required upstream lacks")
            else:
                wait_until(lambda: oldest() > 250, what="retention without the optional upstream")
        remaining("false")
        remaining("true")


class Tls(UpstreamCase):
    def street(self, authority, name="server", extra="", **faults):
        certificate, key = authority.issue(name, **faults)
        return Mosquitto(self).speak_tls(authority, certificate, key, extra).start()

    def daemon(self, street, ca, extra="", host="localhost"):
        ca_file = f'ca_file = "{ca}"\n' if ca else ""
        return Daemon(self, extra=upstream("street", street.port, ca_file + extra, "mqtts",
                                           host)).start()

    def deliver(self, daemon, subscriber, nonce="over-tls"):
        self.publisher(daemon).publish(smoke_topic(nonce), alarm(nonce), nonce)
        wait_until(lambda: nonce in subscriber.nonces(), what="delivery over TLS")
        wait_until(lambda: sum(self.link(daemon)["backlog"].values()) == 0
                   and self.link(daemon)["acknowledged"] == 2, what="the cursor")

    def test_the_right_certificate_is_accepted(self):
        authority = Authority(temp_folder(self))
        street = self.street(authority)
        subscriber = Subscriber(self, street.inside)
        for host in ("localhost", "127.0.0.1"):
            self.deliver(self.daemon(street, authority.certificate, host=host), subscriber, host)

    def test_each_wrong_certificate_is_named(self):
        authority = Authority(temp_folder(self))
        cases = ((self.street(authority, "other", alternative="DNS:elsewhere.example"),
                  authority.certificate, ("is not for the name localhost", "url")),
                 (self.street(authority, "old", expired=True),
                  authority.certificate, ("has expired", "date")),
                 (self.street(authority, "good"),
                  Authority(temp_folder(self)).certificate, ("is not trusted", "ca_file")))
        for street, ca, parts in cases:
            with self.subTest(parts[0]):
                daemon = self.daemon(street, ca)
                print(self.wait_for_failure(daemon, *parts))
                self.assertEqual(self.link(daemon)["published"], 0)
                self.assertEqual(daemon.process.log().count(parts[0]), 1, "said more than once")
        street = cases[0][0]
        subscriber = Subscriber(self, street.inside)
        self.deliver(self.daemon(street, authority.certificate, "tls_verify = false"), subscriber)

    def test_a_client_certificate_is_shown_where_it_is_asked_for(self):
        authority = Authority(temp_folder(self))
        street = self.street(authority, extra="require_certificate true\n")
        certificate, key = authority.issue("gateway", alternative="DNS:gateway")
        self.deliver(self.daemon(street, authority.certificate,
                                 f'cert_file = "{certificate}"\nkey_file = "{key}"'),
                     Subscriber(self, street.inside))
        print(self.wait_for_failure(self.daemon(street, authority.certificate), "cert_file"))

    def test_a_server_that_speaks_no_tls_is_named(self):
        street = Mosquitto(self).start()
        ca = Authority(temp_folder(self)).certificate
        print(self.wait_for_failure(self.daemon(street, ca), "over TLS"))


class Refusals(UpstreamCase):
    def street_with_password(self, acl="", unlimited=False):
        folder = temp_folder(self)
        passwords = folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "box", "right"], check=True)
        passwords.chmod(0o644)
        folder.chmod(0o755)
        extra = f"password_file {passwords}\n"
        if acl:
            (folder / "acl").write_text(acl)
            extra += f"acl_file {folder}/acl\n"
        street = Mosquitto(self, extra=extra)
        if acl and not unlimited:
            # Without a limit (0), Mosquitto 2.0.11 ends the link after each PUBACK with a refusal.
            street.config.write_text(street.config.read_text().replace(
                "max_queued_messages 0", "max_queued_messages 100000"))
        if not acl:
            street.config.write_text(street.config.read_text().replace(
                "allow_anonymous true", "allow_anonymous false"))
        return street.start()

    def test_a_wrong_password_is_told_with_both_protocols(self):
        street = self.street_with_password()
        for protocol in ("5", "3.1.1"):
            with self.subTest(protocol):
                login = f'protocol = "{protocol}"\nusername = "box"\npassword = '
                daemon = Daemon(self, extra=upstream("street", street.port, login + '"wrong"')).start()
                self.wait_for_failure(daemon, "user name or password is wrong", "Check username")
                right = Daemon(self, extra=upstream("street", street.port, login + '"right"')).start()
                self.wait_for_state(right, "connected")

    def test_a_refused_class_rests_and_the_others_go_on(self):
        # Anonymous users may not write telemetry here; Mosquitto tells only MQTT 5 clients.
        street = self.street_with_password(
            "topic deny wp/v1/+/+/+/+/telemetry/#\ntopic readwrite wp/v1/#\n")
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        subscriber = Subscriber(self, street.port)
        publisher = self.publisher(daemon)
        for i in range(150):
            publisher.publish(LEVEL, level(f"t{i}"), f"t{i}")
        for i in range(150):
            publisher.publish(smoke_topic(f"a{i}"), alarm(f"a{i}"), f"a{i}")
        wait_until(lambda: len(subscriber.nonces()) == 150, what="the alarms")
        failure = self.wait_for_failure(daemon, "refuses telemetry", "0x87", "not authorized")
        print(failure)
        link = self.link(daemon)
        self.assertEqual(link["state"], "connected")
        self.assertEqual(link["backlog"]["telemetry"], 150)
        wait_until(lambda: self.link(daemon)["backlog"]["alarm"] == 0, what="the alarm cursor")
        self.assertEqual(daemon.process.log().count("refuses telemetry"), 1)

        # Once it is allowed, everything arrives: nothing was counted as delivered.
        (street.folder / "nothing").touch()
        acl = next(line.split()[1] for line in street.config.read_text().splitlines()
                   if line.startswith("acl_file"))
        with open(acl, "w") as file:
            file.write("topic readwrite #\n")
        street.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: len(subscriber.nonces()) == 300, seconds=30, what="telemetry after all")
        check_ledger(self, publisher.acknowledged, subscriber.records())
        wait_until(lambda: self.link(daemon)["failure"] == "", what="a status without failure")

    def test_a_broker_that_cuts_the_link_at_a_refusal_does_not_cost_the_other_classes_theirs(self):
        # Mosquitto 2.0.11 behaves so without a limit of queued messages, as the harness sets it up.
        street = self.street_with_password(
            "topic deny wp/v1/+/+/+/+/telemetry/#\ntopic readwrite wp/v1/#\n", unlimited=True)
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        subscriber = Subscriber(self, street.port)
        publisher = self.publisher(daemon)
        publisher.publish(LEVEL, level("t"), "t")
        self.wait_for_failure(daemon, "refuses telemetry")
        self.wait_for_state(daemon, "connected")
        before = daemon.process.log().count("is not connected")
        for i in range(20):
            publisher.publish(smoke_topic(f"a{i}"), alarm(f"a{i}"), f"a{i}")
            wait_until(lambda: f"a{i}" in subscriber.nonces(), seconds=5, what="the alarm")
            lasts(0.1, "the time between two alarms")
        self.assertLessEqual(daemon.process.log().count("is not connected") - before, 1,
                             daemon.process.log())

    def test_an_event_above_the_brokers_packet_size_costs_no_link(self):
        street = Mosquitto(self, extra="max_packet_size 3000\n").start()
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        subscriber = Subscriber(self, street.port)
        publisher = self.publisher(daemon)
        publisher.publish("some/large/thing", "x" * 20_000, "large")
        publisher.publish("some/small/thing", "b", "b")
        publisher.publish(smoke_topic("a"), alarm("a"), "a")
        wait_until(lambda: len(subscriber.evidence()) == 2, what="the alarm, and what was behind")
        # The refused record is set aside and does not hold up the others.
        wait_until(lambda: self.link(daemon).get("set_aside", {}).get("telemetry") == 1,
                   what="a copy set aside")
        wait_until(lambda: self.link(daemon)["backlog"]["telemetry"] == 0, what="the cursor")
        aside = [each for each in daemon.status()["troubles"]
                 if each["code"] == "upstream_set_aside"]
        self.assertEqual(len(aside), 1, daemon.status()["troubles"])
        self.assertIn("0x95, packet too large", aside[0]["next"]["en"], aside)
        self.assertEqual(self.link(daemon)["failure"], "")
        self.assertEqual(self.link(daemon)["state"], "connected")
        self.assertEqual(daemon.process.log().count("is connected"), 1)

    def test_a_broker_without_retained_messages_is_told(self):
        street = Mosquitto(self, extra="retain_available false\n").start()
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        # The refusal itself is over with the next link, a moment later: the log tells it, and the trouble stays.
        trouble = wait_until(lambda: next((one for one in daemon.status()["troubles"]
                                           if one["code"] == "upstream_without_retained"), None), what="the trouble")
        self.assertIn("presence", trouble["next"]["en"])
        self.assertRegex(daemon.process.log(), "retained.*retain_available")
        self.wait_for_state(daemon, "connected")


class Silence(UpstreamCase):
    def test_a_broker_that_never_acknowledges_is_left_and_tried_again(self):
        mute = MuteBroker(self, connack=True)
        daemon = Daemon(self, extra=upstream("street", mute.port, 'acknowledge_timeout = "1 s"')).start()
        publisher = self.publisher(daemon)
        publisher.publish(smoke_topic("a"), alarm("a"), "a")
        wait_until(lambda: len(mute.accepted) >= 4, seconds=20, what="four links")
        gaps = [b - a for a, b in zip(mute.accepted, mute.accepted[1:])]
        print("seconds between links to a broker that acknowledges nothing: "
              + ", ".join(f"{gap:.2f}" for gap in gaps))
        self.assertGreater(min(gaps), 0.99)
        self.assertLess(max(gaps), 4)
        self.wait_for_failure(daemon, "has not acknowledged", "1 s")
        self.assertEqual(self.link(daemon)["backlog"]["alarm"], 2)

    def test_a_server_that_accepts_and_says_nothing_is_never_called_connected(self):
        mute = MuteBroker(self, connack=False)
        daemon = Daemon(self, extra=upstream("street", mute.port)
                        + upstream("dark", mute.port, "tls_verify = false", "mqtts")).start()
        states = set()

        def tried_again():
            states.update(link["state"] for link in daemon.status()["upstreams"])
            return len(mute.accepted) >= 4
        wait_until(tried_again, seconds=50, what="another attempt of both")
        self.assertNotIn("connected", states, f"{mute.greeted} {daemon.process.log()}")
        for name in ("street", "dark"):
            print(self.wait_for_failure(daemon, "cannot be reached", name=name))

    def test_a_broker_standing_still_or_killed_loses_nothing_and_is_reached_again(self):
        street = Mosquitto(self).start()
        daemon = Daemon(self, extra=upstream("street", street.port,
                                             'acknowledge_timeout = "1 s"')).start()
        subscriber = Subscriber(self, street.port)
        publisher = self.publisher(daemon)
        sent = 0

        def send(count):
            nonlocal sent
            for _ in range(count):
                publisher.publish(LEVEL, level(f"n{sent}"), f"n{sent}")
                sent += 1
        self.wait_for_state(daemon, "connected")
        send(2000)
        street.process.child.send_signal(signal.SIGSTOP)
        send(2000)
        wait_until(lambda: "has not acknowledged" in daemon.process.log(), what="the link's end")
        street.process.child.send_signal(signal.SIGCONT)
        wait_until(lambda: len(subscriber.nonces()) == sent, what="all after standing still")
        self.wait_for_state(daemon, "connected")
        self.assertEqual(self.link(daemon)["failure"], "")

        send(3000)
        street.kill()
        send(1000)
        self.wait_for_state(daemon, "waiting")
        street.start()
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        # A killed Mosquitto forgets what it had not saved, so the cursor is what tells which events were
        # delivered.
        wait_until(lambda: sum(self.link(daemon)["backlog"].values()) == 0, what="an empty backlog")
        events = [e for _, e in subscriber.records()]
        self.assertEqual(len({e["id"] for e in events if nonce_of(e) == "n0"}), 1)

    def test_many_attempts_are_spread_by_jitter(self):
        mute = socket.create_server(("127.0.0.1", 0))
        mute.settimeout(20)
        self.addCleanup(mute.close)
        Daemon(self, extra=upstream("street", mute.getsockname()[1])).start()
        times = []
        for _ in range(12):
            connection, _ = mute.accept()
            times.append(time.monotonic())
            connection.close()
        gaps = [b - a for a, b in zip(times, times[1:])][3:]
        print("seconds between attempts at the ceiling of 0.4: "
              + ", ".join(f"{gap:.3f}" for gap in gaps))
        self.assertGreater(min(gaps), 0.19)
        self.assertGreater(max(gaps) - min(gaps), 0.02)


class Order(UpstreamCase):
    def test_online_and_offline_are_retained(self):
        street = Mosquitto(self).start()
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        self.wait_for_state(daemon, "connected")

        def retained():
            answer = subprocess.run(
                ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(street.port), "-t",
                 "wp/v1/+/+/+/+/status/gateway/online", "-C", "1", "-W", "5", "--retained-only"],
                capture_output=True, text=True, timeout=20)
            event = json.loads(answer.stdout) if answer.stdout else None
            if event:
                jsonschema.validate(event, SCHEMA)
            return event and event["data"]["state"]
        wait_until(lambda: retained() == "online", what="online")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(retained(), "offline")
        daemon.start()
        wait_until(lambda: retained() == "online", what="online again")
        daemon.kill()
        wait_until(lambda: retained() == "offline", what="the will")

    def test_an_alarm_overtakes_a_backlog_of_tens_of_thousands(self):
        street = Mosquitto(self)
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        publisher = self.publisher(daemon)
        backlog = WireLoad(self, daemon.port, "backlog")
        count = 30_000
        for i in range(count):
            backlog.publish(LEVEL, level(f"t{i}"), f"t{i}")
        backlog.catch_up()
        subscriber = street.start_awaited(client_id="server")
        alarms = Subscriber(self, street.port, ("wp/v1/+/+/+/+/alarm/#",), "alarms")
        wait_until(lambda: len(subscriber.events) > 500, what="the drain under way")
        known, delays = [], []
        for i in range(10):
            # An alarm cannot overtake what the street's broker has already acknowledged.
            known.append(self.link(daemon)["acknowledged"])
            began = time.monotonic()
            publisher.publish(smoke_topic(f"a{i}"), alarm(f"a{i}"), f"a{i}")
            wait_until(lambda: f"a{i}" in alarms.nonces(), what="the alarm")
            delays.append((time.monotonic() - began) * 1000)
        self.assertLess(known[0], count, "the backlog was gone before the first alarm")
        wait_until(lambda: len(subscriber.events) >= count + 10 and len(subscriber.nonces()) == count + 10, seconds=60,
                   what="everything", every=0.2)
        order = [nonce_of(e) for _, e in subscriber.records()]
        overtaken = [max(0, order.index(f"a{i}") - known[i]) for i in range(10)]
        print(f"alarms within a backlog of {count}: {overtaken} arrivals between what was "
              f"acknowledged before and the alarm, {', '.join(f'{d:.0f}' for d in delays)} ms")
        # At most the window may be ahead, and what is sent while the alarm is on its way to the disk.
        self.assertLess(sorted(overtaken)[5], 3000)
        self.assertLess(sorted(delays)[5], 1000)
        for event_class in ("alarm", "telemetry"):
            sequence = [int(e["sequence"]) for _, e in subscriber.records()
                        if e["wpclass"] == event_class]
            self.assertEqual(sequence, sorted(sequence), f"{event_class} out of order")
        check_ledger(self, publisher.acknowledged | backlog.acknowledged, subscriber.records())


if __name__ == "__main__":
    unittest.main(verbosity=2)

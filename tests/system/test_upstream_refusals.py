"""Brokers that refuse, with every reason code: what is retried, what waits, what is set aside; the
operator reads cause and remedy, and a change of mind is noticed by itself."""
import json

from doubles import FakeBroker, Script, connack
from harness import Daemon, nonce_of, wait_until
from mqtt_wire import PACKET_SIZE, V311, V5
from upstream_case import UpstreamCase, run_in_parallel, upstream

# The codes of MQTT 5.0 table 3-1 and 3.1.1 table 3.1, each with the words that the operator must find.
CONNACK_5 = {
    0x80: "", 0x81: "", 0x82: "", 0x83: "", 0x84: "protocol", 0x85: "client_id", 0x86: "username",
    0x87: "username", 0x88: "by itself", 0x89: "by itself", 0x8A: "operator", 0x8C: "",
    0x90: "", 0x95: "", 0x97: "by itself", 0x99: "", 0x9A: "retain", 0x9B: "QoS 1",
    0x9C: "url", 0x9D: "url", 0x9F: "by itself"}
CONNACK_311 = {1: "protocol", 2: "client_id", 3: "by itself", 4: "username", 5: "username"}


class RefusesConnect(Script):
    def __init__(self, code):
        self.code = code

    def connect(self, link):
        link.send(connack(self.code, link.version))
        link.close()


class Connack(UpstreamCase):
    def check(self, codes, version):
        brokers = {code: FakeBroker(self, RefusesConnect(code)) for code in codes}
        protocol = "3.1.1" if version == V311 else "5"
        daemon = Daemon(self, extra="".join(
            upstream(f"code-{code:02x}", broker.port, f'protocol = "{protocol}"')
            for code, broker in brokers.items())).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0", "t0"])
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        for code, remedy in codes.items():
            failure = self.wait_for_failure(daemon, "refused the connection", f"(0x{code:02X})", remedy,
                                            name=f"code-{code:02x}")
            print(f"CONNACK 0x{code:02X} ({protocol}): {failure}")
            self.assertNotIn("we do not know", failure)
            self.assertEqual(brokers[code].arrived, [], "published over a refused link")
            self.assertEqual(self.link(daemon, f"code-{code:02x}")["backlog"]["alarm"], 2)
        for broker in brokers.values():
            wait_until(lambda: len(broker.links) >= 2, what="another attempt")
            self.assertEqual({link.version for link in broker.links} - {None}, {version})
            broker.script = Script()
        for code, broker in brokers.items():
            self.check_healed(daemon, f"code-{code:02x}", within=6)
            self.check_all_arrived(publisher, broker)

    def test_each_refusal_of_a_3_1_1_connection_is_told_with_its_remedy_and_ends_by_itself(self):
        self.check(CONNACK_311, V311)

    def test_each_refusal_of_a_v5_connection_is_told_with_its_remedy_and_ends_by_itself(self):
        codes = list(CONNACK_5.items())
        self.check(dict(codes[:11]), V5)
        self.check(dict(codes[11:]), V5)


class RefusesSome(Script):
    """Refuses publications whose nonce contains "bad"; with code 0 it takes them again."""

    def __init__(self, code):
        self.code = code

    def is_bad(self, publication):
        return "bad" in (nonce_of(publication.event) or "")

    def publish(self, link, publication):
        if self.code and self.is_bad(publication):
            link.refuse(publication, self.code)
        else:
            link.accept(publication)


class RefusesTelemetry(RefusesSome):
    def is_bad(self, publication):
        return publication.event["wpclass"] == "telemetry"


GOOD = [f"t{i}" for i in range(40)]
MIXED = GOOD[:20] + ["t-bad"] + GOOD[20:] + ["a0", "a-bad", "a1"]


class RefusalCase(UpstreamCase):
    def start(self, script, codes, extra=""):
        brokers = {code: FakeBroker(self, script(code)) for code in codes}
        daemon = Daemon(self, extra="".join(upstream(f"code-{code:02x}", broker.port, extra)
                                            for code, broker in brokers.items()))
        return brokers, daemon.start()

    def nonces(self, broker):
        return {nonce_of(event) for _, event in broker.records()} - {None}

    def check_mind_changed(self, daemon, brokers, publisher):
        """Checks that set-aside events come with the next link, and that no trouble is left."""
        for broker in brokers.values():
            broker.script.code = 0
        daemon.stop()
        daemon.start()
        for code, broker in brokers.items():
            name = f"code-{code:02x}"
            self.check_healed(daemon, name, within=6)
            self.check_all_arrived(publisher, broker)
            wait_until(lambda: self.set_aside(daemon, name) == 0, what="nothing set aside any more")

    def set_aside(self, daemon, name):
        return sum(self.link(daemon, name).get("set_aside", {}).values())


class Puback(RefusalCase):
    def test_what_will_never_be_taken_is_set_aside_and_comes_when_it_is_taken_after_all(self):
        # 0x80, 0x83, 0x87 may mean the whole class; here others of the class are taken, so they mean the
        # record.
        codes = (0x80, 0x83, 0x87, 0x90, 0x95, 0x99)
        brokers, daemon = self.start(RefusesSome, codes)
        for code in codes:
            self.wait_for_state(daemon, "connected", f"code-{code:02x}")
        publisher = self.publisher(daemon)
        self.publish(publisher, MIXED)
        good = {nonce for nonce in MIXED if "bad" not in nonce}
        for code, broker in brokers.items():
            name = f"code-{code:02x}"
            wait_until(lambda: self.nonces(broker) == good, what=f"all others past 0x{code:02X}")
            wait_until(lambda: sum(self.link(daemon, name)["backlog"].values()) == 0,
                       what="cursors past it")
            wait_until(lambda: self.set_aside(daemon, name) == 2, what="two set aside")
            link = self.link(daemon, name)
            print(f"PUBACK 0x{code:02X}: set aside {link['set_aside']}")
            self.assertEqual((link["set_aside"]["alarm"], link["set_aside"]["telemetry"]), (1, 1))
            self.assertIn(f"0x{code:02X}", daemon.process.log())
            self.assertEqual(link["state"], "connected")
            self.assertEqual(len(broker.links), 1)
        self.check_mind_changed(daemon, brokers, publisher)

    def test_what_may_be_taken_later_waits_without_holding_the_alarms(self):
        # 0xA5 is no code of the standard: nothing is given up for a code that nobody understands.
        codes = (0x97, 0x9B, 0xA5)
        brokers, daemon = self.start(RefusesTelemetry, codes)
        for code in codes:
            self.wait_for_state(daemon, "connected", f"code-{code:02x}")
        publisher = self.publisher(daemon)
        self.publish(publisher, GOOD + ["a0", "a1"])
        for code, broker in brokers.items():
            name = f"code-{code:02x}"
            wait_until(lambda: self.nonces(broker) == {"a0", "a1"}, what="the alarms")
            print(self.wait_for_failure(daemon, f"0x{code:02X}", "kept and tried again", name=name))
            self.assertEqual(self.link(daemon, name)["backlog"]["telemetry"], len(GOOD))
            self.assertEqual(self.set_aside(daemon, name), 0)
            # The attempts are no storm, because the class rests between them.
            self.assertLess(len(broker.refused), 3 * len(GOOD))
        for broker in brokers.values():
            broker.script.code = 0
        for code, broker in brokers.items():
            self.check_healed(daemon, f"code-{code:02x}", within=12)
            self.check_all_arrived(publisher, broker)
            self.assertEqual(len(broker.links), 1)

    def test_a_class_that_is_refused_as_a_whole_waits_for_its_permission(self):
        codes = (0x80, 0x83, 0x87)
        brokers, daemon = self.start(RefusesTelemetry, codes)
        for code in codes:
            self.wait_for_state(daemon, "connected", f"code-{code:02x}")
        publisher = self.publisher(daemon)
        self.publish(publisher, GOOD + ["a0"])
        for code, broker in brokers.items():
            name = f"code-{code:02x}"
            wait_until(lambda: self.nonces(broker) == {"a0"}, what="the alarm")
            self.wait_for_failure(daemon, f"0x{code:02X}", "telemetry", name=name)
            self.assertEqual(self.set_aside(daemon, name), 0)
            self.assertEqual(self.link(daemon, name)["backlog"]["telemetry"], len(GOOD))
            broker.script.code = 0
        for code, broker in brokers.items():
            self.check_healed(daemon, f"code-{code:02x}", within=12)
            self.check_all_arrived(publisher, broker)

    def test_a_packet_identifier_in_use_is_sent_again_at_once(self):
        class Once(RefusesSome):
            def publish(self, link, publication):
                super().publish(link, publication)
                if self.is_bad(publication):
                    self.code = 0
        street = FakeBroker(self, Once(0x91))
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        self.wait_for_state(daemon, "connected")
        publisher = self.publisher(daemon)
        self.publish(publisher, ["t0", "t-bad", "t1"])
        took = self.seconds_until(lambda: self.nonces(street) == {"t0", "t-bad", "t1"}, 4, "all three")
        print(f"PUBACK 0x91: taken after {took:.2f} s")
        self.check_healed(daemon)
        self.check_all_arrived(publisher, street)

    def test_an_event_above_maximum_packet_size_holds_nothing_up(self):
        class Small(Script):
            code = 3000

            def connect(self, link):
                props = ((PACKET_SIZE, self.code),) if self.code else ()
                link.send(connack(0, link.version, props))
        street = FakeBroker(self, Small())
        daemon = Daemon(self, extra=upstream("code-95", street.port)).start()
        self.wait_for_state(daemon, "connected", "code-95")
        publisher = self.publisher(daemon)
        large = [{"bn": "river:", "n": "note", "vs": "x" * 5_000}, {"n": "nonce", "vs": "large"}]
        publisher.publish("wp/in/water/river", json.dumps(large), "large")
        self.publish(publisher, GOOD)
        wait_until(lambda: self.nonces(street) == set(GOOD), what="all others")
        wait_until(lambda: self.set_aside(daemon, "code-95") == 1, what="the large one set aside")
        self.check_mind_changed(daemon, {0x95: street}, publisher)
        self.assertEqual(len(street.refused), 0)


class CutsTheLink(RefusesSome):
    """A 3.1.1 broker, which cannot say no in any other way, closes the connection."""

    def publish(self, link, publication):
        if self.code and self.is_bad(publication):
            self.cuts = getattr(self, "cuts", 0) + 1
            return self.cut(link)
        link.accept(publication)

    def cut(self, link):
        link.hang_up()


class CutsAtTelemetry(CutsTheLink):
    def cut(self, link):
        link.close()  # a reset, which may lose answers

    def is_bad(self, publication):
        return publication.event["wpclass"] == "telemetry"


class BrokenLinks(RefusalCase):
    def test_an_event_that_breaks_each_link_is_set_aside_and_holds_nothing_up(self):
        for_bad = CutsTheLink(1)
        street = FakeBroker(self, for_bad)
        daemon = Daemon(self, extra=upstream("code-fe", street.port, 'protocol = "3.1.1"')).start()
        self.wait_for_state(daemon, "connected", "code-fe")
        publisher = self.publisher(daemon)
        self.publish(publisher, GOOD[:20] + ["t-bad"] + GOOD[20:] + ["a0"])
        wait_until(lambda: self.nonces(street) == {*GOOD, "a0"}, 30, "all others")
        wait_until(lambda: self.set_aside(daemon, "code-fe") == 1, what="one set aside")
        print(f"a record that breaks each link: set aside after {for_bad.cuts} links")
        self.assertIn("each link broke over it", daemon.process.log())
        # Three cuts make the record suspect; two more with nothing else under way convict it (LinkBreaker).
        self.assertEqual(for_bad.cuts, 5)
        self.check_healed(daemon, "code-fe")
        self.check_mind_changed(daemon, {0xFE: street}, publisher)

    def test_a_class_that_breaks_each_link_waits_and_lets_the_alarms_pass(self):
        street = FakeBroker(self, CutsAtTelemetry(1))
        daemon = Daemon(self, extra=upstream("code-fe", street.port, 'protocol = "3.1.1"')).start()
        self.wait_for_state(daemon, "connected", "code-fe")
        publisher = self.publisher(daemon)
        self.publish(publisher, GOOD)
        self.wait_for_failure(daemon, "telemetry", "each link broke over it", name="code-fe",
                              seconds=40)
        self.wait_for_state(daemon, "connected", "code-fe")
        self.publish(publisher, ["a0"])
        wait_until(lambda: self.nonces(street) == {"a0"}, 5, "the alarm")
        # One record was convicted before it was clear that the whole class is refused.
        self.assertEqual(self.set_aside(daemon, "code-fe"), 1)
        self.check_mind_changed(daemon, {0xFE: street}, publisher)


if __name__ == "__main__":
    run_in_parallel(9)

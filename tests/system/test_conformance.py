"""Statements of MQTT 3.1.1 and 5.0 that show only between a publisher and a subscriber (docs/mqtt-conformance.md)."""
import struct
import unittest

from harness import Daemon
from mqtt_wire import (ALIAS_MAXIMUM, CONTENT, EXPIRY, MESSAGE_EXPIRY, PACKET_SIZE, PINGRESP, PUBACK, PUBCOMP, PUBREC,
                       PUBREL, RECEIVE_MAXIMUM, SUBACK, UNSUBACK, USER, V311, V5, PINGREQ, Wire, ack, packet, properties,
                       publish, text)
from times import lasts

NO_LOCAL, AS_PUBLISHED, IDENTIFIER = 4, 8, 0x0B


def subscribe(packet_id, *filters, version=V5, props=()):
    """Each filter with its options."""
    body = b"".join(text(one) + bytes([options]) for one, options in filters)
    return packet(0x82, struct.pack(">H", packet_id), properties(*props) if version == V5 else b"", body)


def unsubscribe(packet_id, *filters, version=V5):
    return packet(0xA2, struct.pack(">H", packet_id), properties() if version == V5 else b"",
                  b"".join(text(one) for one in filters))


class Got:
    """A PUBLISH as it came."""

    def __init__(self, first, body, version):
        self.dup, self.qos, self.retain = bool(first & 8), first >> 1 & 3, bool(first & 1)
        length = struct.unpack(">H", body[:2])[0]
        self.topic, at = body[2:2 + length], 2 + length
        self.packet_id = 0
        if self.qos:
            self.packet_id, at = struct.unpack(">H", body[at:at + 2])[0], at + 2
        self.properties = b""
        if version == V5:
            size = body[at]
            assert size < 0x80
            self.properties, at = body[at + 1:at + 1 + size], at + 1 + size
        self.payload = body[at:]


class Peer(Wire):
    """A connection that keeps what it gets apart from the answers it waits for."""

    def __init__(self, test, daemon, client_id, version=V5, **more):
        super().__init__(test, daemon.port)
        self.version, self.test = version, test
        self.present = self.connect(client_id, version=version, **more)[0]

    def subscribes(self, *filters, packet_id=1, props=()):
        self.send(subscribe(packet_id, *filters, version=self.version, props=props))
        body = self.expect(SUBACK)
        self.test.assertEqual(struct.unpack(">H", body[:2])[0], packet_id)
        return list(body[-len(filters):])

    def publishes(self, topic, payload, qos=0, **more):
        self.send(publish(topic, payload, qos, version=self.version, **more))
        if qos == 1:
            self.expect(PUBACK, more.get("packet_id", 1))
        if qos == 2:
            self.expect(PUBREC, more.get("packet_id", 1))
            self.send(ack(PUBREL, more.get("packet_id", 1)))
            self.expect(PUBCOMP, more.get("packet_id", 1))
        return self

    def gets(self, acknowledge=True):
        self._need(1)
        first = self.buffer[0]
        kind, body = self.read()
        self.test.assertEqual(kind, 3, f"packet {kind} instead of PUBLISH")
        got = Got(first, body, self.version)
        if got.qos == 1 and acknowledge:
            self.send(ack(PUBACK, got.packet_id))
        if got.qos == 2 and acknowledge:
            self.send(ack(PUBREC, got.packet_id))
            self.expect(PUBREL, got.packet_id)
            self.send(ack(PUBCOMP, got.packet_id))
        return got

    def gets_nothing(self, publisher):
        """Whatever was published before is delivered before this: each topic keeps its order, and so does a publisher."""
        publisher.publishes("marker", "marker", 1, packet_id=999)
        got = self.gets()
        self.test.assertEqual(got.payload, b"marker", f"got {got.topic} {got.payload}")


class Case(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(self).start()

    def peer(self, client_id, version=V5, **more):
        return Peer(self, self.daemon, client_id, version, **more)


class Texts(Case):
    def test_topics_are_compared_byte_by_byte_and_nothing_is_stripped(self):
        composed, decomposed, bom = "é", "e\u0301", "\ufeffhall"
        for version in (V311, V5):
            here, there = self.peer(f"here{version}", version), self.peer(f"there{version}", version)
            here.subscribes((composed, 0), (bom, 0), ("Hall", 0), ("marker", 1))
            for topic in (decomposed, "hall", "HALL"):
                there.publishes(topic, "no")
            here.gets_nothing(there)
            for topic in (composed, bom, "Hall"):
                there.publishes(topic, "yes")
                self.assertEqual(here.gets().topic, topic.encode())

    def test_a_topic_of_the_greatest_length_is_delivered(self):
        here, there = self.peer("here"), self.peer("there", V311)
        here.subscribes(("long/#", 0))
        topic = "long/" + "x" * 65_530
        there.publishes(topic, "yes")
        self.assertEqual(here.gets().topic, topic.encode())

    def test_a_user_property_that_is_no_utf_8_ends_the_connection(self):
        for pair in ((b"\xff", b"v"), (b"k", b"\xed\xa0\x80"), (b"k\0", b"v")):
            self.assertEqual(self.peer("c").send(publish("t", "x", props=[(USER, pair)])).farewell(), 0x81)


class Delivering(Case):
    def test_qos_is_the_lower_of_published_and_granted(self):
        for version in (V311, V5):
            there = self.peer("there", version)
            for granted in (0, 1, 2):
                here = self.peer("here", version)
                self.assertEqual(here.subscribes(("t", granted)), [granted])
                for qos in (0, 1, 2):
                    there.publishes("t", "x", qos)
                    self.assertEqual(here.gets().qos, min(qos, granted))
                here.close()

    def test_overlapping_filters_give_one_message_with_all_identifiers(self):
        here, there = self.peer("here"), self.peer("there")
        here.subscribes(("t/#", 0), props=[(IDENTIFIER, 5)])
        here.subscribes(("t/+", 2), props=[(IDENTIFIER, 300)], packet_id=2)
        here.subscribes(("marker", 1), packet_id=3)
        there.publishes("t/a", "x", 2)
        got = here.gets()
        self.assertEqual(got.qos, 2)
        self.assertIn(got.properties, (b"\x0b\x05\x0b\xac\x02", b"\x0b\xac\x02\x0b\x05"))
        here.gets_nothing(there)

    def test_retain_is_set_for_what_was_kept_and_not_for_what_is_new(self):
        for version in (V311, V5):
            topic = f"t{version}"
            here, there = self.peer("here", version), self.peer("there", version)
            here.subscribes((topic, 1))
            there.publishes(topic, "x", 1, retain=True)
            self.assertFalse(here.gets().retain)
            late = self.peer("late", version)
            late.subscribes((topic, 1))
            self.assertTrue(late.gets().retain)
        here.subscribes((topic, 1 | AS_PUBLISHED | 0x20))
        there.publishes(topic, "y", 1, retain=True)
        self.assertTrue(here.gets().retain)
        there.publishes(topic, "z", 1)
        self.assertFalse(here.gets().retain)

    def test_an_empty_retained_message_is_delivered_and_takes_the_kept_one_away(self):
        here, there = self.peer("here", V311), self.peer("there", V311)
        here.subscribes(("t", 1), ("marker", 1))
        there.publishes("t", "x", 1, retain=True).publishes("t", "", 1, retain=True)
        self.assertEqual([here.gets().payload for _ in range(2)], [b"x", b""])
        there.publishes("t", "not kept", 1)
        self.assertEqual(here.gets().payload, b"not kept")
        late = self.peer("late", V311)
        late.subscribes(("t", 1), ("marker", 1))
        late.gets_nothing(there)

    def test_a_retained_message_published_just_before_the_subscription_comes_with_it(self):
        for qos in (0, 1, 2):
            peer = self.peer("one")
            peer.send(publish(f"t{qos}", "first", qos, 7, retain=True), publish(f"t{qos}", "second", 0, retain=True),
                      subscribe(9, (f"t{qos}", 1)))
            while (answer := peer.read())[0] != SUBACK:
                self.assertIn(answer[0], (PUBACK, PUBREC))
            try:
                got = peer.gets()
            except TimeoutError:
                self.fail("nothing comes with the subscription")
            self.assertEqual((got.payload, got.retain), (b"second", True))
            peer.close()

    def test_dup_of_the_publisher_is_not_passed_on(self):
        here, there = self.peer("here", V311), self.peer("there", V311)
        here.subscribes(("t", 1))
        there.publishes("t", "x", 1, dup=True)
        self.assertFalse(here.gets().dup)

    def test_properties_are_passed_on_in_their_order(self):
        here, there = self.peer("here"), self.peer("there")
        here.subscribes(("t", 0))
        sent = [(USER, ("b", "1")), (CONTENT, "text/plain"), (USER, ("a", "2")), (USER, ("b", "3"))]
        there.publishes("t", "x", props=sent)
        self.assertEqual(here.gets().properties, properties(*sent)[1:])
        mortal = self.peer("mortal", will=("t", "gone", 0, False, sent))
        mortal.drop()
        self.assertEqual(here.gets().properties, properties(*sent)[1:])

    def test_what_expires_at_once_reaches_nobody_later(self):
        there = self.peer("there")
        there.publishes("t", "brief", 1, retain=True, props=[(MESSAGE_EXPIRY, 1)])
        here = self.peer("here")
        here.subscribes(("marker", 1))
        lasts(1.1, "the expiry interval")
        here.subscribes(("t", 1))
        here.gets_nothing(there)


class Windows(Case):
    def test_beyond_receive_maximum_nothing_but_publish_waits(self):
        here, there = self.peer("here", props=[(RECEIVE_MAXIMUM, 1)]), self.peer("there")
        here.subscribes(("t", 2))
        for payload in ("1", "2"):
            there.publishes("t", payload, 1)
        first = here.gets(acknowledge=False)
        here.send(PINGREQ)
        here.expect(PINGRESP)
        here.subscribes(("u", 0), packet_id=2)
        there.publishes("u", "QoS 0")
        self.assertEqual(here.gets().payload, b"QoS 0")
        here.send(ack(PUBACK, first.packet_id))
        self.assertEqual(here.gets().payload, b"2")

    def test_topic_aliases_stay_within_the_clients_maximum(self):
        here, there = self.peer("here", props=[(ALIAS_MAXIMUM, 1)]), self.peer("there")
        here.subscribes(("t/#", 0))
        came = []
        for topic in ("t/a", "t/b", "t/a", "t/b"):
            there.publishes(topic, "x")
            got = here.gets()
            came.append((got.topic, got.properties))
        self.assertEqual(came, [(b"t/a", b"\x23\x00\x01"), (b"t/b", b""), (b"", b"\x23\x00\x01"), (b"t/b", b"")])
        none = self.peer("none")
        none.subscribes(("t/#", 0))
        there.publishes("t/a", "x")
        self.assertEqual(none.gets().properties, b"")

    def test_a_message_too_large_for_a_client_is_left_out_for_it_alone(self):
        small, large, there = self.peer("small", props=[(PACKET_SIZE, 60)]), self.peer("large"), self.peer("there")
        for one in (small, large):
            one.subscribes(("t", 1), ("marker", 1))
        there.publishes("t", "x" * 100, 1)
        self.assertEqual(len(large.gets().payload), 100)
        small.gets_nothing(there)


class Subscribing(Case):
    def test_the_same_filter_again_takes_the_place_of_the_first(self):
        for version in (V311, V5):
            here, there = self.peer("here", version), self.peer("there", version)
            there.publishes("t", "kept", 1, retain=True)
            here.subscribes(("t", 0), ("marker", 1))
            self.assertEqual(here.gets().payload, b"kept")
            here.subscribes(("t", 1), packet_id=2)
            again = here.gets()
            self.assertEqual((again.payload, again.qos, again.retain), (b"kept", 1, True))
            there.publishes("t", "new", 2)
            self.assertEqual(here.gets().qos, 1)
            here.gets_nothing(there)

    def test_unsubscribing_ends_new_messages_and_completes_those_under_way(self):
        for version in (V311, V5):
            here, there = self.peer("here", version), self.peer("there", version)
            here.subscribes(("t", 2), ("marker", 1))
            there.publishes("t", "under way", 2)
            got = here.gets(acknowledge=False)
            here.send(unsubscribe(5, "t", "T", version=version))
            body = here.expect(UNSUBACK)
            self.assertEqual(body, b"\x00\x05" + (b"\x00\x00\x11" if version == V5 else b""))
            there.publishes("t", "after", 1)
            here.send(ack(PUBREC, got.packet_id))
            here.expect(PUBREL, got.packet_id)
            here.send(ack(PUBCOMP, got.packet_id))
            here.gets_nothing(there)

    def test_no_local_leaves_out_a_clients_own_messages(self):
        here = self.peer("here")
        here.subscribes(("t", 1 | NO_LOCAL), ("marker", 1))
        here.send(publish("t", "own", 1, 3))
        here.expect(PUBACK, 3)
        other = self.peer("other")
        other.publishes("t", "other's", 1)
        self.assertEqual(here.gets().payload, b"other's")
        here.gets_nothing(other)

    def test_topics_that_begin_with_a_dollar_need_their_own_filter(self):
        here, there = self.peer("here", V311), self.peer("there", V311)
        here.subscribes(("#", 0), ("+/t", 0), ("$own/#", 0), ("marker", 1))
        there.publishes("$other/t", "no")
        there.publishes("$own/t", "yes")
        self.assertEqual(here.gets().payload, b"yes")


class Sharing(Case):
    def test_each_member_gets_at_its_own_qos_and_a_refusal_discards(self):
        one, two, there = self.peer("one"), self.peer("two"), self.peer("there")
        one.subscribes(("$share/g/t", 0))
        two.subscribes(("$share/g/t", 1))
        for payload in ("1", "2"):
            there.publishes("t", payload, 2)
        self.assertEqual((one.gets().qos, (second := two.gets(acknowledge=False)).qos), (0, 1))
        two.send(packet(0x40, struct.pack(">H", second.packet_id), b"\x80"))
        for payload in ("3", "4"):
            there.publishes("t", payload, 2)
        self.assertEqual((one.gets().payload, two.gets().payload), (b"3", b"4"))

    def test_what_a_member_has_under_way_at_qos_2_stays_its_own(self):
        lasting = {"clean": False, "props": [(EXPIRY, 60)]}
        one, there = self.peer("one", **lasting), self.peer("there")
        one.subscribes(("$share/g/t", 2))
        there.publishes("t", "1", 2)
        first = one.gets(acknowledge=False)
        two = self.peer("two")
        two.subscribes(("$share/g/t", 2), ("marker", 1))
        one.drop()
        there.publishes("t", "2", 2)
        self.assertEqual(two.gets().payload, b"2")
        two.gets_nothing(there)
        one = self.peer("one", **lasting)
        self.assertEqual(one.present, 1)
        again = one.gets()
        self.assertEqual((again.payload, again.packet_id, again.dup), (b"1", first.packet_id, True))
        # Where its session ends, nobody else gets it.
        there.publishes("t", "3", 2)
        one.gets(acknowledge=False)
        one.send(packet(0xE0, b"\x00", properties((EXPIRY, 0))))
        two.gets_nothing(there)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""Brokers that refuse, with every reason code: what is retried, what waits, what is set aside; the
operator reads cause and remedy, and a change of mind is noticed by itself."""
from fake_broker import FakeBroker, Script, connack
from harness import Daemon, wait_until
from mqtt_wire import V311, V5
from upstream_case import UpstreamCase, run_in_parallel, upstream

# MQTT 5.0 table 3-1, and 3.1.1 table 3.1; with what the operator must find in the sentence.
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
            failure = self.wait_for_failure(daemon, "refused the connection", f"code {code}", remedy,
                                            name=f"code-{code:02x}")
            print(f"CONNACK 0x{code:02X} ({protocol}): {failure}")
            self.assertNotIn("no reason we know", failure)
            self.assertEqual(brokers[code].arrived, [], "published over a refused link")
            self.assertEqual(self.link(daemon, f"code-{code:02x}")["backlog"]["alarm"], 1)
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


if __name__ == "__main__":
    run_in_parallel()

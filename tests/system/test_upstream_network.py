"""The network under the links: name servers that fail, certificates that become right later, packets
that vanish without FIN, RST or ICMP, cables pulled.

Runs in network and mount namespaces of its own, where it is the name server and has routers.
"""
import time

from certificates import Authority
from doubles import FakeBroker
from harness import Daemon, Mosquitto, Subscriber, smoke_topic, temp_folder, wait_until
from network import NameServer, Road, enter_own_network
from times import lasts
from upstream_case import UpstreamCase, alarm, run_in_parallel, upstream

NAMES = None
# The kernel sends a SYN that was lost in the fault again after 1, 3 and 7 s.
SYN_AGAIN = 9


class Names(UpstreamCase):
    """One name server for all tests at once; each test asks it for names of its own."""

    def slowest_alarm(self, daemon, subscriber, seconds):
        publisher = self.publisher(daemon)
        slowest, end, count = 0, time.monotonic() + seconds, 0
        while time.monotonic() < end:
            nonce = f"a{count}"
            count += 1
            began = time.monotonic()
            publisher.publish(smoke_topic(nonce), alarm(nonce), nonce)
            wait_until(lambda: nonce in subscriber.nonces(), 40, "the alarm")
            slowest = max(slowest, time.monotonic() - began)
            lasts(0.02, "the time between two alarms")
        return slowest, count

    def check_others(self, scheme):
        street = Mosquitto(self).start()
        name = f"silent-{scheme}.example"
        NAMES.answers[name] = None
        daemon = Daemon(self, extra=upstream("street", street.port)
                        + upstream("district", 1883, "required = false", scheme, name)
                        + f'[[broker]]\nurl = "{scheme}://reader-{name}:1883"\ntopics = ["x"]\n')
        NAMES.answers["reader-" + name] = None
        daemon.start()
        subscriber = Subscriber(self, street.port)
        self.wait_for_state(daemon, "connected")
        slowest, count = self.slowest_alarm(daemon, subscriber, 12)
        print(f"two silent lookups beside us ({scheme}): slowest of {count} alarms "
              f"{slowest * 1000:.0f} ms, {NAMES.asked.count(name)} questions")
        self.assertGreaterEqual(NAMES.asked.count(name), 2)
        self.assertIn("reader-" + name, NAMES.asked)
        self.assertLess(slowest, 2)
        print(self.wait_for_failure(daemon, f"The name {name} cannot be looked up", "resolv.conf",
                                    name="district"))
        # A stop does not wait for a lookup under way.
        asked = NAMES.asked.count(name)
        wait_until(lambda: NAMES.asked.count(name) > asked, 12, "another lookup")
        took = self.seconds_until(lambda: daemon.stop() == 0, 8, "the stop")
        print(f"stopped within {took:.1f} s during a lookup ({scheme})")
        self.assertLess(took, 4)

    def test_a_silent_name_server_delays_no_other_upstream_and_no_stop(self):
        self.check_others("mqtt")

    def test_a_silent_name_server_delays_no_other_upstream_and_no_stop_with_tls(self):
        self.check_others("mqtts")

    def test_a_name_that_resolves_later_is_found_by_itself(self):
        street = Mosquitto(self).start()
        daemon = Daemon(self, extra=upstream("street", street.port, host="late.example")).start()
        subscriber = Subscriber(self, street.port)
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0", "t0"])
        for answer, reason in (("unknown", "not known"), ("broken", "Temporary failure")):
            NAMES.answers["late.example"] = answer
            print(self.wait_for_failure(daemon, "late.example cannot be looked up", reason))
        NAMES.answers["late.example"] = "127.0.0.1"
        print(f"connected {self.check_healed(daemon):.1f} s after the name was there")
        self.check_all_arrived(publisher, subscriber)

    def test_a_name_with_a_dead_address_is_told_and_its_other_address_is_tried(self):
        street = Mosquitto(self).start()
        NAMES.answers["two.example"] = "127.0.0.77"
        daemon = Daemon(self, extra=upstream("street", street.port, host="two.example")).start()
        subscriber = Subscriber(self, street.port)
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0", "t0"])
        print(self.wait_for_failure(daemon, "two.example", "cannot be reached"))
        NAMES.answers["two.example"] = "127.0.0.77 127.0.0.1 127.0.0.78"
        print(f"connected {self.check_healed(daemon, within=6):.1f} s after there was a good address")
        self.check_all_arrived(publisher, subscriber)
        # The address that works stays the first choice.
        street.stop()
        self.wait_for_state(daemon, "waiting")
        street.start()
        self.check_healed(daemon, within=6)

    def test_a_name_that_moves_to_another_address_is_followed(self):
        first = FakeBroker(self)
        second = FakeBroker(self, host="127.0.0.9", port=first.port)
        NAMES.answers["moves.example"] = "127.0.0.1"
        daemon = Daemon(self, extra=upstream("street", first.port, host="moves.example")).start()
        self.wait_for_state(daemon, "connected")
        NAMES.answers["moves.example"] = "127.0.0.9"
        first.close()
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0"])
        self.check_healed(daemon, within=6)
        self.check_all_arrived(publisher, second)


class Certificates(UpstreamCase):
    def test_a_certificate_that_becomes_right_later_lets_us_in(self):
        authority = Authority(temp_folder(self))
        expired, key = authority.issue("old", "DNS:street.example", expired=True)
        street = Mosquitto(self).speak_tls(authority, expired, key).start()
        subscriber = Subscriber(self, street.inside)
        NAMES.answers["street.example"] = "127.0.0.1"
        daemon = Daemon(self, extra=upstream(
            "street", street.port, f'ca_file = "{authority.certificate}"', "mqtts",
            "street.example")).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0", "t0"])
        print(self.wait_for_failure(daemon, "The certificate of", "has expired", "date"))
        good, key = authority.issue("new", "DNS:street.example")
        street.config.write_text(street.config.read_text().replace(
            "old.pem", "new.pem").replace("old.key", "new.key"))
        street.stop()
        street.start()
        self.check_healed(daemon, within=8)
        self.assertEqual(self.link(daemon)["acknowledged"], 3, "the alarm is two events")
        self.check_all_arrived(publisher, subscriber)


class Cable(UpstreamCase):
    def road(self, number, extra):
        road = Road(self, number)
        street = Mosquitto(self)
        street.config.write_text(street.config.read_text().replace(
            f"listener {street.port} 127.0.0.1", f"listener {street.port} 0.0.0.0"))
        street.start(["nsenter", "-t", road.broker, "-n"], road.side)
        daemon = Daemon(self, extra=upstream("street", street.port, extra, host=road.address)).start()
        subscriber = Subscriber(self, street.port, host=road.side)
        self.wait_for_state(daemon, "connected")
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a-first"])
        wait_until(lambda: self.link(daemon)["backlog"]["alarm"] == 0, what="the first alarm")
        return road, daemon, subscriber, publisher

    def lost_within(self, daemon, seconds, what):
        took = self.seconds_until(lambda: self.link(daemon)["state"] != "connected", seconds,
                                  f"{what} noticed")
        print(f"{what}: noticed after {took:.1f} s")
        return took

    def test_a_silent_drop_while_idle_is_noticed_by_keep_alive(self):
        road, daemon, subscriber, publisher = self.road(1, 'keep_alive = "5 s"')
        road.swallow()
        # Paho looks every 5 s: it takes 5 to 10 s until the ping, and as long until the answer is missed.
        self.lost_within(daemon, 21, "a silent drop on an idle link, keep alive 5 s")
        self.publish(publisher, ["a0", "t0"])
        self.wait_for_failure(daemon, "Check the network")
        road.carry()
        print(f"connected again after {self.check_healed(daemon, within=SYN_AGAIN + 3):.1f} s")
        self.check_all_arrived(publisher, subscriber)

    def test_a_silent_drop_under_load_is_noticed_by_acknowledge_timeout(self):
        road, daemon, subscriber, publisher = self.road(2, 'acknowledge_timeout = "2 s"')
        self.publish(publisher, [f"t{i}" for i in range(500)])
        road.swallow()
        self.publish(publisher, [f"t{i}" for i in range(500, 1000)] + ["a0"])
        self.assertLess(self.lost_within(daemon, 6, "a silent drop under load, timeout 2 s"), 4)
        self.wait_for_failure(daemon, "has not acknowledged a message for 2 s")
        road.carry()
        print(f"connected again after {self.check_healed(daemon, within=SYN_AGAIN + 3):.1f} s")
        self.check_all_arrived(publisher, subscriber)

    def test_a_cable_pulled_on_our_side_and_plugged_in_again(self):
        road, daemon, subscriber, publisher = self.road(3, 'acknowledge_timeout = "2 s"')
        road.pull_our_cable()
        self.publish(publisher, ["a0", "t0"])
        self.lost_within(daemon, 6, "our cable pulled, timeout 2 s")
        self.wait_for_failure(daemon, "cannot be reached", "Check the network")
        road.plug_our_cable()
        print(f"connected again after {self.check_healed(daemon, within=SYN_AGAIN + 3):.1f} s")
        self.check_all_arrived(publisher, subscriber)

    def test_a_silent_drop_shorter_than_the_timeouts_costs_no_link(self):
        road, daemon, subscriber, publisher = self.road(4, 'acknowledge_timeout = "10 s"')
        road.swallow()
        self.publish(publisher, [f"t{i}" for i in range(200)])
        wait_until(lambda: self.link(daemon)["in_flight"] > 0, what="something on its way")
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        road.carry()
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)
        self.assertEqual(daemon.process.log().count("is connected"), 1)


if __name__ == "__main__":
    enter_own_network()
    with NameServer() as NAMES:
        run_in_parallel(10)

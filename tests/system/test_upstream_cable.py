"""The kernel's own view of a dead network: a router that swallows packets without FIN, RST or ICMP,
and a cable pulled on our side. Runs in network namespaces of its own."""
from harness import Daemon, Mosquitto, Subscriber, wait_until
from network import Road, enter_own_network
from upstream_case import UpstreamCase, run_in_parallel, upstream

# A SYN lost during the fault is sent again by the kernel after 1, 3 and 7 s.
SYN_AGAIN = 9


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
        # Paho looks every 5 s: 5 to 10 s until the ping, as long until its answer is missed.
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
        self.wait_for_failure(daemon, "has not acknowledged a message for 2000 ms")
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
    run_in_parallel()

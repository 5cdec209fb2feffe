"""Nobody listens at the street: events that its broker acknowledges without a subscriber are not
delivered."""
import json
import unittest

from doubles import FakeBroker, Script
from harness import Daemon, Mosquitto, Subscriber, nonce_of, wait_until
from upstream_case import UpstreamCase, upstream

NO_MATCHING_SUBSCRIBERS = 0x10


def trouble_of(daemon):
    return next((t for t in daemon.status()["troubles"] if t["code"] == "upstream_nobody_listens"),
                None)


def unheard_alarms(daemon):
    trouble = trouble_of(daemon)
    return trouble["args"]["by_class"]["alarm"] if trouble else 0


class Unheard(UpstreamCase):
    def test_alarms_wait_until_somebody_subscribes(self):
        broker = Mosquitto(self).start()
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0", "t0", "a1"])
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        # Each alarm is two events.
        wait_until(lambda: unheard_alarms(daemon) == 4, what="the trouble")
        self.assertIn("wp/v1/310118/106/203/", trouble_of(daemon)["next"]["en"])
        self.assertIn("Nobody has subscribed at upstream street", daemon.process.log())
        wait_until(lambda: self.link(daemon)["backlog"]["telemetry"] == 0, what="telemetry delivered")
        self.assertEqual(self.link(daemon)["backlog"]["alarm"], 4)

        # A restart of the box forgets nothing, and the trouble is reported again.
        daemon.stop()
        daemon.start()
        wait_until(lambda: trouble_of(daemon), what="the trouble after a restart")

        street = Subscriber(self, broker.port)
        wait_until(lambda: {"a0", "a1"} <= street.nonces(), seconds=30, what="the alarms")
        wait_until(lambda: trouble_of(daemon) is None, what="no trouble any more")
        wait_until(lambda: self.link(daemon)["backlog"]["alarm"] == 0, what="an empty backlog")
        ids = [event["id"] for _, event in street.records() if nonce_of(event) == "a0"]
        self.assertEqual(len(set(ids)), 1)

    def test_an_alarm_that_nobody_may_hear_holds_up_no_other(self):
        class OnlyHall(Script):
            def publish(self, link, publication):
                if "/alarm/" in publication.topic and "hall" not in publication.topic:
                    link.refuse(publication, NO_MATCHING_SUBSCRIBERS)
                else:
                    link.accept(publication)

        broker = FakeBroker(self, OnlyHall())
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        publisher = self.publisher(daemon)
        senml = json.dumps([{"n": "smoke", "vb": True}, {"n": "nonce", "vs": "a-pond"}])
        publisher.publish("wp/in/fire/pond", senml, "a-pond")
        self.publish(publisher, [f"a{i}" for i in range(300)])
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        wait_until(lambda: unheard_alarms(daemon) == 2 and
                   len({nonce_of(p.event) for p in broker.accepted} - {None}) == 300,
                   what="all but one delivered")
        broker.script = Script()
        wait_until(lambda: trouble_of(daemon) is None, seconds=30, what="the last one heard")
        wait_until(lambda: self.link(daemon)["backlog"]["alarm"] == 0, what="an empty backlog")


if __name__ == "__main__":
    unittest.main(verbosity=2)

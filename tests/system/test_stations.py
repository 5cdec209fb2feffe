"""Hydrology stations (SL 651) and the printer port of a fire panel at listeners of their own."""
import random
import socket
import unittest

from harness import Mosquitto, is_transition, wait_until
from sl651_wire import EOT, LEVEL_ALARM, NAK, NAME, Station, frame, opening, report, uniform
from test_disk import fail_writes, store_troubles
from test_wired import WiredDaemon, slow_disk
from times import at_any_moment


class StationDaemon(WiredDaemon):
    speaks = Station

    def __init__(self, test, upstreams=(), protocol="sl651", **more):
        super().__init__(test, upstreams, protocol=protocol, **more)

    def values(self, quantity):
        """All readings of this quantity in the store."""
        return [reading["v"] for event in self.events()
                for reading in event["data"].get("readings", []) if reading["n"] == quantity]

    def serials(self):
        """The serial numbers of the reports in the store."""
        return set(self.values("seq"))


class Custody(unittest.TestCase):
    def test_a_confirmation_waits_for_the_disk(self):
        daemon = StationDaemon(self).start(slow_disk(milliseconds=600))
        station = daemon.station()
        station.send(report(1, status=LEVEL_ALARM))
        self.assertTrue(station.hears_nothing(0.3), "an answer before the disk had the report")
        self.assertEqual(station.answer(), (1, 0x32, EOT, None))
        daemon.kill()
        daemon.start()
        self.assertIn(1, daemon.serials())

    def test_kills_lose_nothing_that_was_confirmed(self):
        dice = random.Random(651)
        daemon = StationDaemon(self).start()
        confirmed = set()
        for serial in range(1, 31):
            while serial not in confirmed:
                station = daemon.station()
                station.send(report(serial))
                if dice.random() < 0.3:
                    at_any_moment(dice, 0.3)
                    daemon.kill()
                if station.answer() == (serial, 0x32, EOT, None):
                    confirmed.add(serial)
                if not daemon.process.is_running():
                    daemon.start()
        self.assertLessEqual(confirmed, daemon.serials())

    def test_what_the_store_cannot_keep_has_no_answer_until_it_can(self):
        daemon = StationDaemon(self).start()
        station = daemon.station()
        station.send(report(1))
        self.assertEqual(station.answer(), (1, 0x32, EOT, None))
        fail_writes(daemon)
        station.send(report(2))
        self.assertTrue(station.hears_nothing(2))
        fail_writes(daemon, failing=False)

        def again():
            station.send(report(3))
            return not station.hears_nothing(1)
        wait_until(again, what="an answer again")
        self.assertIn(3, daemon.serials())


class Packets(unittest.TestCase):
    def test_a_missing_packet_is_asked_for_and_the_whole_is_confirmed_once(self):
        daemon = StationDaemon(self).start()
        station = daemon.station()
        first, second, third = uniform(7, 3)
        station.send(first + third)
        self.assertEqual(station.answer(), (7, 0x31, NAK, (3, 2)))
        station.send(second)
        self.assertEqual(station.answer(), (7, 0x31, EOT, (3, 3)))
        self.assertTrue(station.hears_nothing(1))
        self.assertEqual(sorted(daemon.values("level")), [1.0, 1.01, 1.02, 1.03])

    def test_a_kill_between_packets_loses_none_that_came(self):
        daemon = StationDaemon(self).start()
        station = daemon.station()
        first, second, third = uniform(8, 3)
        station.send(first + second)
        wait_until(lambda: len(daemon.events()) >= 2, what="two packets in the store")
        daemon.kill()
        daemon.start()
        # The station had no confirmation; it sends the rest, and is asked for what this line lacks.
        station = daemon.station()
        station.send(third)
        self.assertEqual(station.answer(), (0, 0x31, NAK, (3, 1)))
        self.assertEqual(sorted(daemon.values("level")), [1.0, 1.01, 1.02, 1.03])

    def test_a_last_packet_that_never_comes_is_asked_for_after_a_pause(self):
        daemon = StationDaemon(self).start()
        station = daemon.station()
        first, second = uniform(9, 2)
        station.send(first)
        self.assertEqual(station.answer(), (9, 0x31, NAK, (2, 2)))
        station.send(second)
        self.assertEqual(station.answer(), (9, 0x31, EOT, (2, 2)))


class Way(unittest.TestCase):
    def test_a_level_alarm_goes_up(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        daemon = StationDaemon(self, [("street", street.port)]).start()
        station = daemon.station()
        station.send(report(7, status=LEVEL_ALARM))
        self.assertEqual(station.answer(), (7, 0x32, EOT, None))
        event = wait_until(lambda: [e for t, e in subscriber.snapshot() if "/alarm/water/" in t],
                           what="the alarm at the street")[0]
        self.assertEqual(event["subject"], NAME)
        self.assertEqual(event["data"]["state"], "raised")

    def test_a_station_in_mode_m1_is_kept_and_never_answered(self):
        daemon = StationDaemon(self, wired_extra=f'[[device]]\nid = "{NAME}"\nstation_mode = "m1"').start()
        station = daemon.station()
        station.send(report(1))
        wait_until(lambda: 1 in daemon.serials(), what="the report")
        self.assertTrue(station.hears_nothing(1))

    def test_garbage_halves_and_damage_cost_no_report(self):
        daemon = StationDaemon(self).start()
        station = daemon.station()
        good = report(1)
        damaged = bytearray(report(2))
        damaged[30] ^= 8
        station.send(b"www.usr.cn\x7e\x01" + good[:33] + good + b"+++\x7e\x7e" + bytes(damaged)
                     + frame(opening(3), 0x2F) + report(4))
        answers = {station.answer() for _ in range(2)}
        self.assertEqual(answers, {(1, 0x32, EOT, None), (4, 0x32, EOT, None)})
        self.assertTrue(station.hears_nothing(1))
        self.assertLessEqual({1, 3, 4}, daemon.serials())
        self.assertNotIn(2, daemon.serials())
        codes = [trouble["code"] for trouble in daemon.status()["troubles"]]
        self.assertIn("station_noise", codes)


FIRE = "\x1b608/12/02  17:24\n  004-004\n\x1b9首次火警\n裙楼一层上空\n感烟探测器\n\n".encode("gb18030")
RESET = "\x1b608/12/02  17:25\n  \n\x1b9系统复位\n\n".encode("gb18030")


class Printer(unittest.TestCase):
    def start(self):
        daemon = StationDaemon(self, protocol="gst9000").start()
        panel = socket.create_connection(("127.0.0.1", daemon.wired_port))
        self.addCleanup(panel.close)
        return daemon, panel

    @staticmethod
    def alarms(daemon):
        return [(event["subject"], event["data"].get("state")) for event in daemon.events()
                if event["subject"].startswith("127.0.0.1:") and not is_transition(event)]

    def test_a_fire_and_its_reset(self):
        daemon, panel = self.start()
        panel.sendall(FIRE + RESET)
        wait_until(lambda: len(self.alarms(daemon)) == 2, what="the fire and its end")
        self.assertEqual(self.alarms(daemon), [("127.0.0.1:004:004", "raised"), ("127.0.0.1:004:004", "cleared")])

    def test_a_record_that_stops_short_is_kept_after_a_pause_or_at_the_end(self):
        daemon, panel = self.start()
        panel.sendall(FIRE[:40])
        wait_until(lambda: len(self.alarms(daemon)) == 1, what="the half of a record")
        panel.sendall(FIRE[:40])
        panel.close()
        wait_until(lambda: len(self.alarms(daemon)) == 2, what="the half before the end")

    def test_what_the_store_cannot_keep_is_kept_when_it_can(self):
        daemon, panel = self.start()
        fail_writes(daemon)
        panel.sendall(FIRE)
        wait_until(lambda: store_troubles(daemon), what="the trouble of the disk")
        fail_writes(daemon, failing=False)
        wait_until(lambda: self.alarms(daemon) == [("127.0.0.1:004:004", "raised")], seconds=40,
                   what="the fire")


if __name__ == "__main__":
    unittest.main(verbosity=2)

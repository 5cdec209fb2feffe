"""Wired stations at a listener of their own: GB/T 26875.3 over TCP, with the promise of MQTT."""
import json
import random
import socket
import subprocess
import unittest

from gb26875_wire import AT_REST, CONFIRM, DENY, FIRE, NAME, Station, frame, part_state
from harness import (BUILD, Daemon, Mosquitto, free_port, is_sanitized, is_transition, port_is_open,
                     wait_until)
from small_disks import Tmpfs
from test_disk import fail_writes
from times import at_any_moment, lasts


def slow_disk(milliseconds):
    """For the environment of a daemon: each of its syncs takes so long."""
    return {"LD_PRELOAD": str(BUILD / "tests" / "slow_sync_shim.so"),
            "WATCHPOST_SYNC_DELAY_MS": str(milliseconds)}


class WiredDaemon(Daemon):
    speaks = Station

    def __init__(self, test, upstreams=(), store=None, wired_extra="", protocol="gb26875"):
        self.wired_port = free_port()
        super().__init__(test, upstreams)
        text = self.config.read_text()
        if store is not None:
            text = text.replace(str(self.store), str(store))
            self.store = store
        self.config.write_text(
            f'{text}[[listener]]\nprotocol = "{protocol}"\naddress = "127.0.0.1"\n'
            f'port = {self.wired_port}\n{wired_extra}\n')

    def start(self, env=None):
        super().start(env)
        wait_until(lambda: port_is_open(self.wired_port), what="the listener of stations")
        return self

    def station(self):
        return self.speaks(self.test, self.wired_port)

    def events(self):
        """All events in the store, the oldest first."""
        tail = subprocess.run([BUILD / "watchpost", "tail", "--json", "--count", "100000",
                               "--from-oldest", "--socket", self.socket],
                              capture_output=True, text=True, timeout=60, check=True)
        return [json.loads(line) for line in tail.stdout.splitlines()]

    def stored(self):
        """The numbers of the parts whose states are in the store, as often as they are."""
        subjects = [event.get("subject", "") for event in self.events() if not is_transition(event)]
        start = f"{NAME}:1.3:0."
        return [int(subject[len(start):]) for subject in subjects if subject.startswith(start)]


class Custody(unittest.TestCase):
    def test_a_confirmation_waits_for_the_disk_and_outlives_a_kill(self):
        daemon = WiredDaemon(self).start(slow_disk(milliseconds=600))
        station = daemon.station()
        station.send(frame(1, part_state(FIRE, part=1)))
        self.assertTrue(station.hears_nothing(0.3), "an answer before the disk had the message")
        # The second message cannot even be written before the first is on disk.
        station.send(frame(2, part_state(FIRE, part=2)))
        self.assertEqual({station.answer(), station.answer()}, {(1, CONFIRM), (2, CONFIRM)})
        station.send(frame(3, part_state(FIRE, part=3)))
        lasts(0.3, "the time in which the commit of the third has begun")
        station.send(frame(4, part_state(FIRE, part=4)))
        answers = set()
        while (4, CONFIRM) not in answers:
            answers.add(station.answer())
        daemon.kill()
        daemon.start()
        self.assertLessEqual({1, 2, 3, 4}, set(daemon.stored()))

    def test_kills_lose_nothing_that_was_confirmed_nor_what_is_sent_until_it_is(self):
        dice = random.Random(26875)
        daemon = WiredDaemon(self).start()
        confirmed = set()
        for part in range(1, 41):
            while part not in confirmed:
                station = daemon.station()
                station.send(frame(part, part_state(FIRE, part=part)))
                if dice.random() < 0.3:
                    at_any_moment(dice, 0.02)
                    daemon.kill()
                if station.answer() == (part, CONFIRM):
                    confirmed.add(part)
                if not daemon.process.is_running():
                    daemon.start()
        self.assertLessEqual(confirmed, set(daemon.stored()))

    def test_what_the_store_cannot_keep_is_denied_until_it_can(self):
        daemon = WiredDaemon(self).start()
        station = daemon.station()
        station.send(frame(1, part_state(AT_REST, part=1)))
        self.assertEqual(station.answer(), (1, CONFIRM))
        fail_writes(daemon)
        for serial in range(2, 6):
            station.send(frame(serial, part_state(FIRE, part=serial)))
            self.assertEqual(station.answer(), (serial, DENY))
        fail_writes(daemon, failing=False)

        def again():
            station.send(frame(9, part_state(FIRE, part=9)))
            return station.answer() == (9, CONFIRM)
        wait_until(again, what="the store working again")
        self.assertIn(9, daemon.stored())
        self.assertNotIn(3, daemon.stored())

    def test_a_full_disk_denies_and_confirms_nothing_that_it_does_not_keep(self):
        disk = Tmpfs(self, "2m")
        daemon = WiredDaemon(self, store=disk.folder / "store").start()
        station = daemon.station()
        disk.fill()
        kept, denied, serial = set(), 0, 0
        # Free pages of the files and the reserve of alarms are used first.
        while denied == 0 and serial < 60_000:
            serial += 1
            station.send(frame(serial, part_state(AT_REST, part=serial)))
            answered, command = station.answer()
            self.assertEqual(answered, serial)
            denied += command == DENY
            if command == CONFIRM:
                kept.add(serial)
        self.assertEqual(denied, 1, "the disk never was full")
        disk.free()

        def again():
            station.send(frame(60_001, part_state(FIRE, part=60_001)))
            return station.answer() == (60_001, CONFIRM)
        wait_until(again, what="room again")
        self.assertLessEqual(kept | {60_001}, set(daemon.stored()))

    def test_a_stop_confirms_what_is_under_way(self):
        daemon = WiredDaemon(self).start(slow_disk(milliseconds=700))
        station = daemon.station()
        station.send(frame(1, part_state(FIRE, part=1)))
        wait_until(lambda: daemon.status()["station_connections"]["messages"] == 1, what="the hand-over")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(station.answer(), (1, CONFIRM))
        daemon.start()
        self.assertEqual(daemon.stored(), [1])


class Way(unittest.TestCase):
    def test_an_alarm_goes_up_and_the_status_names_the_station(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        daemon = WiredDaemon(self, [("street", street.port)]).start()
        station = daemon.station()
        station.send(frame(7, part_state(FIRE, part=217)))
        self.assertEqual(station.answer(), (7, CONFIRM))
        event = wait_until(lambda: [e for t, e in subscriber.snapshot() if "/alarm/fire/" in t],
                           what="the alarm at the street")[0]
        self.assertEqual(event["subject"], f"{NAME}:1.3:0.217")
        self.assertIn("一层走廊", json.dumps(event, ensure_ascii=False))
        status = daemon.status()
        self.assertEqual([(s["station"], s["protocol"], s["messages"]) for s in status["stations"]],
                         [(NAME, "gb26875", 1)])
        self.assertIn({"protocol": "gb26875", "address": "127.0.0.1", "port": daemon.wired_port,
                       "connections": 1}, status["listeners"])
        for language, words in (("en_US.UTF-8", f"station {NAME} (gb26875"),
                                ("zh_CN.UTF-8", f"站点 {NAME}（gb26875")):
            page = subprocess.run([BUILD / "watchpost", "status", "--socket", daemon.socket],
                                  capture_output=True, text=True, timeout=20, env={"LANG": language})
            self.assertIn(words, page.stdout)

    def test_check_config_knows_the_protocol(self):
        daemon = WiredDaemon(self, wired_extra="receive_maximum = 5")
        run = subprocess.run([BUILD / "watchpostd", "--check-config", "--config", daemon.config],
                             capture_output=True, text=True, timeout=30)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("listener.receive_maximum", run.stdout + run.stderr)


class Abuse(unittest.TestCase):
    def test_garbage_halves_and_damage_cost_no_alarm(self):
        daemon = WiredDaemon(self).start()
        station = daemon.station()
        good = frame(1, part_state(FIRE, part=1))
        damaged = bytearray(frame(2, part_state(FIRE, part=2)))
        damaged[40] ^= 8
        station.send(b"\x00\xff@@@" + good[:33] + good + b"##@@" + bytes(damaged)
                     + frame(3, part_state(FIRE, part=3)))
        answers = {station.answer() for _ in range(4)}
        # The first half of `good` has a header, so it is denied under its serial too.
        self.assertEqual(answers, {(1, DENY), (1, CONFIRM), (2, DENY), (3, CONFIRM)})
        self.assertLessEqual({1, 3}, set(daemon.stored()))
        codes = [trouble["code"] for trouble in daemon.status()["troubles"]]
        self.assertIn("station_noise", codes)

    def test_a_frame_by_single_bytes_and_one_that_never_ends(self):
        daemon = WiredDaemon(self).start()
        endless, station = daemon.station(), daemon.station()
        endless.send(frame(1, part_state(FIRE, part=1))[:-1])
        for byte in frame(2, part_state(FIRE, part=2)):
            station.send(bytes((byte,)))
        self.assertEqual(station.answer(), (2, CONFIRM))
        # The pause makes it a damaged one; what comes then is read.
        self.assertEqual(endless.answer(), (1, DENY))
        endless.send(frame(1, part_state(FIRE, part=1)))
        self.assertEqual(endless.answer(), (1, CONFIRM))

    def test_two_hundred_connections_that_trickle_delay_no_alarm(self):
        daemon = WiredDaemon(self, wired_extra="max_connections = 200").start()
        before = daemon.resident_kib()
        crowd = [daemon.station() for _ in range(199)]
        for number, one in enumerate(crowd):
            one.send(frame(number, part_state(AT_REST, part=number))[:1 + number % 80])
        station = daemon.station()
        for serial in range(20):
            station.send(frame(serial, part_state(FIRE, part=serial)))
            self.assertEqual(station.answer(), (serial, CONFIRM))
        if not is_sanitized():
            self.assertLess((daemon.resident_kib() - before) / 200, 64)
        # The port is full: a newcomer gets the place of one that never sent a whole frame.
        late = daemon.station()

        def let_in():
            nonlocal late
            try:
                late.send(frame(1, part_state(FIRE, part=500)))
                if late.answer() == (1, CONFIRM):
                    return True
            except OSError:
                pass
            late = daemon.station()
            return False
        wait_until(let_in, seconds=40, what="room for a newcomer")

    def test_a_station_that_reads_no_answers_is_closed_and_harms_nobody(self):
        daemon = WiredDaemon(self).start()
        deaf = daemon.station()
        deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.socket.settimeout(5)
        flood = b"".join(frame(serial, b"") for serial in range(2_000))
        try:
            for _ in range(200):
                deaf.send(flood)
        except OSError:
            pass
        station = daemon.station()
        station.send(frame(1, part_state(FIRE, part=1)))
        self.assertEqual(station.answer(), (1, CONFIRM))
        if not is_sanitized():
            self.assertLess(daemon.resident_kib(), 200 * 1024)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""The commands of the street's side, where something is not as it should be: an older file, a store put
back, a file that is something else. None of them says more than it knows."""
import json
import os
import shutil
import signal
import sqlite3
import unittest

from harness import Daemon, Mosquitto, Publisher, free_port, smoke, smoke_topic, temp_folder, wait_until
from small_disks import Tmpfs
from test_receive import Receiver, Street, confirmed_daemon, event, online, raise_alarms, watchpost


class OlderCopies(Street):
    def test_a_receiver_that_begins_with_an_older_file_asks_for_what_it_lacks(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()
        raise_alarms(self, daemon, 0, 2)
        self.assertEqual(receiver.stop(), 0)
        older = receiver.folder / "older.db"
        shutil.copy(receiver.file, older)
        receiver.start()
        raise_alarms(self, daemon, 2, 4)
        self.assertEqual(receiver.stop(), 0)
        shutil.copy(older, receiver.file)
        _, receipts = self.gateway(broker.port)
        receiver.start()

        def asked():
            every = [one for receipt in list(receipts)
                     for one in (receipt if isinstance(receipt, list) else [receipt])]
            return [one["sequence"] for one in every if one.get("resend") and one["class"] == "alarm"]
        wait_until(lambda: asked(), what="the receipt that asks")
        self.assertEqual(asked(), [4])
        # The box still has them as history.
        wait_until(lambda: receiver.nonces() == {f"a-{number}" for number in range(4)},
                   what="what the older file lacked")
        wait_until(lambda: "4 were sent again and 0 are not kept" in daemon.process.log(),
                   what="the word of what was sent again")

    def test_what_was_acknowledged_and_not_sent_before_an_older_copy_was_put_back_is_not_proved(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()
        raise_alarms(self, daemon, 0, 2)
        self.assertEqual(daemon.stop(), 0)
        copy = temp_folder(self) / "copy"
        shutil.copytree(daemon.store, copy)
        daemon.start()
        raise_alarms(self, daemon, 2, 3)
        broker.stop()
        publisher = Publisher(self, daemon.port, "late")
        for number in (3, 4):
            publisher.publish(smoke_topic(f"a-{number}"), smoke(f"a-{number}"),
                              f"a-{number}")
        wait_until(lambda: publisher.outstanding() == 0)
        self.assertEqual(daemon.stop(), 0)
        shutil.rmtree(daemon.store)
        shutil.copytree(copy, daemon.store)
        broker.start()
        daemon.start()
        raise_alarms(self, daemon, 5, 6)
        # The street's receipts tell the box that its store is older than what was sent from it.
        wait_until(lambda: [each for each in daemon.status()["troubles"]
                            if each["code"] == "upstream_has_more"], what="the trouble of the copy")
        manifest = receiver.folder / "box.json"
        manifest.write_text(json.dumps(daemon.status()))
        for question in ([], ["--manifest", manifest]):
            answer = watchpost("audit", receiver.file, *question)
            self.assertEqual(answer.returncode, 1, answer.stdout)
            self.assertNotIn("nothing is missing", answer.stdout)
            self.assertIn("after alarm 6", answer.stdout)
            self.assertIn("cannot be known", answer.stdout)
        self.assertNotIn("; complete", watchpost("receive", "--store", receiver.file, "--status").stdout)
        chinese = watchpost("audit", receiver.file, "--lang", "zh")
        self.assertIn("未能证明", chinese.stdout)
        # Once somebody has dealt with it, what can be known is complete.
        told = watchpost("receive", "--store", receiver.file, "--forget-branches", "zhaoxiang-03", "--lang", "en")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("zhaoxiang-03: ", told.stdout)
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 0, answer.stdout)
        self.assertIn("As of 20", answer.stdout)


def alarm_of(test, daemon, nonce):
    publisher = Publisher(test, daemon.port, f"sensor-{nonce}")
    publisher.publish(smoke_topic(nonce), smoke(nonce), nonce)
    wait_until(lambda: publisher.outstanding() == 0)


class StoresOfTheirOwn(Street):
    def test_two_boxes_with_one_id_that_were_never_one_are_told_of(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        boxes = []
        for name in ("box-1", "box-2"):
            box = Daemon(self, [("street", broker.port)])
            box.config.write_text(box.config.read_text().replace(
                'raw = "always"\n', f'raw = "always"\nclient_id = "{name}"\n'))
            boxes.append(box.start())
        for number in range(4):
            for index, box in enumerate(boxes):
                alarm_of(self, box, f"a-{index}-{number}")
                wait_until(lambda: f"a-{index}-{number}" in receiver.nonces(), what="the alarm")
        wait_until(lambda: "two boxes send as this gateway" in receiver.process.log(),
                   what="the word of two boxes")
        self.assertEqual(receiver.process.log().count("two boxes send as this gateway"), 1)
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn("grow side by side", answer.stdout)
        page = watchpost("receive", "--store", receiver.file, "--status").stdout
        self.assertIn("TWO BOXES send as this gateway", page)

    def test_a_store_that_was_removed_with_what_it_had_not_sent_is_not_proved(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()
        raise_alarms(self, daemon, 0, 3)
        broker.stop()
        for number in (3, 4):
            alarm_of(self, daemon, f"a-{number}")
        self.assertEqual(daemon.stop(), 0)
        shutil.rmtree(daemon.store)
        broker.start()
        daemon.start()
        raise_alarms(self, daemon, 5, 7)
        wait_until(lambda: [each for each in daemon.status()["troubles"]
                            if each["code"] == "upstream_has_more"], what="the trouble of the box")
        self.assertEqual(receiver.process.log().count("does not go on with the one known before"), 1)
        manifest = receiver.folder / "box.json"
        manifest.write_text(json.dumps(daemon.status()))
        for question in ([], ["--manifest", manifest]):
            answer = watchpost("audit", receiver.file, *question)
            self.assertEqual(answer.returncode, 1, answer.stdout)
            self.assertIn("NOT proved", answer.stdout)
            self.assertIn("replaced on purpose", answer.stdout)
        page = watchpost("receive", "--store", receiver.file, "--status").stdout
        self.assertIn("its store was replaced by another one", page)
        self.assertIn("有意更换", watchpost("audit", receiver.file, "--lang", "zh").stdout)
        with sqlite3.connect(receiver.file, timeout=20) as database:
            database.execute("DELETE FROM branch")
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        raise_alarms(self, daemon, 7, 8)
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 0, answer.stdout)


class Questions(Street):
    def received(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        client, _ = self.gateway(broker.port)
        self.send(client, event(1))
        wait_until(lambda: receiver.count() == 1)
        return broker, receiver, client

    def refuses(self, *arguments, says, code=2):
        answer = watchpost(*arguments, seconds=20)
        self.assertEqual(answer.returncode, code, answer)
        self.assertIn(says, answer.stderr)
        self.assertNotIn("put aside and a new store", answer.stderr)

    def test_a_gateway_that_was_only_online_is_not_proved_by_another_one(self):
        _, receiver, client = self.received()
        self.assertEqual(watchpost("audit", receiver.file).returncode, 0)
        self.send(client, online().replace("zhaoxiang-03", "v9"),
                  topic="wp/v1/310118/106/203/v9/status/gateway/online")
        wait_until(lambda: receiver.rows("SELECT count(*) FROM gateway") == [(2,)])
        answer = watchpost("audit", receiver.file)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn("No event of it was ever received", answer.stdout)
        self.assertNotIn("nothing is missing", answer.stdout)

    def test_what_is_asked_of_nothing_or_of_something_else_is_refused(self):
        _, receiver, _ = self.received()
        pipe = receiver.folder / "pipe"
        os.mkfifo(pipe)
        for file, says in ((receiver.folder, "it is a folder"), (pipe, "it is no regular file"),
                           ("/dev/null", "it is no regular file"), ("/nowhere", "No such file")):
            self.refuses("audit", receiver.file, "--manifest", file, says=says)
            self.refuses("audit", receiver.file, "--ledger", file, says=says)
        self.refuses("audit", receiver.file, "--upstream", "nix", says="none to compare with")
        self.refuses("audit", receiver.file, "--gateway", "", says="--gateway is empty")
        self.refuses("receive", "--store", receiver.file, "--status", "--gateway", "",
                     says="--gateway is empty")
        self.refuses("audit", receiver.file, "--gateway", "", "--lang", "zh", says="--gateway 是空的")
        self.refuses("export", "--from", "2026-01-01T00:00:00Z", "--to", "2027-01-01T00:00:00Z",
                     "--socket", receiver.folder / "nix", says="No daemon answers")
        self.refuses("status", "--lang", "zh", "--socket", receiver.folder / "nix", says="没有服务应答",
                     code=1)

    def test_an_upstream_that_the_gateway_has_not_is_refused_with_those_that_it_has(self):
        broker = Mosquitto(self).start()
        daemon = confirmed_daemon(self, broker.port).start()
        receiver = Receiver(self, broker.port).start()
        raise_alarms(self, daemon, 0, 1)
        self.assertEqual(daemon.stop(), 0)
        of_box = ("audit", receiver.file, "--gateway", "zhaoxiang-03", "--store", daemon.store)
        self.assertEqual(watchpost(*of_box, "--upstream", "street").returncode, 0)
        self.refuses(*of_box, "--upstream", "nix", says='no cursor of upstream "nix"; there are: street')

    def test_a_file_that_is_no_store_is_said_to_be_none_and_is_left_as_it_is(self):
        _, receiver, _ = self.received()
        self.assertEqual(receiver.stop(), 0)
        folder = temp_folder(self)
        file = folder / "watchpost.db"
        with sqlite3.connect(receiver.file) as received, sqlite3.connect(file) as copy:
            received.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        copy.close()
        contents = ((file.read_bytes(), "another program's database"), (b"{}" * 2_000, "or a damaged one"),
                    (b"", "there is nothing in it"))
        for content, says in contents:
            file.write_bytes(content)
            for command in (("verify",), ("backup", folder / "copy.db")):
                self.refuses(*command, "--store", folder, says=says)
                self.refuses(*command, "--store", folder, says="Nothing was changed")
            self.assertEqual(file.read_bytes(), content)
            file.unlink()
        self.refuses("verify", "--store", folder, "--lang", "zh", says="没有数据文件")

    def test_a_backup_that_finds_no_room_says_so_and_leaves_nothing(self):
        daemon = Daemon(self).start()
        publisher = Publisher(self, daemon.port, "sensor")
        publisher.publish(smoke_topic("a"), smoke("a"), "a")
        wait_until(lambda: publisher.outstanding() == 0)
        disk = Tmpfs(self, "2m")
        copy = disk.folder / "b.db"
        self.assertEqual(watchpost("backup", copy, "--socket", daemon.socket).returncode, 0)
        size = copy.stat().st_size
        copy.unlink()
        disk.fill()
        # No room at all, for a part of the copy, and for the copy but not for SQLite's files beside it.
        for free in (0, 8192, size + 4096, size + 16384):
            disk.free()
            disk.fill()
            ballast = disk.folder / "ballast"
            os.truncate(ballast, ballast.stat().st_size - free)
            self.refuses("backup", copy, "--socket", daemon.socket,
                         says=f"There is no room for the copy in {disk.folder}")
            self.assertEqual([one.name for one in disk.folder.iterdir()], ["ballast"], free)


class Running(Street):
    def test_signals_of_people_who_want_something_else_do_not_end_a_receiver(self):
        broker = Mosquitto(self).start()
        receiver = Receiver(self, broker.port).start()
        for one in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
            receiver.process.child.send_signal(one)
        wait_until(lambda: receiver.process.log().count("received and ignored") == 4)
        self.assertIn("start it again", receiver.process.log())
        self.assertEqual(receiver.stop(), 0)

    def test_why_a_receiver_is_not_connected_comes_with_its_own_next_step(self):
        receiver = Receiver(self, free_port())
        receiver.start(connects=False)
        wait_until(lambda: "Not connected" in receiver.process.log())
        self.assertIn("nothing listens on port", receiver.process.log())
        self.assertNotIn("password", receiver.process.log())
        receiver.stop()
        port = ("receive", "--url", "mqtts://127.0.0.1:1", "--store", receiver.folder / "other.db")
        answer = watchpost(*port, "--ca-file", "/nowhere/ca.pem", seconds=20)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("/nowhere/ca.pem cannot be read: No such file", answer.stderr)
        self.assertFalse((receiver.folder / "other.db").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)

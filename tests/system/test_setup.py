"""What makes a box one of a site, without a package: `watchpost setup` beside a street's Mosquitto, conf.d at a reload,
ports that another program has, and a backup that takes the place of another box."""
import json
import signal
import socket
import subprocess
import unittest

from harness import BUILD, Daemon, Mosquitto, Publisher, free_port, smoke, smoke_topic, temp_folder, wait_until
from times import lasts


def watchpost(*arguments, seconds=60, program="watchpost"):
    return subprocess.run([BUILD / program, *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                          stdin=subprocess.DEVNULL, check=False)


class Setup(unittest.TestCase):
    def setUp(self):
        self.folder = temp_folder(self)
        self.file = self.folder / "etc" / "watchpost.toml"
        self.password = self.folder / "password"
        self.password.write_text("secret\n")

    def set_up(self, street, *more):
        return watchpost("setup", "--config", self.file, "--id", "gw", "--area", "310118106203", "--street", street,
                         "--lang", "en", *more)

    def guarded(self, rule):
        """A street that lets in `gw` with the password "secret" and, by the rule, on some topics."""
        passwords, access = self.folder / "passwords", self.folder / "acl"
        passwords.write_text("gw:secret\n")
        subprocess.run(["mosquitto_passwd", "-U", passwords], check=True, capture_output=True)
        access.write_text(f"user gw\n{rule}\n")
        for file in (passwords, access):
            file.chmod(0o600)
        street = Mosquitto(self, persistent=False)
        street.config.write_text(street.config.read_text().replace("allow_anonymous true", "allow_anonymous false") +
                                 f"password_file {passwords}\nacl_file {access}\n")
        return street.start()

    def test_what_is_wrong_with_the_street_is_said_and_nothing_is_written(self):
        nobody = self.set_up(f"mqtt://127.0.0.1:{free_port()}")
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("cannot be reached", nobody.stdout)
        self.assertNotIn("tried again by itself", nobody.stdout)
        street = self.guarded("topic readwrite wp/v1/310118/106/203/gw/status/#")
        url = f"mqtt://127.0.0.1:{street.port}"
        self.assertIn("password is wrong", self.set_up(url).stdout)
        forbidden = self.set_up(url, "--username", "gw", "--password-file", self.password)
        self.assertEqual(forbidden.returncode, 1)
        for topic, is_told in (("alarm", True), ("patrol", True), ("telemetry", True), ("status", False)):
            self.assertEqual(f"/gw/{topic}/" in forbidden.stdout, is_told, forbidden.stdout)
        self.assertFalse(self.file.exists())

    def test_a_street_that_takes_our_topics_is_written_down_and_used(self):
        street = self.guarded("topic readwrite wp/v1/310118/106/203/gw/#")
        done = self.set_up(f"mqtt://127.0.0.1:{street.port}", "--username", "gw", "--password-file", self.password)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("takes our topics", done.stdout)
        self.assertNotIn("secret", self.file.read_text())
        self.assertEqual((self.file.parent / "street.password").stat().st_mode & 0o777, 0o640)
        checked = watchpost("--config", self.file, "--check-config", program="watchpostd")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        again = self.set_up(f"mqtt://127.0.0.1:{street.port}")
        self.assertEqual(again.returncode, 2)
        self.assertIn("--replace", again.stderr)

    def test_the_question_is_no_event_at_the_street(self):
        street = Mosquitto(self).start()
        received = self.folder / "RECEIVED.db"
        url = f"mqtt://127.0.0.1:{street.port}"
        receiver = subprocess.Popen([BUILD / "watchpost-receive", "--url", url, "--store", received],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(receiver.stderr.close)
        self.addCleanup(receiver.wait)
        self.addCleanup(receiver.terminate)
        wait_until(lambda: "onnected" in receiver.stderr.readline(), what="the receiver's connection")
        self.assertEqual(self.set_up(url).returncode, 0)
        daemon = Daemon(self, [("street", street.port)]).start()
        Publisher(self, daemon.port, "sensor").publish(smoke_topic("s1"), smoke("n1"), "n1")
        status = ("--status", "--json", "--store", received)
        def shown():
            return json.loads(watchpost(*status, program="watchpost-receive").stdout)

        wait_until(lambda: shown()["gateways"] and shown()["gateways"][0]["events"] > 0, what="the alarm at the street")
        self.assertEqual(shown()["unreadable"], 0)
        self.assertEqual([one["id"] for one in shown()["gateways"]], ["zhaoxiang-03"])


class Site(unittest.TestCase):
    def test_conf_d_is_read_at_a_reload_and_a_mistake_in_it_names_its_line(self):
        daemon = Daemon(self).start()
        more = daemon.folder / "conf.d"
        more.mkdir()
        (more / "hall.toml").write_text('[[device]]\nid = "s9"\nname = "Smoke of the hall"\n')
        daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: daemon.status()["configuration"]["reloads"] == 1, what="the reload")
        self.assertIn("device", daemon.status()["configuration"]["changed"])
        (more / "hall.toml").write_text('[[device]]\nid = "s9"\nnmae = "Smoke of the hall"\n')
        daemon.process.child.send_signal(signal.SIGHUP)
        trouble = wait_until(lambda: [one for one in daemon.status()["troubles"] if one["code"] == "config_not_used"],
                             what="the trouble")[0]
        self.assertIn(f"{more / 'hall.toml'}:3", str(trouble))

    def test_a_port_that_another_program_has_is_told_in_one_line(self):
        folder = temp_folder(self)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            file = folder / "watchpost.toml"
            file.write_text(f"[[listener]]\nport = {taken.getsockname()[1]}\n")
            for language, word in (("en", "another program"), ("zh", "占用")):
                said = watchpost("--config", file, "--check-ports", "--lang", language, program="watchpostd")
                self.assertEqual(said.returncode, 2)
                self.assertEqual(len(said.stdout.splitlines()), 1)
                self.assertIn(word, said.stdout)
        self.assertEqual(watchpost("--config", file, "--check-ports", program="watchpostd").returncode, 0)

    def test_a_backup_takes_the_place_of_another_store_which_stays_aside(self):
        old, new = Daemon(self).start(), Daemon(self, gateway="other").start()
        Publisher(self, old.port, "sensor").publish(smoke_topic("kitchen"), smoke("n1"), "n1")
        wait_until(lambda: "kitchen" in watchpost("tail", "--count", 5, "--socket", old.socket).stdout, what="the event")
        stick = temp_folder(self)
        for _ in range(2):  # the second takes the place of the first
            made = watchpost("backup", "--to", stick, "--keep", 1, "--config", old.config, "--lang", "en")
            self.assertEqual(made.returncode, 0, made.stderr)
            lasts(1.1, "backups are named by the second")
        kept = list(stick.iterdir())
        self.assertEqual(len(kept), 1)
        new.stop()
        done = watchpost("restore", kept[0], "--store-only", "--no-service", "--config", new.config, "--lang", "en")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue([one for one in new.store.iterdir() if one.name.startswith("before-restore-")])
        new.start()
        self.assertIn("kitchen", watchpost("tail", "--count", 5, "--socket", new.socket).stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""What makes a box one of a site, without a package: `watchpost setup` beside a street's Mosquitto, conf.d at a reload,
ports that another program has, and a backup that takes the place of another box."""
import json
import shutil
import signal
import socket
import subprocess
import unittest

from harness import BUILD, Daemon, Mosquitto, Publisher, free_port, smoke, smoke_topic, temp_folder, wait_until
from small_disks import Tmpfs
from times import lasts


def watchpost(*arguments, seconds=60, program="watchpost", folder=None):
    return subprocess.run([BUILD / program, *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                          stdin=subprocess.DEVNULL, check=False, cwd=folder)


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


class Restore(unittest.TestCase):
    """A box with a store of its own, "bedroom", and a backup of another, "kitchen"."""

    def setUp(self):
        old = self.daemon_with("kitchen")
        stick = temp_folder(self)
        made = watchpost("backup", "--to", stick, "--config", old.config, "--lang", "en")
        self.assertEqual(made.returncode, 0, made.stderr)
        old.stop()
        self.backup = next(iter(stick.iterdir()))

    def daemon_with(self, device, folder=None):
        daemon = Daemon(self)
        if folder:
            daemon.config.write_text(daemon.config.read_text().replace(str(daemon.store), str(folder)))
            daemon.store = folder
        daemon.start()
        Publisher(self, daemon.port, "sensor").publish(smoke_topic(device), smoke("n1"), "n1")
        wait_until(lambda: device in self.stored(daemon), what="the event")
        return daemon

    def stored(self, daemon):
        return watchpost("tail", "--count", 5, "--socket", daemon.socket).stdout

    def restore(self, daemon, *more):
        return watchpost("restore", self.backup, "--no-service", "--config", daemon.config, "--lang", "en", *more)

    def test_without_room_for_the_backup_the_store_that_is_there_stays_in_use(self):
        disk = Tmpfs(self, "3m")
        box = self.daemon_with("bedroom", disk.folder / "store")
        box.stop()
        (box.folder / "conf.d").mkdir()
        before = box.config.read_text()
        disk.fill()
        for more in (("--store-only",), ()):
            # The configuration of the backup names this store.
            kept = self.backup / "etc" / "watchpost.toml"
            kept.write_text(before.replace('id = "zhaoxiang-03"', 'id = "zhaoxiang-04"'))
            done = self.restore(box, *more)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn("No space left", done.stderr)
            self.assertNotIn("remove it", done.stdout + done.stderr)
            self.assertEqual(box.config.read_text(), before)
            self.assertTrue((box.folder / "conf.d").is_dir())
            for folder in (box.store, box.folder):
                self.assertEqual([one.name for one in folder.iterdir() if "restor" in one.name], [])
        disk.free()
        box.start()
        self.assertIn("bedroom", self.stored(box))

    def test_a_store_that_a_running_daemon_has_is_refused(self):
        box = self.daemon_with("bedroom")
        before = box.config.read_text()
        for more in (("--store-only",), ()):
            (self.backup / "etc" / "watchpost.toml").write_text(before + "# restored\n")
            done = self.restore(box, *more)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn("Stop it", done.stderr)
            self.assertEqual(box.config.read_text(), before)
        self.assertIn("bedroom", self.stored(box))
        box.stop()
        done = self.restore(box)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("# restored", box.config.read_text())
        box.start()
        self.assertIn("kitchen", self.stored(box))

    def test_a_damaged_backup_is_called_so_and_a_file_with_the_store_alone_too(self):
        box = self.daemon_with("bedroom")
        alone = temp_folder(self) / "store.db"
        self.assertEqual(watchpost("backup", alone, "--socket", box.socket).returncode, 0)
        box.stop()
        with open(self.backup / "watchpost.db", "r+b") as file:
            for page in range(2, 12):
                file.seek(page * 4096)
                file.write(bytes(200))
        done = self.restore(box, "--store-only")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("This backup is damaged, and nothing was touched. Take another one", done.stdout)
        self.assertNotIn("Restart the daemon", done.stdout)
        self.assertNotIn("x0a", done.stdout)
        self.backup = alone
        done = self.restore(box, "--store-only")
        self.assertEqual(done.returncode, 2)
        self.assertIn("Save and move", done.stderr)
        box.start()
        self.assertIn("bedroom", self.stored(box))

    def test_a_configuration_that_is_named_without_its_folder_is_all_in_the_backup(self):
        box = self.daemon_with("bedroom")
        (box.folder / "street.password").write_text("secret\n")
        stick = temp_folder(self)
        made = watchpost("backup", "--to", stick, "--config", box.config.name, folder=box.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.backup = next(iter(stick.iterdir()))
        self.assertEqual((self.backup / "etc" / "street.password").read_text(), "secret\n")
        box.stop()
        (box.folder / "street.password").unlink()
        done = watchpost("restore", self.backup, "--no-service", "--config", box.config.name, folder=box.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((box.folder / "street.password").read_text(), "secret\n")
        self.assertEqual(len([one for one in box.folder.iterdir() if one.name.startswith("before-restore-")]), 1)

    def test_a_folder_of_backups_in_what_is_backed_up_is_refused(self):
        box = self.daemon_with("bedroom")
        plain = box.config.read_text()
        for place in (box.folder / "backups", box.store):
            place.mkdir(exist_ok=True)
            box.config.write_text(plain + f'[backup]\nfolder = "{place}"\n')
            checked = watchpost("--config", box.config, "--check-config", "--lang", "en", program="watchpostd")
            self.assertEqual(checked.returncode, 2)
            self.assertIn("which is what a backup is made of", checked.stdout)
            for wish in (("--scheduled",), ("--to", place)):
                made = watchpost("backup", *wish, "--config", box.config, "--lang", "en")
                self.assertEqual(made.returncode, 2)
                self.assertIn("which is what a backup is made of", made.stderr)
            self.assertEqual([one for one in place.iterdir() if one.is_dir()], [])
        box.config.write_text(plain + f'[backup]\nfolder = "{temp_folder(self) / "stick"}"\n')
        checked = watchpost("--config", box.config, "--check-config", "--lang", "en", program="watchpostd")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("sudo install -d", checked.stdout)

    def test_a_restore_that_is_killed_leaves_the_one_store_or_the_other(self):
        box = self.daemon_with("bedroom")
        box.kill()  # what it wrote is in the WAL
        whole = temp_folder(self) / "store"
        shutil.copytree(box.store, whole)
        command = [BUILD / "watchpost", "restore", self.backup, "--store-only", "--no-service", "--config", box.config]
        # Before each call of the kernel that changes a name, and behind the last.
        found = set()
        for number in range(1, 16):
            shutil.rmtree(box.store)
            shutil.copytree(whole, box.store)
            traced = ["strace", "-qq", "-o", "/dev/null", "-e", "trace=rename,fsync,mkdir",
                      "-e", f"inject=rename,fsync,mkdir:signal=KILL:when={number}", *command]
            try:
                subprocess.run(traced, capture_output=True, timeout=60, check=False)
            except FileNotFoundError:
                raise unittest.SkipTest("strace is not installed (tools/packages.txt)") from None
            box.start()
            stored = self.stored(box)
            self.assertNotEqual("kitchen" in stored, "bedroom" in stored, f"killed at {number}: {stored}")
            found.add("kitchen" in stored)
            box.kill()
        self.assertEqual(found, {True, False})


if __name__ == "__main__":
    unittest.main(verbosity=2)

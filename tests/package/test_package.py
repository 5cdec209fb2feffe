#!/usr/bin/python3
"""The package in an empty Debian 12: from nothing to the first alarm, upgrades while messages arrive, what is refused,
and what stays. Started by tests/package/run, which says what it needs."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import box as boxes
from times import lasts

PACKAGES = pathlib.Path(os.environ["WATCHPOST_PACKAGES"])
UPGRADES = int(os.environ.get("WATCHPOST_UPGRADES", "20"))
CUTS = int(os.environ.get("WATCHPOST_CUTS", "20"))
STREET, USER, PASSWORD = 1884, "zhaoxiang-03", "street secret"
HERE = pathlib.Path(__file__).resolve().parent


def package(name):
    found = [one for one in PACKAGES.glob(f"{name}_*.deb") if "dbgsym" not in one.name]
    assert len(found) == 1, f"{PACKAGES} has {len(found)} of {name}: tools/package makes it"
    return found[0]


class Case(unittest.TestCase):
    def setUp(self):
        self.box = boxes.Box()
        self.addCleanup(self.box.close)
        self.box.start()
        self.here = []
        self.addCleanup(self.end_processes)
        shutil.copy(package("watchpost"), self.box.root / "var/tmp")
        self.deb = f"/var/tmp/{package('watchpost').name}"

    def end_processes(self):
        for process in self.here:
            process.terminate()
            process.wait(10)

    def beside(self, *words, **options):
        """A program of this machine on the network of the box."""
        process = subprocess.Popen(self.box.on_its_network(*words), text=True, **options)
        self.here.append(process)
        return process

    def mosquitto(self, port, *lines):
        file = self.box.folder / f"mosquitto-{port}.conf"
        file.write_text("\n".join([f"listener {port} 127.0.0.1", "persistence false", "max_queued_messages 0",
                                   "user root", *lines]) + "\n")
        self.beside("mosquitto", "-c", file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        probe = self.box.on_its_network("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}")
        boxes.wait_until(lambda: subprocess.run(probe, capture_output=True, check=False).returncode == 0, 10)

    def street(self, rule="topic readwrite wp/v1/#"):
        """A street's Mosquitto that lets in two users only."""
        passwords, access = self.box.folder / "passwords", self.box.folder / "acl"
        passwords.write_text(f"{USER}:{PASSWORD}\noffice:{PASSWORD}\n")
        subprocess.run(["mosquitto_passwd", "-U", passwords], check=True, capture_output=True)
        access.write_text(f"user {USER}\n{rule}\n\nuser office\ntopic readwrite #\n")
        passwords.chmod(0o600)
        access.chmod(0o600)
        self.mosquitto(STREET, "allow_anonymous false", f"password_file {passwords}", f"acl_file {access}")

    def install(self, deb=None, **options):
        return self.box.do("apt-get", "-y", "--no-install-recommends", "install", deb or self.deb, **options)

    def set_up(self, *more, password=PASSWORD):
        (self.box.root / "var/tmp/password").write_text(password + "\n")
        return self.box.try_("watchpost", "setup", "--id", USER, "--area", "310118106203", "--street",
                             f"mqtt://127.0.0.1:{STREET}", "--username", USER, "--password-file", "/var/tmp/password", *more)

    def is_active(self):
        return self.box.try_("systemctl", "is-active", "watchpostd")[1].strip() == "active"


class FromNothing(Case):
    def test_the_first_alarm_is_at_the_street_within_five_minutes(self):
        self.street()
        account = []

        def step(words, act):
            begun = time.monotonic()
            said = act()
            account.append((words, time.monotonic() - begun))
            return said

        said = step("apt install ./watchpost_*.deb", self.install)
        self.assertIn("sudo watchpost setup", said)
        self.assertTrue(self.is_active())
        self.assertEqual(self.box.do("systemctl", "is-enabled", "watchpostd").strip(), "enabled")
        self.assertIn("not set up", self.box.do("watchpost", "status", "--lang", "en"))
        code, said = step("watchpost setup", self.set_up)
        self.assertEqual(code, 0, said)
        self.assertIn("takes our topics", said)
        boxes.wait_until(self.is_active, 20)
        # Behind the four empty messages of the setup.
        heard = self.box.folder / "heard"
        waiting = self.beside("stdbuf", "-oL", "mosquitto_sub", "-p", STREET, "-u", "office", "-P", PASSWORD, "-t",
                              "wp/v1/+/+/+/+/alarm/#", "-C", "1", "-W", "60", "-d", stdout=open(heard, "wb"))
        boxes.wait_until(lambda: "SUBACK" in heard.read_text(), 10, "the street's subscription")

        def alarm():
            subprocess.run(self.box.on_its_network("mosquitto_pub", "-p", "1883", "-q", "1", "-t",
                                                   "zigbee2mqtt/kitchen", "-m", '{"smoke":true,"battery":97}'), check=True)
            waiting.wait(60)
            return next(line for line in heard.read_text().splitlines() if line.startswith("{"))
        event = json.loads(step("the first alarm", alarm))
        self.assertEqual(event["wpclass"], "alarm")
        self.assertEqual(event["source"], f"urn:watchpost:{USER}")
        for words, seconds in account:
            print(f"  {words}: {seconds:.1f} s")
        self.assertLess(sum(seconds for _, seconds in account), 300)

    def test_a_port_that_is_taken_is_told_in_one_line_and_does_not_fail_the_installation(self):
        self.mosquitto(1883, "allow_anonymous true")
        said = self.install()
        about = [line for line in said.splitlines() if "1883" in line and "systemctl disable --now mosquitto" in line]
        self.assertEqual(len(about), 1, said)
        self.assertEqual(self.box.do("dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "watchpost").strip(), "ii")
        chinese = self.box.try_("watchpostd", "--check-ports", "--lang", "zh")[1]
        self.assertIn("端口 1883", chinese)

    def test_no_compiler_and_no_broker_come_with_it(self):
        self.install()
        there = self.box.do("dpkg-query", "-W", "-f", "${Package}\n").split()
        self.assertFalse([name for name in there if re.match(r"(gcc|g\+\+|clang|llvm|mosquitto|.*-dev)(-|$)", name)
                          and name != "gcc-12-base"])


class Setup(Case):
    def setUp(self):
        super().setUp()
        self.install()

    def test_a_street_that_cannot_be_reached_or_lets_nobody_in_or_forbids_topics_is_told_and_nothing_written(self):
        file = self.box.root / "etc/watchpost/watchpost.toml"
        code, said = self.set_up("--lang", "en")
        self.assertEqual(code, 1, said)
        self.assertIn("refused", said.lower())
        self.street(f"topic readwrite wp/v1/310118/106/203/{USER}/status/#")
        code, said = self.set_up("--lang", "en")
        self.assertEqual(code, 1, said)
        self.assertIn("/alarm/", said)
        self.assertNotIn("/status/", said)
        code, said = self.set_up("--lang", "en", password="not this")
        self.assertEqual(code, 1, said)
        self.assertFalse(file.exists())
        self.assertTrue(self.is_active())

    def test_what_is_there_is_left_alone(self):
        self.street()
        self.assertEqual(self.set_up()[0], 0)
        before = (self.box.root / "etc/watchpost/watchpost.toml").read_text()
        code, said = self.set_up("--lang", "en")
        self.assertEqual(code, 2)
        self.assertIn("--replace", said)
        self.assertEqual((self.box.root / "etc/watchpost/watchpost.toml").read_text(), before)
        self.assertEqual(self.box.do("stat", "-c", "%U:%G %a", "/etc/watchpost/watchpost.toml").strip(),
                         "root:watchpost 640")
        self.assertEqual(self.box.do("stat", "-c", "%U:%G %a", "/etc/watchpost/street.password").strip(),
                         "root:watchpost 640")


class Upgrades(Case):
    def configuration(self):
        files = {}
        for file in sorted((self.box.root / "etc/watchpost").rglob("*")):
            files[str(file)] = file.read_bytes() if file.is_file() else None
        return files, self.box.do("watchpostd", "--config", "/etc/watchpost/watchpost.toml", "--print-config")

    def traffic(self):
        result = self.box.folder / "account.json"
        process = self.beside("/usr/bin/python3", "-B", HERE / "street.py", 1883, STREET, "office", PASSWORD, result,
                              stdin=subprocess.PIPE)
        lasts(1, "messages arrive before the first upgrade")

        def account():
            process.communicate("")
            return json.loads(result.read_text())
        return account

    def test_upgrades_in_a_row_ask_nothing_change_nothing_and_lose_nothing(self):
        self.street()
        self.install()
        self.assertEqual(self.set_up()[0], 0)
        (self.box.root / "etc/watchpost/conf.d/mine.toml").write_text(
            '[store]\nquota = "777 MiB"\n'
            '[[device]]\nid = "zigbee2mqtt/kitchen"\nname = "Kitchen of the hall"\n')
        with open(self.box.root / "etc/watchpost/watchpost.toml", "a", encoding="utf-8") as file:
            file.write('raw = "always"\n')
        self.box.do("systemctl", "restart", "watchpostd")
        before = self.configuration()
        account = self.traffic()
        with tempfile.TemporaryDirectory() as folder:
            for number in range(1, UPGRADES + 1):
                deb = boxes.with_version(package("watchpost"), f"0.1.0+{number}", folder)
                shutil.copy(deb, self.box.root / "var/tmp")
                said = self.install(f"/var/tmp/{deb.name}")
                self.assertNotRegex(said, r"\[[yYnNdDiIoOzZ/ ]+\]|\?\s*$|conffile|Configuration file")
                self.assertTrue(self.is_active(), said)
                lasts(0.5, "messages arrive between two upgrades")
        told = account()
        print(f"  {UPGRADES} upgrades: {told}")
        self.assertEqual(self.configuration(), before)
        self.assertEqual(told["lost"], [])
        self.assertEqual(told["published"], told["acknowledged"])
        self.assertLess(told["longest_away_s"], 2.0)
        self.assertGreaterEqual(told["times_away"], UPGRADES)

    def test_a_new_daemon_that_would_not_start_is_not_installed_and_the_old_one_goes_on(self):
        self.install()
        process = self.box.do("systemctl", "show", "-p", "MainPID", "--value", "watchpostd").strip()
        (self.box.root / "etc/watchpost/watchpost.toml").write_text('[store]\nqota = "1 GiB"\n')
        with tempfile.TemporaryDirectory() as folder:
            deb = boxes.with_version(package("watchpost"), "0.1.1", folder)
            shutil.copy(deb, self.box.root / "var/tmp")
            code, said = self.box.try_("apt-get", "-y", "install", f"/var/tmp/{deb.name}")
        self.assertNotEqual(code, 0)
        self.assertIn("/etc/watchpost/watchpost.toml:2:", said)
        self.assertIn("quota", said)
        self.assertIn("stays installed", said)
        self.assertTrue(self.is_active())
        self.assertEqual(self.box.do("systemctl", "show", "-p", "MainPID", "--value", "watchpostd").strip(), process)
        status = self.box.do("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", "watchpost")
        self.assertRegex(status, r"^ii +0\.1\.0$")
        # Mended, it goes in.
        (self.box.root / "etc/watchpost/watchpost.toml").write_text('[store]\nquota = "1 GiB"\n')
        self.install(f"/var/tmp/{deb.name}")

    def test_a_store_of_a_later_version_is_not_given_to_an_older_one(self):
        with tempfile.TemporaryDirectory() as folder:
            deb = boxes.with_version(package("watchpost"), "0.2.0", folder)
            shutil.copy(deb, self.box.root / "var/tmp")
            self.install(f"/var/tmp/{deb.name}")
        # As a later version leaves it: a schema that this one does not know.
        self.box.do("systemctl", "stop", "watchpostd")
        store = self.box.root / "var/lib/watchpost/watchpost.db"
        subprocess.run(["/usr/bin/python3", "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); "
                        "c.execute('PRAGMA user_version=999'); c.commit(); c.execute('PRAGMA wal_checkpoint(TRUNCATE)')", store], check=True)
        code, said = self.box.try_("apt-get", "-y", "--allow-downgrades", "install", self.deb)
        self.assertNotEqual(code, 0)
        self.assertIn("schema version 999", said)
        self.assertIn("Install the newer watchpostd", said)
        self.assertIn("0.2.0", self.box.do("dpkg-query", "-W", "watchpost"))
        chinese = self.box.try_("apt-get", "-y", "--allow-downgrades", "install", self.deb, env={"LC_ALL": "zh_CN.UTF-8"})[1]
        self.assertIn("结构版本", chinese)


class Cuts(Case):
    def test_a_box_that_ends_in_the_middle_of_an_upgrade_comes_back_and_serves(self):
        self.install()
        with tempfile.TemporaryDirectory() as folder:
            for number in range(1, CUTS + 1):
                deb = boxes.with_version(package("watchpost"), f"0.1.0+{number}", folder)
                shutil.copy(deb, self.box.root / "var/tmp")
                upgrade = self.beside_inside("dpkg", "-i", f"/var/tmp/{deb.name}")
                # Unpacking and configuring take some two seconds; the cuts are spread over them.
                lasts(0.1 + 2.4 * number / CUTS, "the upgrade, until the power goes")
                self.box.power_cut()
                upgrade.wait()
                self.box.boot()
                boxes.wait_until(self.is_active, 60, f"serving after cut {number}")
                subprocess.run(self.box.on_its_network("mosquitto_pub", "-p", "1883", "-q", "1", "-t", "zigbee2mqtt/a",
                                                       "-m", f'{{"smoke":{str(number % 2 == 0).lower()}}}'), check=True)
                # dpkg wants a package that was cut off once more; then nothing is missing.
                self.box.do("dpkg", "-i", f"/var/tmp/{deb.name}")
                self.assertTrue(self.is_active())
                self.box.do("watchpost", "verify")

    def beside_inside(self, *words):
        process = subprocess.Popen(self.box.inside(*words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=boxes.PLAIN, cwd="/")
        self.here.append(process)
        return process


class Leaving(Case):
    def test_remove_keeps_and_purge_takes_after_saying_so(self):
        self.install()
        subprocess.run(self.box.on_its_network("mosquitto_pub", "-p", "1883", "-q", "1", "-t", "zigbee2mqtt/a", "-m",
                                               '{"smoke":true}'), check=True)
        (self.box.root / "etc/watchpost/watchpost.toml").write_text("# mine\n")
        said = self.box.do("apt-get", "-y", "remove", "watchpost")
        self.assertIn("/var/lib/watchpost", said)
        self.assertFalse(self.is_active())
        self.assertTrue((self.box.root / "var/lib/watchpost/watchpost.db").exists())
        self.assertEqual((self.box.root / "etc/watchpost/watchpost.toml").read_text(), "# mine\n")
        self.install()
        self.assertIn("alarm", self.box.do("watchpost", "tail", "--count", "5", "--lang", "en"))
        said = self.box.do("apt-get", "-y", "purge", "watchpost")
        self.assertIn("removing /var/lib/watchpost for good", said)
        self.assertFalse((self.box.root / "var/lib/watchpost").exists())
        self.assertFalse((self.box.root / "etc/watchpost").exists())


class Numbers(Case):
    def test_prometheus_gets_numbers_on_a_port_of_their_own_and_the_rules_are_rules(self):
        self.install()
        (self.box.root / "etc/watchpost/conf.d/metrics.toml").write_text("[metrics]\nport = 9883\n")
        self.box.do("systemctl", "restart", "watchpostd")
        answer = subprocess.run(self.box.on_its_network("curl", "-s", "-i", "http://127.0.0.1:9883/metrics"),
                                capture_output=True, text=True, check=True).stdout
        self.assertIn("text/plain; version=0.0.4", answer)
        self.assertIn("watchpost_duty_alarms_untaken 0", answer)
        self.assertIn('watchpost_build_info{version="', answer)
        elsewhere = subprocess.run(self.box.on_its_network("curl", "-s", "http://127.0.0.1:9883/v1/status"),
                                   capture_output=True, text=True, check=True).stdout
        self.assertIn("there is no /v1/status", elsewhere)
        if shutil.which("promtool"):
            rules = self.box.root / "usr/share/doc/watchpost/docs/examples/prometheus-alerts.yml"
            subprocess.run(["promtool", "check", "rules", rules], check=True, capture_output=True)
            metrics = answer.split("\n\n", 1)[1]
            subprocess.run(["promtool", "check", "metrics"], input=metrics, text=True, check=True, capture_output=True)

    def test_the_bundle_for_support_has_no_password_and_no_name(self):
        self.street()
        self.install()
        self.assertEqual(self.set_up()[0], 0)
        boxes.wait_until(self.is_active, 20)
        subprocess.run(self.box.on_its_network("mosquitto_pub", "-p", "1883", "-q", "1", "-i", "esp-of-old-wang", "-t",
                                               "zigbee2mqtt/bed-of-old-wang", "-m", '{"smoke":true}'), check=True)
        self.box.do("watchpost", "support", "--to", "/var/tmp/support.txt", "--lang", "en")
        text = (self.box.root / "var/tmp/support.txt").read_text()
        self.assertIn("==== status ====", text)
        self.assertIn(USER, text)
        for hidden in (PASSWORD, "old-wang"):
            self.assertNotIn(hidden, text)


class Backup(Case):
    def test_a_new_box_takes_the_place_of_an_old_one_by_its_backup(self):
        self.street()
        self.install()
        self.assertEqual(self.set_up()[0], 0)
        stick = self.box.root / "mnt/usb"
        self.box.do("install", "-d", "-o", "watchpost", "-g", "watchpost", "-m", "700", "/mnt/usb")
        (self.box.root / "etc/watchpost/conf.d/backup.toml").write_text('[backup]\nfolder = "/mnt/usb"\nkeep = 2\n')
        boxes.wait_until(self.is_active, 20)
        subprocess.run(self.box.on_its_network("mosquitto_pub", "-p", "1883", "-q", "1", "-t", "zigbee2mqtt/hall", "-m",
                                               '{"smoke":true}'), check=True)
        for _ in range(3):
            self.box.do("systemctl", "start", "watchpost-backup")
            lasts(1.1, "backups of two different seconds")
        self.assertEqual(self.box.do("systemctl", "is-enabled", "watchpost-backup.timer").strip(), "enabled")
        kept = sorted(stick.iterdir())
        self.assertEqual(len(kept), 2, kept)
        # The old box is gone, with everything on it.
        self.box.do("apt-get", "-y", "purge", "watchpost")
        self.install()
        said = self.box.do("watchpost", "restore", f"/mnt/usb/{kept[-1].name}", "--lang", "en")
        self.assertIn("Restored from", said)
        self.assertTrue(self.is_active())
        status = json.loads(self.box.do("watchpost", "status", "--json"))
        self.assertEqual(status["gateway"]["id"], USER)
        self.assertIn("hall", self.box.do("watchpost", "tail", "--count", "10", "--lang", "en"))
        self.assertEqual(self.box.do("stat", "-c", "%U:%G %a", "/etc/watchpost/watchpost.toml").strip(),
                         "root:watchpost 640")
        # What is damaged is no backup.
        store = kept[0] / "watchpost.db"
        store.write_bytes(store.read_bytes()[:4096] + b"x" * (store.stat().st_size - 4096))
        code, said = self.box.try_("watchpost", "restore", f"/mnt/usb/{kept[0].name}", "--lang", "en")
        self.assertNotEqual(code, 0)
        self.assertTrue(self.is_active())


if __name__ == "__main__":
    unittest.main(verbosity=2)

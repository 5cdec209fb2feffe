"""The daemon as an operator sees it: readiness, watchdog, status, tail, clean stop, mistakes in words."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import unittest

import paho.mqtt.client as mqtt

from certificates import Authority
from harness import BUILD, Daemon, Publisher, free_port, port_is_open, senml, temp_folder, wait_until
from times import lasts, stays


class NotifySocket:
    """Plays systemd's side of sd_notify(3)."""

    def __init__(self, test):
        self.path = str(temp_folder(test) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.lines = []
        self.times = []
        threading.Thread(target=self._read, daemon=True).start()
        test.addCleanup(self.socket.close)

    def catch_up(self):
        """Until all is noted that was said before now."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"CAUGHT_UP=1", self.path)
        wait_until(lambda: "CAUGHT_UP=1" in self.lines, what="the last word")

    def _read(self):
        while True:
            try:
                text = self.socket.recv(65536).decode()
            except OSError:
                return
            for line in text.splitlines():
                self.lines.append(line)
                self.times.append((line, time.monotonic()))


class Service(unittest.TestCase):
    def test_readiness_status_watchdog_and_stopping_are_told_to_systemd(self):
        notify = NotifySocket(self)
        daemon = Daemon(self).start({"NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "1000000"})
        wait_until(lambda: "READY=1" in notify.lines, what="READY=1")
        wait_until(lambda: notify.lines.count("WATCHDOG=1") >= 4, what="four beats")
        self.assertTrue(any(line.startswith("STATUS=") for line in notify.lines))
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("STOPPING=1", notify.lines)

    def test_the_watchdog_starves_when_the_process_hangs(self):
        notify = NotifySocket(self)
        daemon = Daemon(self).start({"NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "1000000"})
        wait_until(lambda: "WATCHDOG=1" in notify.lines, what="a beat")
        daemon.process.child.send_signal(signal.SIGSTOP)
        state = pathlib.Path(f"/proc/{daemon.process.child.pid}/stat")
        wait_until(lambda: state.read_text().rsplit(")", 1)[1].split()[0] == "T", what="standing still")
        notify.catch_up()
        beats = notify.lines.count("WATCHDOG=1")
        stays(lambda: notify.lines.count("WATCHDOG=1") == beats, 1.5, "no beat")
        daemon.process.child.send_signal(signal.SIGCONT)

    def test_no_signal_but_a_stop_ends_the_daemon_and_hangup_reads_the_configuration(self):
        daemon = Daemon(self).start()
        child = daemon.process.child
        for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
                       signal.SIGPIPE, signal.SIGPWR, signal.SIGRTMIN, signal.SIGTTOU, signal.SIGXFSZ):
            child.send_signal(number)
        wait_until(lambda: "Signal 34" in daemon.process.log(), what="the signals in the log")
        log = daemon.process.log()
        self.assertIsNone(child.poll())
        wait_until(lambda: "was read again and is in use" in daemon.process.log(), what="the reload")
        self.assertNotIn("SIGHUP", log)
        self.assertEqual(daemon.status()["store"]["newest"]["alarm"], 0)
        child.send_signal(signal.SIGQUIT)
        self.assertEqual(child.wait(20), 0, "SIGQUIT stops it cleanly")

    def test_without_standard_error_no_log_line_gets_into_a_connection(self):
        daemon = Daemon(self)
        child = subprocess.Popen([BUILD / "watchpostd", "--config", daemon.config],
                                 preexec_fn=lambda: [os.close(number) for number in range(3)])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        wait_until(lambda: port_is_open(daemon.port) or child.poll() is not None, what="listening")
        for number in range(3):
            self.assertEqual(os.readlink(f"/proc/{child.pid}/fd/{number}"), "/dev/null")

    def test_a_lone_message_is_acknowledged_before_the_most_impatient_client_gives_up(self):
        """Adafruit's library waits 0.5 s for a PUBACK, Arduino's 1 s; then they send the message again."""
        daemon = Daemon(self)
        daemon.config.write_text(daemon.config.read_text().replace('linger = "20 ms"\n', ""))
        daemon.start()
        publisher = Publisher(self, daemon.port, "lone")
        taken = []
        for i in range(5):
            # A client that sends right after an acknowledgement is known to wait, and is not lone.
            lasts(0.5, "the silence")
            began = time.monotonic()
            publisher.publish("wp/in/water/a", senml("a", "level", 1.0, f"n{i}"), f"n{i}")
            wait_until(lambda: len(publisher.acknowledged) == i + 1, what="the acknowledgement")
            taken.append(time.monotonic() - began)
        # The best of several times counts, because other programs may hold up some.
        self.assertLess(min(taken), 0.5, taken)

    def test_a_mistake_of_the_command_line_ends_with_2_in_both_programs(self):
        for command in (["watchpostd", "--confg", "x"], ["watchpostd", "--config"], ["watchpost"],
                        ["watchpost", "stauts"], ["watchpost", "tail", "--count", "many"]):
            run = subprocess.run([BUILD / command[0], *command[1:]], capture_output=True, timeout=20)
            self.assertEqual(run.returncode, 2, command)
        for program in ("watchpostd", "watchpost"):
            run = subprocess.run([BUILD / program, "--help"], capture_output=True, timeout=20)
            self.assertEqual(run.returncode, 0, program)

    def test_a_check_without_a_file_is_no_check(self):
        program = BUILD / "watchpostd"
        run = subprocess.run([program, "--check-config"], capture_output=True, text=True, timeout=20)
        self.assertEqual(run.returncode, 2)
        self.assertIn("Nothing was checked", run.stderr)
        self.assertNotIn("no mistakes", run.stdout + run.stderr)
        daemon = Daemon(self)
        for language, words in (("en", "has no mistakes."), ("zh", "没有错误。")):
            run = subprocess.run([program, "--config", daemon.config, "--check-config", "--lang", language],
                                 capture_output=True, text=True, timeout=20)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn(f"{daemon.config} {words}", run.stdout)

    def test_mistakes_in_files_that_are_named_are_told_in_chinese_too(self):
        folder = temp_folder(self)
        (folder / "users").write_text("office:plain\n")
        (folder / "m.toml").write_text('name = "m"\nkind = "water_levl"\n')
        (folder / "store").write_text("a file")
        config = folder / "w.toml"
        config.write_text(f'[store]\ndirectory = "{folder}/store"\n'
                          '[[listener]]\nanonymous = false\npassword_file = "users"\n'
                          '[[decoder]]\ntopics = ["a/#"]\nuse = "m.toml"\n')
        for language, words in (("zh", (f"{folder}/users:1：密码不是", f"{folder}/m.toml:2：kind 不能是",
                                        f"{folder}/store 是文件，不是目录")),
                                ("en", ("users:1: the password is not hashed", "is no kind",
                                        "is a file, and no folder"))):
            run = subprocess.run([BUILD / "watchpostd", "--config", config, "--check-config", "--lang",
                                  language], capture_output=True, text=True, timeout=20)
            self.assertEqual(run.returncode, 2)
            for part in words:
                self.assertIn(part, run.stdout)
        (folder / "users").write_text("# nobody yet\n")
        run = subprocess.run([BUILD / "watchpostd", "--config", config, "--check-config", "--lang", "zh"],
                             capture_output=True, text=True, timeout=20)
        self.assertIn("没有人能连接", run.stdout)

    def test_a_store_that_is_made_by_hand_is_closed_to_others(self):
        self.addCleanup(os.umask, os.umask(0o022))
        daemon = Daemon(self).start()
        files = [file for file in daemon.store.iterdir() if file.is_file()]
        self.assertIn(daemon.store / "watchpost.db", files)
        for file in files:
            self.assertEqual(file.stat().st_mode & 0o027, 0, file)

    def test_tls_files_that_cannot_work_are_found_by_the_check(self):
        folder = temp_folder(self)

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)
        for name in ("a", "b"):
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", "-days", "2")
        openssl("x509", "-in", "a.pem", "-outform", "der", "-out", "a.der")
        openssl("pkey", "-in", "a.key", "-aes256", "-passout", "pass:x", "-out", "locked.key")

        def said(ca, certificate, key, language="en"):
            config = folder / "w.toml"
            config.write_text('[[upstream]]\nname = "street"\nurl = "mqtts://127.0.0.1"\n'
                              f'ca_file = "{ca}"\ncert_file = "{certificate}"\nkey_file = "{key}"\n')
            run = subprocess.run([BUILD / "watchpostd", "--config", config, "--check-config", "--lang",
                                  language], capture_output=True, text=True, timeout=20)
            return run.returncode, run.stdout
        self.assertEqual(said("a.pem", "a.pem", "a.key")[0], 0)
        for files, words in ((("a.der", "a.pem", "a.key"), "a.der is not PEM"),
                             (("a.key", "a.pem", "a.key"), "holds no CERTIFICATE"),
                             (("a.pem", "a.key", "a.pem"), "exchanged"),
                             (("a.pem", "a.pem", "b.key"), "is not the key of the certificate"),
                             (("a.pem", "a.pem", "locked.key"), "has a passphrase")):
            code, text = said(*files)
            self.assertEqual(code, 2, files)
            self.assertIn("upstream street: ", text)
            self.assertIn(words, text)
        self.assertIn("不是证书", said("a.pem", "a.pem", "b.key", "zh")[1])
        old, key = Authority(folder).issue("old", expired=True)
        for language, words in (("en", "(CN = old) ended on 2020-01-01"), ("zh", "已于 2020-01-01 到期")):
            code, text = said("a.pem", old.name, key.name, language)
            self.assertEqual(code, 2)
            self.assertIn(words, text)

    def test_what_could_not_be_printed_is_no_success(self):
        daemon = Daemon(self)
        for what in ("--print-config", "--check-config"):
            with open("/dev/full", "w") as full:
                run = subprocess.run([BUILD / "watchpostd", "--config", daemon.config, what], stdout=full,
                                     stderr=subprocess.PIPE, timeout=20)
            self.assertEqual(run.returncode, 1, what)

    def test_a_clean_stop_sends_the_acknowledgements_that_are_due(self):
        daemon = Daemon(self).start()
        publisher = Publisher(self, daemon.port, "busy", mqtt.MQTTv5, window=1000)
        for i in range(2000):
            publisher.publish("wp/in/water/a", senml("a", "level", 1.0, f"n{i}"), f"n{i}")
        wait_until(lambda: len(publisher.acknowledged) > 10, what="first acknowledgements")
        began = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        stored = len(publisher.acknowledged)
        daemon.start()
        wait_until(lambda: daemon.status()["store"]["newest"]["telemetry"] >= stored,
                   what="everything acknowledged in the store")

    def test_status_tells_a_person_what_is_wrong_and_what_to_do(self):
        nobody = free_port()
        daemon = Daemon(self, [("street", nobody)]).start()
        subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", "zigbee2mqtt/kitchen",
                        "-m", '{"smoke":true}'], check=True, timeout=20)
        page = wait_until(lambda: self._page_with_trouble(daemon), what="a trouble on the page")
        self.assertIn("street", page)
        self.assertIn("→", page)
        self.assertIn("kitchen", page)
        self.assertIn("Open alarms: 1", page)
        self.assertIn("alarm 2", page)  # what was said, and that an alarm was raised

    def _page_with_trouble(self, daemon):
        page = subprocess.run([BUILD / "watchpost", "status", "--socket", daemon.socket],
                              capture_output=True, text=True, check=True, timeout=20).stdout
        return page if "! " in page else None

    def test_tail_shows_events_as_they_are_committed(self):
        daemon = Daemon(self).start()
        tail = subprocess.Popen([BUILD / "watchpost", "tail", "--json", "--count", "2", "--from-oldest",
                                 "--follow", "--socket", daemon.socket], stdout=subprocess.PIPE, text=True)
        self.addCleanup(tail.kill)
        for payload in ('{"smoke":false}', '{"smoke":true}'):
            subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", "zigbee2mqtt/hall",
                            "-m", payload], check=True, timeout=20)
        out, _ = tail.communicate(timeout=20)
        events = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([event["type"].split(".")[3] for event in events], ["status", "alarm"])

    def test_tail_ends_where_there_are_fewer_events_and_takes_a_part(self):
        daemon = Daemon(self).start()
        for payload in ('{"smoke":false}', '{"smoke":true}', '{"smoke":true}'):
            subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", "zigbee2mqtt/hall",
                            "-m", payload], check=True, timeout=20)

        def tail(*options):
            out = subprocess.run([BUILD / "watchpost", "tail", "--socket", daemon.socket, *options],
                                 capture_output=True, text=True, check=True, timeout=20,
                                 env=os.environ | {"TZ": "CST-8"}).stdout
            return out.splitlines()

        lines = tail("--count", "10")
        self.assertEqual([line.split()[1] for line in lines], ["status", "alarm", "alarm", "status"])
        self.assertTrue(all("+08:00 " in line for line in lines), lines)
        self.assertEqual([line.split()[1] for line in tail("--count", "2")], ["alarm", "status"])
        self.assertEqual(len(tail("--count", "10", "--class", "alarm")), 2)
        self.assertEqual(len(tail("--count", "1", "--device", "hall", "--class", "status")), 1)
        with self.assertRaises(subprocess.CalledProcessError) as typo:
            tail("--count", "10", "--device", "nowhere")
        self.assertEqual((typo.exception.returncode, typo.exception.stdout), (1, ""))

    def test_monitoring_is_told_in_one_line_with_a_code(self):
        def check(socket):
            run = subprocess.run([BUILD / "watchpost", "status", "--check", "--lang", "en", "--socket",
                                  socket], capture_output=True, text=True, timeout=20)
            self.assertEqual(run.stdout.count("\n"), 1)
            return run.returncode, run.stdout

        daemon = Daemon(self).start()
        code, line = check(daemon.socket)
        self.assertEqual((code, line.split(":")[0]), (0, "OK"), line)
        subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", "zigbee2mqtt/hall",
                        "-m", "{"], check=True, timeout=20)
        code, line = check(daemon.socket)
        self.assertEqual((code, line.split(":")[0]), (2, "CRITICAL"), line)
        self.assertIn("hall", line)
        self.assertEqual(check("/nonexistent/x.sock")[0], 2)

    def test_without_a_daemon_the_command_says_how_to_start_it(self):
        answer = subprocess.run([BUILD / "watchpost", "status", "--socket", "/nonexistent/x.sock"],
                                capture_output=True, text=True, timeout=20)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("systemctl start watchpostd", answer.stderr)

    def test_with_no_configuration_it_listens_on_loopback_and_says_it_forwards_nowhere(self):
        folder = temp_folder(self)
        if self._port_taken(1883):
            self.skipTest("port 1883 is taken on this machine")
        with open(folder / "log", "wb") as log:
            child = subprocess.Popen([BUILD / "watchpostd", "--store", folder / "data"], stdout=log,
                                     stderr=log)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        wait_until(lambda: self._port_taken(1883) or child.poll() is not None, what="listening")
        log = (folder / "log").read_text()
        self.assertIn("127.0.0.1", log)
        self.assertRegex(log, "forwarded nowhere")
        child.terminate()
        self.assertEqual(child.wait(20), 0)

    @staticmethod
    def _port_taken(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def test_a_port_in_use_is_named_with_the_key_to_change(self):
        first = Daemon(self).start()
        second = Daemon(self)
        second.config.write_text(second.config.read_text().replace(str(second.port), str(first.port)))
        run = subprocess.run([BUILD / "watchpostd", "--config", second.config], capture_output=True,
                             text=True, timeout=20)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(str(first.port), run.stderr)
        self.assertIn("listener", run.stderr)

    def test_mistakes_in_the_configuration_are_all_named_with_file_and_line(self):
        folder = temp_folder(self)
        config = folder / "bad.toml"
        config.write_text('[gateway]\nid = "a"\naera = "310118106203"\n[[listener]]\nport = "many"\n')
        run = subprocess.run([BUILD / "watchpostd", "--config", config, "--check-config"],
                             capture_output=True, text=True, timeout=20)
        self.assertNotEqual(run.returncode, 0)
        said = run.stdout + run.stderr
        self.assertIn("bad.toml:3", said)
        self.assertIn("area", said)
        self.assertIn("bad.toml:5", said)

    def test_the_printed_configuration_is_accepted_again(self):
        daemon = Daemon(self, [("street", free_port())])
        printed = subprocess.run([BUILD / "watchpostd", "--config", daemon.config, "--print-config"],
                                 capture_output=True, text=True, timeout=20, check=True).stdout
        again = daemon.folder / "again.toml"
        again.write_text(printed)
        subprocess.run([BUILD / "watchpostd", "--config", again, "--check-config"], check=True,
                       timeout=20, capture_output=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""People are told of alarms by webhooks and commands that hang, refuse, break off, fork and flood."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import unittest
import urllib.parse

from harness import BUILD, Daemon, Publisher, senml, temp_folder, wait_until
from times import stays


KEY = "s3cret-of-the-robot"
SECRET = "SEC0123456789abcdef"


def proof(key, message):
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


class Service:
    """An HTTP service; `answer` is "ok", "500", "errcode", "hang", "midway" or "garbage"."""

    def __init__(self, test, answer="ok", port=0):
        self.answer = answer
        self.got = []  # (path, headers, body)
        self.is_over = threading.Event()
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                service.got.append((self.path, self.headers, body))
                try:
                    service.reply(self)
                except OSError:
                    pass  # who asked has left

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.close)

    def reply(self, handler):
        answer = self.answer
        if answer == "hang":
            self.is_over.wait(60)
            answer = self.answer
        if answer == "hang":
            return
        if answer == "garbage":
            handler.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
            return
        body = b'{"errcode":45009,"errmsg":"api freq out of limit"}' if answer == "errcode" else b'{"errcode":0}'
        handler.send_response(500 if answer == "500" else 200)
        handler.send_header("Content-Length", str(len(body) + (100 if answer == "midway" else 0)))
        handler.end_headers()
        handler.wfile.write(body)
        if answer == "midway":
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)

    def texts(self):
        return [json.loads(body)["text"] for _, _, body in self.got]

    def close(self):
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()


def webhook(service, more="", timeout="2 s"):
    return (f'[[output]]\nname = "chat"\nkind = "webhook"\nurl = "http://127.0.0.1:{service.port}/send?key={KEY}"\n'
            f'timeout = "{timeout}"\nlanguage = "en"\n{more}\n')


class MessageCase(unittest.TestCase):
    said = 0

    def burn(self, daemon, *devices, smoke=True):
        self.said += 1
        sensor = Publisher(self, daemon.port, f"sensor-{self.said}")
        for device in devices:
            sensor.publish(f"wp/in/fire/{device}", senml(device, "smoke", smoke, device), device)
        wait_until(lambda: set(devices) <= set(sensor.acknowledged), what="the acknowledgements")
        sensor.close()

    def do(self, daemon, *words):
        ran = subprocess.run([BUILD / "watchpost", *map(str, words), "--socket", daemon.socket],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout

    @staticmethod
    def trouble(daemon):
        return [one for one in daemon.status()["troubles"] if one["code"] == "output_not_told"]


class Webhooks(MessageCase):
    def test_an_alarm_is_told_once_over_a_kill_and_a_later_step_again(self):
        service = Service(self)
        daemon = Daemon(self, extra=webhook(service) + '[[escalation]]\nat_once = ["chat"]\nstep_1 = ["chat"]\n').start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: len(service.got) == 1, what="the message")
        path, _, body = service.got[0]
        self.assertEqual(path, f"/send?key={KEY}")
        told = json.loads(body)
        self.assertEqual([alarm["number"] for alarm in told["alarms"]], [1])
        self.assertIn("kitchen", told["text"])
        wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), what="the result with the alarm")
        daemon.kill()
        daemon.start()
        stays(lambda: len(service.got) == 1, 3, "no second message after the restart")
        self.do(daemon, "escalate", 1, "--by", "Wang")
        wait_until(lambda: len(service.got) == 2, what="the message of the next step")
        self.assertIn("step 1", service.texts()[1])
        self.do(daemon, "ack", 1, "--by", "Wang")
        self.assertEqual(self.trouble(daemon), [])

    def test_who_has_taken_an_alarm_calls_the_next(self):
        service = Service(self)
        daemon = Daemon(self, extra=webhook(service) + '[[escalation]]\nat_once = ["chat"]\nstep_1 = ["chat"]\n').start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), what="the first message")
        self.do(daemon, "ack", 1, "--by", "Wang")
        self.do(daemon, "escalate", 1, "--by", "Wang")
        wait_until(lambda: len(service.got) == 2, what="the message of the next step")
        self.assertIn("step 1", service.texts()[1])
        wait_until(lambda: self.do(daemon, "alarm", 1, "--lang", "en").count("was told") == 1, what="its result")
        daemon.kill()
        daemon.start()
        stays(lambda: len(service.got) == 2, 2, "no third message after the restart")

    def test_what_was_under_way_at_a_kill_is_told_again(self):
        service = Service(self, "hang")
        daemon = Daemon(self, extra=webhook(service, timeout="30 s")).start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: len(service.got) == 1, what="the message")
        daemon.kill()  # nobody knows whether it arrived: twice is right, never is not
        service.answer = "ok"
        daemon.start()
        wait_until(lambda: len(service.got) == 2, what="the message again")
        self.assertEqual([alarm["number"] for alarm in json.loads(service.got[1][2])["alarms"]], [1])
        wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), what="the result with the alarm")

    def test_a_reload_with_a_message_under_way_neither_loses_nor_repeats_it(self):
        service = Service(self, "hang")
        daemon = Daemon(self, extra=webhook(service, timeout="30 s") + '[[escalation]]\nat_once = ["chat"]\n').start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: len(service.got) == 1, what="the message")
        daemon.config.write_text(daemon.config.read_text().replace('at_once = ["chat"]', 'step_1 = ["chat"]'))
        daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: "was read again and is in use" in daemon.process.log(), what="the reload")
        service.answer = "ok"
        service.is_over.set()
        wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), what="the result with the alarm")
        stays(lambda: len(service.got) == 1, 2, "no second message")
        self.do(daemon, "escalate", 1, "--by", "Wang")
        wait_until(lambda: len(service.got) == 2, what="the message of the step that the new file names")

    def test_the_key_in_a_url_is_shown_nowhere(self):
        service = Service(self, "500")
        daemon = Daemon(self, extra=webhook(service)).start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: self.trouble(daemon), 20, "the trouble")
        printed = subprocess.run([BUILD / "watchpostd", "--print-config", "--config", daemon.config],
                                 capture_output=True, text=True, timeout=30)
        self.assertEqual(printed.returncode, 0, printed.stderr)
        self.assertIn("# url is set and not shown", printed.stdout)
        for text in (printed.stdout, printed.stderr, daemon.process.log(), json.dumps(daemon.status()),
                     self.do(daemon, "status", "--lang", "en"), self.do(daemon, "alarm", 1, "--lang", "en")):
            self.assertNotIn(KEY, text)

    def test_a_chat_is_tested_by_the_way_of_an_alarm(self):
        service = Service(self)
        daemon = Daemon(self, extra=webhook(service)).start()

        def ask_for_test():
            return subprocess.run([BUILD / "watchpost", "outputs", "test", "chat", "--by", "Wang", "--lang", "en",
                                   "--socket", daemon.socket], capture_output=True, text=True, timeout=60)
        ran = ask_for_test()
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertEqual(len(service.got), 1)
        self.assertTrue(service.texts()[0].startswith("[TEST, no real ALARM] Output chat is tested. Asked for by: Wang"))
        service.answer = "500"
        ran = ask_for_test()
        self.assertEqual(ran.returncode, 1)
        self.assertIn("HTTP 500", ran.stderr)
        self.assertTrue(self.trouble(daemon))

    def test_robots_that_check_signatures_take_what_is_told(self):
        dingtalk, feishu = Service(self), Service(self)
        folder = temp_folder(self)
        (folder / "robot.secret").write_text(f"{SECRET}\n")
        daemon = Daemon(self, extra="".join(
            f'[[output]]\nname = "{form}"\nkind = "webhook"\nformat = "{form}"\n'
            f'url = "http://127.0.0.1:{service.port}/send?key={KEY}"\nsecret_file = "{folder}/robot.secret"\n'
            for form, service in (("dingtalk", dingtalk), ("feishu", feishu)))).start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: dingtalk.got and feishu.got, 20, "both messages")

        asked = urllib.parse.urlsplit(dingtalk.got[0][0])
        told = dict(urllib.parse.parse_qsl(asked.query, strict_parsing=True))
        self.assertEqual(set(told), {"key", "timestamp", "sign"})
        self.assertEqual(told["key"], KEY)
        self.assertLess(abs(int(told["timestamp"]) / 1000 - time.time()), 60)
        self.assertEqual(told["sign"], proof(SECRET, f"{told['timestamp']}\n{SECRET}"))

        message = json.loads(feishu.got[0][2])
        self.assertLess(abs(int(message["timestamp"]) - time.time()), 60)
        self.assertEqual(message["sign"], proof(f"{message['timestamp']}\n{SECRET}", ""))
        self.assertIn("kitchen", message["content"]["text"])
        self.assertNotIn(SECRET, daemon.process.log() + json.dumps(daemon.status()))

    def test_a_drill_and_a_live_test_tell_nobody_until_somebody_says_that_it_is_real(self):
        service = Service(self)
        daemon = Daemon(self, extra=webhook(service)).start()
        self.burn(daemon, "hall")
        wait_until(lambda: len(service.got) == 1, what="the message of the real one")
        self.do(daemon, "devices", "test", "hall", "--by", "Wang", "--minutes", 5)
        self.burn(daemon, "kitchen", smoke=False)
        self.do(daemon, "drill", "start", "--by", "Wang", "--note", "spring", "--minutes", 5, "--device", "kitchen")
        self.burn(daemon, "kitchen")
        stays(lambda: len(service.got) == 1, 2, "no message of a drill")
        self.do(daemon, "real", 2, "--by", "Wang")
        wait_until(lambda: len(service.got) == 2, what="the message of the alarm that is real")
        self.assertTrue(service.texts()[1].startswith("[ALARM] 2: "), service.texts()[1])

    def test_each_bad_answer_is_a_failure_a_trouble_and_tried_again(self):
        for answer, why in (("500", "HTTP 500"), ("errcode", "errcode 45009"),
                            ("hang", "gave no answer in time"), ("midway", "broken"), ("garbage", "")):
            with self.subTest(answer=answer):
                service = Service(self, answer)
                daemon = Daemon(self, extra=webhook(service)).start()
                self.burn(daemon, "kitchen")
                wait_until(lambda: self.trouble(daemon), 20, "the trouble")
                self.assertIn(why, json.dumps(self.trouble(daemon)[0]))
                # The alarm itself is as quick as ever.
                began = time.monotonic()
                self.burn(daemon, "cellar")
                self.assertLess(time.monotonic() - began, 2)
                service.answer = "ok"
                service.is_over.set()
                wait_until(lambda: not self.trouble(daemon), 30, "no trouble any more")
                wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), 20, "the result")
                daemon.stop()

    def test_a_dead_service_is_a_trouble_and_gets_all_alarms_when_it_is_back(self):
        service = Service(self)
        port = service.port
        service.close()
        daemon = Daemon(self, extra=webhook(service)).start()
        self.burn(daemon, "kitchen", "cellar")
        wait_until(lambda: self.trouble(daemon), 20, "the trouble")
        wait_until(lambda: "2 alarms not told yet" in self.do(daemon, "status", "--lang", "en"), what="how many wait")
        self.do(daemon, "ack", 2, "--by", "Wang")
        back = Service(self, port=port)
        wait_until(lambda: len(back.got) == 1, 90, "the alarm that still waits")
        wait_until(lambda: not self.trouble(daemon), what="no trouble any more")
        self.assertEqual([alarm["number"] for alarm in json.loads(back.got[0][2])["alarms"]], [1])

    def test_a_flood_of_alarms_is_told_within_the_limit_and_none_is_left_out(self):
        service = Service(self)
        daemon = Daemon(self, extra=webhook(service)).start()
        self.burn(daemon, *(f"smoke-{i}" for i in range(60)))
        def numbers():
            return [alarm["number"] for _, _, body in list(service.got) for alarm in json.loads(body)["alarms"]]
        def count():
            return sum(json.loads(body)["count"] for _, _, body in list(service.got))
        wait_until(lambda: count() == 60, 60, "all alarms")
        self.assertLessEqual(len(service.got), 15)
        self.assertEqual(len(numbers()), len(set(numbers())))
        self.assertTrue(any("more:" in text for text in service.texts()))


class Commands(MessageCase):
    def hook(self, text, more=""):
        folder = pathlib.Path(temp_folder(self))
        script = folder / "hook"
        script.write_text("#!/bin/sh\n" + text.replace("OUT", str(folder / "out")))
        os.chmod(script, 0o755)
        self.out = folder / "out"
        return f'[[output]]\nname = "sms"\nkind = "command"\ncommand = ["{script}", "a b", "$HOME;x"]\n{more}\n'

    def test_a_command_gets_the_facts_and_no_shell_between(self):
        daemon = Daemon(self, extra=self.hook('{ echo "$2"; echo "$WATCHPOST_ALARM $WATCHPOST_KIND"; cat; ls /proc/self/fd '
                                              '| wc -l; } > OUT.new; mv OUT.new OUT\n')).start()
        self.burn(daemon, "kitchen")
        wait_until(self.out.exists, what="the command")
        lines = self.out.read_text()
        self.assertTrue(lines.startswith("$HOME;x\n1 smoke\n"), lines)
        self.assertIn('"gateway":"zhaoxiang-03"', lines)
        self.assertLess(int(lines.split("\n")[-2].split("}")[-1]), 6)
        wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), what="the result")

    def test_a_command_that_hangs_forks_and_floods_is_ended_with_its_children(self):
        # What a daemon leaves behind that breaks this promise ends by itself.
        daemon = Daemon(self, extra=self.hook('timeout --foreground 60 yes flood &\n(sleep 60; :) &\necho $$ > OUT\nsleep 60\n',
                                              'timeout = "2 s"')).start()
        self.burn(daemon, "kitchen")
        wait_until(self.out.exists, what="the command")
        first = int(self.out.read_text())
        wait_until(lambda: self.trouble(daemon), 20, "the trouble")
        self.assertIn("did not end in time", json.dumps(self.trouble(daemon)[0]))

        def is_there(group):
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return False
            return True
        wait_until(lambda: not is_there(first), what="the end of its group")
        self.assertLess(daemon.resident_kib(), 200_000)
        # It is tried again; a daemon that stops meanwhile takes it along.
        again = wait_until(lambda: (lambda said: said.isdigit() and int(said) != first and int(said))(
            self.out.read_text().strip()), 30, "the next try")
        daemon.stop()
        wait_until(lambda: not is_there(again), what="the end of the next try")

    def test_a_command_that_prints_a_gigabyte_costs_nothing_and_is_told(self):
        daemon = Daemon(self, extra=self.hook('head -c 1000000000 /dev/zero\nhead -c 1000000 /dev/zero >&2\n')).start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: "was told" in self.do(daemon, "alarm", 1, "--lang", "en"), 20, "the result")
        self.assertLess(daemon.resident_kib(), 200_000)
        self.assertEqual(self.trouble(daemon), [])

    def test_an_exit_that_is_not_0_is_a_failure_with_its_number(self):
        daemon = Daemon(self, extra=self.hook('[ -e OUT ] || exit 7\n')).start()
        self.burn(daemon, "kitchen")
        wait_until(lambda: "exit 7" in self.do(daemon, "alarm", 1, "--lang", "en"), 20, "the result")
        self.out.touch()
        wait_until(lambda: not self.trouble(daemon), 30, "no trouble any more")


if __name__ == "__main__":
    unittest.main()

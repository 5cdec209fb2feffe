"""Accounts, permissions and reload of the listener, beside Mosquitto given the same files.

The same password file is read by both programs, and the same ACL file gives the same messages to the
same clients. What differs is written in docs/decisions/0041.
"""
import functools
import json
import os
import pty
import shlex
import signal
import subprocess
import threading
import time
import unittest

import paho.mqtt.client as mqtt

from harness import BUILD, SOURCE, Daemon, Mosquitto, free_port, senml, temp_folder, wait_until
from profiles import PUMP
from times import lasts, side_by_side

SECRET = "secret"


def passwd(*arguments, secret=SECRET, check=True):
    """`watchpost passwd` with the password on standard input."""
    run = subprocess.run([BUILD / "watchpost", "passwd", *map(str, arguments)], input=secret + "\n",
                         capture_output=True, text=True, timeout=20)
    if check:
        assert run.returncode == 0, run.stderr
    return run


def publish(port, user=None, secret=SECRET, topic="wp/in/water/well", host="127.0.0.1", qos=1, seconds=30):
    """True where the server let this user in and took the message."""
    login = ["-u", user, "-P", secret] if user else []
    run = subprocess.run(["mosquitto_pub", "-h", host, "-p", str(port), "-q", str(qos), "-t", topic, "-m",
                          senml("well", "level", 1.5, "n"), *login],
                         capture_output=True, text=True, timeout=seconds)
    return run.returncode == 0


class Client:
    """A Paho client that keeps what it gets; it ends with the test."""

    def __init__(self, test, port, client_id, user=None, secret=SECRET, lasting=False,
                 protocol=mqtt.MQTTv311):
        options = {} if protocol == mqtt.MQTTv5 else {"clean_session": not lasting}
        self.client = mqtt.Client(client_id, protocol=protocol, **options)
        self.name = (client_id, user, port)
        if user:
            self.client.username_pw_set(user, secret)
        self.got = []
        self.lost = []
        self.codes = []
        self.subscribed = threading.Event()
        self.client.on_message = lambda _c, _u, message: self.got.append((message.topic,
                                                                          message.payload.decode()))
        self.client.on_subscribe = self._on_subscribe
        self.client.on_disconnect = lambda *_: self.lost.append(time.monotonic())
        self.client.reconnect_delay_set(120, 120)
        self.client.connect("127.0.0.1", port, keepalive=30)
        self.client.loop_start()
        test.addCleanup(self.close)
        wait_until(self.client.is_connected, what=f"{client_id} connected")

    def _on_subscribe(self, _client, _userdata, _mid, codes, *_):
        self.codes = list(codes)
        self.subscribed.set()

    def subscribe(self, topic, qos=1):
        self.subscribed.clear()
        self.client.subscribe(topic, qos)
        assert self.subscribed.wait(20), f"no SUBACK for {topic} at {self.name}; it lost {len(self.lost)}"
        return self.codes[0]

    def subscribe_or_be_closed(self, topic):
        self.subscribed.clear()
        self.client.subscribe(topic, 0)
        wait_until(lambda: self.subscribed.is_set() or self.lost, what="SUBACK or the end")

    def publish(self, topic, payload, qos=0, retain=False):
        sent = self.client.publish(topic, payload, qos=qos, retain=retain)
        if qos:
            sent.wait_for_publish(20)

    def payloads(self):
        return [payload for _, payload in list(self.got)]

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = temp_folder(self)
        self.users = self.folder / "users"
        self.acl = self.folder / "acl"

    def server(self, *users, acl=None, extra="", more=""):
        for user in users:
            passwd(self.users, user)
        keys = f'anonymous = false\npassword_file = "{self.users}"\n' if users else ""
        if acl is not None:
            self.acl.write_text(acl)
            keys += f'acl_file = "{self.acl}"\n'
        return Daemon(self, listener_extra=keys + extra, extra=more).start()

    def mosquitto(self, extra):
        broker = Mosquitto(self, persistent=False)
        text = broker.config.read_text()
        if "allow_anonymous false" in extra:
            text = text.replace("allow_anonymous true\n", "")
        broker.config.write_text(text + extra)
        os.chmod(broker.folder, 0o755)
        return broker.start()

    def troubles(self, daemon):
        return {trouble["code"]: trouble for trouble in daemon.status()["troubles"]}

    def reload(self, daemon, is_good=True):
        before = daemon.process.log()
        daemon.process.child.send_signal(signal.SIGHUP)
        words = "was read again and is in use" if is_good else "is not used"
        wait_until(lambda: words in daemon.process.log()[len(before):], what=words)
        return daemon.process.log()[len(before):]


class Accounts(Case):
    def test_each_program_reads_the_password_file_of_the_other(self):
        passwd(self.users, "ours")
        subprocess.run(["mosquitto_passwd", "-b", self.users, "theirs", SECRET], check=True, timeout=20)
        subprocess.run(["mosquitto_passwd", "-H", "sha512", "-b", self.users, "old", SECRET], check=True,
                       timeout=20)
        passwd(self.users, "水位一号")
        passwd(self.users, "gone")
        passwd("-D", self.users, "gone", secret="")
        os.chmod(self.users, 0o644)
        broker = self.mosquitto(f"allow_anonymous false\npassword_file {self.users}\n")
        daemon = Daemon(self, listener_extra=f'anonymous = false\npassword_file = "{self.users}"\n').start()
        for port in (broker.port, daemon.port):
            for user in ("ours", "theirs", "old", "水位一号"):
                self.assertTrue(publish(port, user), (user, port))
                self.assertFalse(publish(port, user, "wrong"), (user, port))
            self.assertFalse(publish(port, "gone"))
            self.assertFalse(publish(port))

    def test_the_password_is_not_shown_and_not_on_the_command_line(self):
        run = passwd(self.users, "office", "secret-on-the-line", check=False)
        self.assertNotEqual(run.returncode, 0)
        leader, follower = pty.openpty()
        child = subprocess.Popen([BUILD / "watchpost", "passwd", self.users, "office", "--lang", "en"],
                                 stdin=follower, stdout=subprocess.PIPE, stderr=follower)
        shown = b""
        for typed, prompt in ((b"typed-secret\n", b"Password: "), (b"typed-secret\n", b"Again: ")):
            while prompt not in shown:
                shown += os.read(leader, 1024)
            os.write(leader, typed)
        self.assertEqual(child.wait(20), 0)
        child.stdout.close()
        os.close(follower)
        try:
            while part := os.read(leader, 1024):
                shown += part
        except OSError:
            pass
        os.close(leader)
        self.assertNotIn(b"typed-secret", shown)
        daemon = Daemon(self, listener_extra=f'anonymous = false\npassword_file = "{self.users}"\n').start()
        self.assertTrue(publish(daemon.port, "office", "typed-secret"))

    def test_bad_names_and_empty_passwords_are_refused_in_both_languages(self):
        for user, secret in (("a:b", "x"), ("#a", "x"), (" a", "x"), ("a", "")):
            for language, word in (("en", "Nothing was changed" if not secret else "another name"),
                                   ("zh", "没有改动" if not secret else "换一个用户名")):
                run = passwd(self.users, user, "--lang", language, secret=secret, check=False)
                self.assertEqual(run.returncode, 2)
                self.assertIn(word, run.stderr)
        self.assertFalse(self.users.exists())
        run = passwd("/etc/passwd", "root", check=False)
        self.assertEqual(run.returncode, 2)


# (ACL text, [(user or None, client id, topic)]): each topic is tried for publishing and for reading.
ACLS = [
    ("topic a/#\ntopic deny a/secret\nuser u\ntopic read b/+/c\ntopic write w\n",
     [(None, "c", "a/x"), (None, "c", "a"), (None, "c", "a/secret"), (None, "c", "b/x/c"), ("u", "c", "a/x"),
      ("u", "c", "b/x/c"), ("u", "c", "b/x/y/c"), ("u", "c", "w"), ("v", "c", "a/x"), ("v", "c", "w")]),
    ("user u\ntopic readwrite a/#\ntopic deny a/b\nuser v\ntopic deny x\ntopic #\nuser u\ntopic read x\n",
     [("u", "c", "a/x"), ("u", "c", "a/b"), ("u", "c", "a/b/c"), ("v", "c", "x"), ("v", "c", "y"),
      ("u", "c", "x"), (None, "c", "y")]),
    ("pattern readwrite p/%u/#\npattern deny p/%u/except\npattern write c/%c/up\nuser u\ntopic read q\n"
     "topic readwrite p/v/mine\n",
     [("u", "c", "p/u/x"), ("u", "c", "p/u"), ("u", "c", "p/u/except"), ("u", "c", "p/v/x"),
      ("u", "c", "p/v/mine"), (None, "c", "p//x"), (None, "c", "c/c/up"), ("u", "d", "c/c/up"),
      ("u", "d", "c/d/up"), ("u", "c", "q"), ("v", "c", "q"), ("v", "a+b", "p/v/x"), ("u", "c#", "q"),
      ("u", "+", "c/c/up")]),
    ("user u\ntopic readwrite p/u/x\npattern deny p/%u/#\npattern #\n",
     [("u", "c", "p/u/x"), ("u", "c", "p/u/y"), ("u", "c", "z"), ("v", "c", "p/v"), (None, "c", "p//x")]),
    ("user  u \ntopic  read  a b/c\ntopic read\n# topic x\nuser v v\ntopic write +/a/#\ntopic a//b\n",
     [("u", "c", "a b/c"), ("u", "c", "read"), ("u", "c", "x"), ("v v", "c", "x/a"), ("v v", "c", "x/a/b"),
      ("v v", "c", "a//b"), ("v v", "c", "x/b")]),
]


class Permissions(Case):
    OBSERVER = "user observer\ntopic readwrite #\n"

    def answers(self, port, cases):
        """For each case: does the client's message arrive at the observer, and the observer's at the client?
        One step after the other, so that no order between two clients is taken for granted."""
        observer = Client(self, port, "observer", "observer")
        self.assertLess(observer.subscribe("#"), 3)
        found = []
        for number, (user, client_id, topic) in enumerate(cases):
            client = Client(self, port, client_id, user)
            client.subscribe("#", 0)
            client.subscribe(topic, 0)
            observer.publish(topic, f"down{number}")
            wait_until(lambda: f"down{number}" in observer.payloads(), what="the observer's own message")
            # A client's own SUBSCRIBE is answered behind what was on its way to it.
            client.subscribe("behind", 0)
            client.publish(topic, f"up{number}")
            # Mosquitto 2.0.11 closes on a QoS 0 message that it denies; 2.1 does not.
            client.subscribe_or_be_closed("behind")
            observer.publish("marker", f"end{number}")
            wait_until(lambda: f"end{number}" in observer.payloads(), what="the marker")
            found.append((user, client_id, topic, f"up{number}" in observer.payloads(),
                          f"down{number}" in client.payloads()))
            client.close()
        observer.close()
        return found

    def test_mosquitto_with_the_same_files_gives_the_same_messages_to_the_same_clients(self):
        for user in ("observer", "u", "v", "v v"):
            passwd(self.users, user)
        os.chmod(self.users, 0o644)
        ports = []
        for number, (text, cases) in enumerate(ACLS):
            acl = self.folder / f"acl-{number}"
            acl.write_text(text + self.OBSERVER)
            os.chmod(acl, 0o644)
            broker = self.mosquitto(f"password_file {self.users}\nacl_file {acl}\n")
            daemon = Daemon(self, listener_extra=f'anonymous = true\npassword_file = "{self.users}"\n'
                                                 f'acl_file = "{acl}"\n').start()
            ports += [(broker.port, cases), (daemon.port, cases)]
        # Each server has clients of its own, which mostly wait: all of them at once.
        answers = side_by_side(*(functools.partial(self.answers, *server) for server in ports))
        for (text, _), theirs, ours in zip(ACLS, answers[::2], answers[1::2]):
            self.assertEqual(ours, theirs, text)
            self.assertTrue(any(up for *_, up, _ in ours) and not all(up for *_, up, _ in ours), text)

    def test_a_refused_alarm_is_loud_and_names_the_line(self):
        daemon = self.server("hall", "office", acl="user office\ntopic #\nuser hall\n"
                                                   "topic deny wp/in/fire/#\ntopic write wp/in/#\n")
        hall = Client(self, daemon.port, "smoke-hall", "hall", protocol=mqtt.MQTTv5)
        hall.publish("wp/in/fire/hall", "1", qos=1)
        trouble = wait_until(lambda: self.troubles(daemon).get("client_may_not_publish"), what="the trouble")
        self.assertEqual(trouble["severity"], "critical")
        self.assertEqual((trouble["args"]["client"], trouble["args"]["topic"], trouble["args"]["line"]),
                         ("smoke-hall", "wp/in/fire/hall", f"{self.acl}:4"))
        self.assertEqual(hall.lost, [])
        self.assertIn(f"{self.acl}:4 decides", daemon.process.log())
        # MQTT 3.1.1 has no word for it, and PUBACK means on disk: the connection ends.
        old = Client(self, daemon.port, "old", "hall")
        old.client.publish("wp/in/fire/hall", "1", qos=1)
        wait_until(lambda: old.lost, what="the end of the connection")
        # At QoS 0 it is left out, and the client goes on.
        calm = Client(self, daemon.port, "calm", "hall")
        calm.publish("wp/in/fire/hall", "1")
        calm.publish("wp/in/water/well", senml("well", "level", 1.5, "n"), qos=1)
        self.assertEqual(calm.lost, [])
        self.assertEqual(sum(daemon.status()["store"]["newest"].values()), 1)

    def test_without_an_acl_a_device_publishes_everything_and_reads_commands_and_its_own(self):
        for user in ("bell", "radar", "ha"):
            passwd(self.users, user)
        # Not on loopback: there everybody reads everything.
        port = free_port()
        daemon = Daemon(self, extra=f'[[listener]]\naddress = "0.0.0.0"\nport = {port}\nanonymous = false\n'
                                    f'password_file = "{self.users}"\nreaders = ["ha"]\n').start()
        bell = Client(self, port, "bell-1", "bell")
        home = Client(self, port, "home", "ha")
        self.assertEqual(bell.subscribe("wp/in/fall/room-3"), 0x80)
        for client in (bell, home):
            self.assertEqual(client.subscribe("#"), 1)
        radar = Client(self, port, "radar-3", "radar")
        radar.publish("wp/in/fall/room-3", "fall", qos=1)
        home.publish("zigbee2mqtt/siren/set", "on", qos=1)
        home.publish("wp/bell/say", "hello", qos=1)
        wait_until(lambda: len(home.got) == 3, what="everything at Home Assistant")
        wait_until(lambda: len(bell.got) == 2, what="what the bell may read")
        self.assertEqual(sorted(bell.payloads()), ["hello", "on"])
        part = self.troubles(daemon)["client_gets_part"]
        self.assertEqual((part["args"]["client"], part["args"]["topic"]), ("bell-1", "wp/in/fall/room-3"))
        # On loopback without readers, as before.
        local = Client(self, daemon.port, "local")
        self.assertEqual(local.subscribe("#"), 1)
        radar.publish("wp/in/fall/room-3", "again", qos=1)
        wait_until(lambda: "again" in local.payloads(), what="everything on loopback")

    def test_the_name_in_a_certificate_counts_as_user_name(self):
        from certificates import Authority
        authority = Authority(self.folder)
        pem, key = authority.issue("gateway")
        self.acl.write_text("user hall\ntopic write wp/in/#\n")
        daemon = Daemon(self, listener_extra=(
            f'anonymous = false\ncert_file = "{pem}"\nkey_file = "{key}"\n'
            f'ca_file = "{authority.certificate}"\nuse_identity_as_username = true\n'
            f'acl_file = "{self.acl}"\n')).start()
        def taken(name):
            own, own_key = authority.issue(name)
            run = subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(daemon.port), "-q", "1", "-V",
                                  "mqttv5", "-t", "wp/in/water/well", "-m", senml("well", "level", 1.5, name),
                                  "--cafile", authority.certificate, "--cert", own, "--key", own_key, "-i",
                                  name], capture_output=True, text=True, timeout=30)
            return run.returncode
        taken("hall")
        wait_until(lambda: daemon.status()["store"]["newest"]["telemetry"] == 1, what="the message")
        taken("door")
        wait_until(lambda: "client_may_not_publish" in self.troubles(daemon), what="the trouble")
        self.assertEqual(daemon.status()["store"]["newest"]["telemetry"], 1)


class Guessing(Case):
    def test_guesses_are_slowed_and_nobody_else_is_kept_out(self):
        for user in ("office", "tank"):
            passwd(self.users, user)
        port = free_port()
        daemon = Daemon(self, extra=f'[[listener]]\naddress = "0.0.0.0"\nport = {port}\nanonymous = false\n'
                                    f'password_file = "{self.users}"\n').start()
        stop = threading.Event()
        tried = []

        def guess(lane):
            number = 0
            while not stop.is_set():
                publish(port, "office", f"guess {lane} {number}", qos=0)
                tried.append(time.monotonic())
                number += 1

        lanes = [threading.Thread(target=guess, args=(lane,)) for lane in range(4)]
        for lane in lanes:
            lane.start()
        self.addCleanup(lambda: [lane.join() for lane in lanes])
        self.addCleanup(stop.set)
        trouble = wait_until(lambda: self.troubles(daemon).get("passwords_guessed"), 40, "the trouble")
        self.assertEqual((trouble["args"]["address"], trouble["args"]["user"]), ("127.0.0.1", "office"))
        lasts(8, "the guessing")
        # The right password from another address, and another user from the same address: at once.
        for source, user in (("127.0.0.2", "office"), ("127.0.0.1", "tank")):
            begun = time.monotonic()
            self.assertTrue(self.logs_in(port, source, user), (source, user))
            self.assertLess(time.monotonic() - begun, 1, (source, user))
        checked = daemon.status()["troubles"]
        guesses = next(t for t in checked if t["code"] == "passwords_guessed")["args"]["times"]
        self.assertLess(guesses, 12, "so many different passwords were compared")
        self.assertGreater(len(tried), guesses)
        self.assertLess(daemon.process.log().count("\n"), 60)

    @staticmethod
    def logs_in(port, source, user):
        from mqtt_wire import V311, connect
        import socket
        with socket.create_connection(("127.0.0.1", port), 10, (source, 0)) as client:
            client.sendall(connect("x", version=V311, user=user, password=SECRET))
            return client.recv(4) == b"\x20\x02\x00\x00"


class Reload(Case):
    def test_accounts_and_rights_change_while_sessions_and_messages_stay(self):
        daemon = self.server("office", "leaver", acl="pattern readwrite #\n")
        office = Client(self, daemon.port, "office", "office", lasting=True)
        office.subscribe("x/#")
        leaver = Client(self, daemon.port, "leaver", "leaver")
        office.publish("wp/in/water/well", senml("well", "level", 1.5, "n1"), qos=1)
        passwd("-D", self.users, "leaver", secret="")
        passwd(self.users, "newcomer")
        self.assertFalse(publish(daemon.port, "newcomer"), "a file that nobody was told to read again")
        self.reload(daemon)
        self.assertTrue(publish(daemon.port, "newcomer"))
        wait_until(lambda: leaver.lost, what="the leaver sent away")
        self.assertFalse(publish(daemon.port, "leaver"))
        self.assertEqual(office.lost, [])
        # A password that was changed.
        passwd(self.users, "newcomer", secret="another")
        self.reload(daemon)
        self.assertFalse(publish(daemon.port, "newcomer"))
        self.assertTrue(publish(daemon.port, "newcomer", "another"))
        # Rights that shrink hold for the connection that stands.
        office.publish("x/1", "before", qos=1)
        wait_until(lambda: "before" in office.payloads(), what="the message")
        self.acl.write_text("pattern write #\npattern read y/#\n")
        self.reload(daemon)
        office.publish("x/1", "after", qos=1)
        office.subscribe("y/#")
        office.publish("y/1", "mark", qos=1)
        wait_until(lambda: "mark" in office.payloads(), what="the mark")
        self.assertNotIn("after", office.payloads())
        self.assertEqual(office.lost, [])
        self.assertEqual(daemon.status()["configuration"]["reloads"], 3)

    def test_a_bad_file_changes_nothing_and_is_named_with_its_line_until_mended(self):
        daemon = self.server("office", acl="# rights\npattern readwrite #\n")
        office = Client(self, daemon.port, "office", "office")
        good = {file: file.read_text() for file in (self.users, self.acl, daemon.config)}
        for file, text, line in ((self.acl, "# rights\npatern readwrite #\n", 2),
                                 (self.users, good[self.users] + "broken\n", 2),
                                 (daemon.config, good[daemon.config] + '[log]\nlevel = "loud"\n', None)):
            file.write_text(text)
            # A change beside the mistake is not used either.
            if file != self.users:
                passwd(self.users, "beside")
            log = self.reload(daemon, is_good=False)
            trouble = self.troubles(daemon)["config_not_used"]
            place = trouble["cause"]["args"]["place"]
            line = line or text.splitlines().index('level = "loud"') + 1
            self.assertEqual(place, f"{file}:{line}")
            self.assertIn(place, log)
            self.assertFalse(publish(daemon.port, "beside"))
            office.publish("wp/in/water/well", senml("well", "level", 1.5, file.name), qos=1)
            self.assertEqual(office.lost, [])
            file.write_text(good[file])
            self.users.write_text(good[self.users])
            self.reload(daemon)
            self.assertNotIn("config_not_used", self.troubles(daemon))

    def test_devices_mappings_and_the_log_level_are_used_at_once_and_the_rest_is_named(self):
        daemon = self.server()
        client = Client(self, daemon.port, "c")
        client.publish("site/p1/up", json.dumps({"lvl": 150}), qos=1)
        self.assertEqual(daemon.status()["totals"]["undecoded"], 1)
        (daemon.folder / "pump.toml").write_text(PUMP)
        text = daemon.config.read_text()
        daemon.config.write_text(text.replace('linger = "20 ms"', 'linger = "30 ms"') +
                                 '[[device]]\nid = "p1"\nprofile = "pump.toml"\n'
                                 '[log]\nlevel = "debug"\n[[upstream]]\nname = "street"\n'
                                 'url = "mqtt://127.0.0.1:9"\n')
        log = self.reload(daemon)
        for word in ("log.level", "device"):
            self.assertIn(word, log)
        client.publish("site/p1/up", json.dumps({"lvl": 151}), qos=1)
        status = daemon.status()
        self.assertEqual(status["totals"]["undecoded"], 1)
        self.assertEqual(status["configuration"]["needs_restart"], ["store.linger", "upstream street (new)"])
        trouble = self.troubles(daemon)["config_needs_restart"]
        self.assertEqual(trouble["severity"], "advice")
        self.assertIn("store.linger", trouble["text"]["en"])
        page = subprocess.run([BUILD / "watchpost", "status", "--socket", daemon.socket, "--lang", "en"],
                              capture_output=True, text=True, timeout=20).stdout
        self.assertIn("Configuration read again", page)
        self.assertEqual(client.lost, [])
        # A restart uses the rest.
        daemon.stop()
        daemon.start()
        self.assertEqual(daemon.status()["upstreams"][0]["name"], "street")
        self.assertEqual(daemon.status()["configuration"]["needs_restart"], [])

    def test_the_command_of_the_unit_reloads(self):
        unit = (SOURCE / "systemd" / "watchpostd.service.in").read_text()
        line = next(line for line in unit.splitlines() if line.startswith("ExecReload="))
        daemon = Daemon(self).start()
        # As systemd does it: no shell of its own, "$$" is "$", MAINPID in the environment.
        command = shlex.split(line.removeprefix("ExecReload=").replace("$$", "$"))
        subprocess.run(command, env={"MAINPID": str(daemon.process.child.pid)}, check=True, timeout=20)
        wait_until(lambda: "was read again and is in use" in daemon.process.log(), what="the reload")

    def test_systemd_is_told_and_many_hangups_end_in_one_state(self):
        from test_service import NotifySocket
        notify = NotifySocket(self)
        daemon = Daemon(self).start({"NOTIFY_SOCKET": notify.path})
        wait_until(lambda: "READY=1" in notify.lines, what="READY=1")
        for _ in range(50):
            daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: "RELOADING=1" in notify.lines, what="RELOADING=1")
        wait_until(lambda: notify.lines.count("READY=1") == 1 + notify.lines.count("RELOADING=1"),
                   what="READY=1 after each")
        self.assertTrue(daemon.process.is_running())


class CheckConfig(Case):
    def check(self, daemon, language="en"):
        run = subprocess.run([BUILD / "watchpostd", "--config", daemon.config, "--check-config", "--lang",
                              language], capture_output=True, text=True, timeout=20)
        return run.returncode, run.stdout + run.stderr

    def configured(self, acl, users=("office", "tank"), extra=""):
        for user in users:
            passwd(self.users, user)
        self.acl.write_text(acl)
        return Daemon(self, listener_extra=f'anonymous = false\npassword_file = "{self.users}"\n'
                                           f'acl_file = "{self.acl}"\n{extra}')

    def test_all_of_it_is_checked(self):
        daemon = self.configured("user office\ntopic #\nuser offise\ntopic x\n")
        code, said = self.check(daemon)
        self.assertEqual(code, 0, said)
        self.assertIn("knows offise", said)
        self.assertIn("no line is about tank", said)
        self.assertIn("没有一行涉及 tank", self.check(daemon, "zh")[1])
        self.acl.write_text("user office\ntopic reed x\n")
        code, said = self.check(daemon)
        self.assertEqual(code, 2)
        self.assertIn(f"{self.acl}:2: \"reed\" is no kind of access", said)
        self.assertIn("不是访问方式", self.check(daemon, "zh")[1])
        self.acl.unlink()
        code, said = self.check(daemon)
        self.assertEqual(code, 2)
        self.assertIn(str(self.acl), said)

    def test_readers_beside_an_acl_file_are_told(self):
        daemon = self.configured("pattern #\n", extra='readers = ["office"]\n')
        code, said = self.check(daemon)
        self.assertEqual(code, 0, said)
        self.assertIn("readers says nothing", said)

    def test_files_that_everybody_may_change_are_told(self):
        daemon = self.configured("pattern #\n", users=("office",))
        os.chmod(self.acl, 0o666)
        code, said = self.check(daemon)
        self.assertEqual(code, 0, said)
        self.assertIn(f"{self.acl}: everybody on this box can change this file", said)

    def test_old_hashes_are_told(self):
        daemon = self.configured("pattern #\n", users=("office",))
        subprocess.run(["mosquitto_passwd", "-H", "sha512", "-b", self.users, "old", SECRET], check=True,
                       timeout=20)
        code, said = self.check(daemon)
        self.assertEqual(code, 0, said)
        self.assertIn("the passwords of old are hashed in the old form $6$", said)


if __name__ == "__main__":
    unittest.main()

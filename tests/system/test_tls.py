"""TLS and WebSocket on the listener, with the clients that people have: mosquitto_pub and Paho Python.

Certificates with every fault are made by openssl (certificates.py), those of the last class by
`watchpost cert`.
"""
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
import unittest

import paho.mqtt.client as mqtt

from certificates import Authority
from harness import BUILD, Daemon, free_port, senml, temp_folder, wait_until

CONNECT_TIMEOUT = 10  # SessionOptions::connect_timeout
TOPIC = "wp/in/water/well"


CERTIFICATE = "cn.watchpost.gateway.certificate.v1"


def events_of(daemon):
    count = sum(daemon.status()["store"]["newest"].values())
    run = subprocess.run([BUILD / "watchpost", "tail", "--json", "--from-oldest", "--count", str(count),
                          "--socket", daemon.socket], capture_output=True, text=True, timeout=20, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def certificate_words(daemon):
    """What the daemon recorded, for its upstreams too, of how long its certificates hold."""
    return [e["data"] for e in events_of(daemon) if e["type"] == CERTIFICATE]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = temp_folder(self)
        self.authority = Authority(self.folder)

    def server(self, extra="", protocol="mqtt", certificate=None, tls=True):
        """A daemon whose first listener has TLS and, for the harness, is waited for."""
        keys = f'protocol = "{protocol}"\n'
        if tls:
            pem, key = certificate or self.authority.issue("gateway")
            keys += f'cert_file = "{pem}"\nkey_file = "{key}"\n'
        return Daemon(self, listener_extra=keys + extra).start()

    def publish(self, port, *options, host="127.0.0.1"):
        """mosquitto_pub with one QoS 1 message: its exit code and what it said."""
        run = subprocess.run(["mosquitto_pub", "-h", host, "-p", str(port), "-q", "1", "-t", TOPIC, "-m",
                              senml("well", "level", 1.5, "n1"), *map(str, options)],
                             capture_output=True, text=True, timeout=30)
        return run.returncode, run.stdout + run.stderr

    def paho(self, daemon, client_id, transport="tcp", ca=None, path="/mqtt", certificate=None):
        """A connected Paho client; ends with the test."""
        client = mqtt.Client(client_id, protocol=mqtt.MQTTv311, transport=transport)
        if transport == "websockets":
            client.ws_set_options(path=path)
        if ca:
            pem, key = certificate or (None, None)
            client.tls_set(ca_certs=str(ca), certfile=pem and str(pem), keyfile=key and str(key))
        client.connect("127.0.0.1", daemon.port, keepalive=20)
        client.loop_start()
        self.addCleanup(client.loop_stop)
        self.addCleanup(client.disconnect)
        wait_until(client.is_connected, what=f"{client_id} connected")
        return client

    def deliver(self, client, payload):
        client.publish(TOPIC, payload, qos=1).wait_for_publish(20)

    def stored(self, daemon):
        """What clients sent: the daemon's own words about its certificate are left out."""
        return len([e for e in events_of(daemon) if e["type"] != CERTIFICATE])

    def troubles(self, daemon):
        return {trouble["code"]: trouble for trouble in daemon.status()["troubles"]}

    def cause_of_turned_away(self, daemon):
        trouble = self.troubles(daemon).get("client_turned_away")
        return trouble and trouble["cause"]["code"]

    def shown(self, daemon):
        return ssl.get_server_certificate(("127.0.0.1", daemon.port), timeout=10)

    def raw(self, daemon, data, wait=5):
        """What a client that sends these bytes gets until the daemon closes."""
        with socket.create_connection(("127.0.0.1", daemon.port), timeout=wait) as client:
            client.sendall(data)
            got = b""
            try:
                while part := client.recv(4096):
                    got += part
            except ConnectionResetError:
                pass
            return got


class Tls(Case):
    def test_mosquitto_pub_delivers_over_tls_and_refuses_another_authority(self):
        daemon = self.server()
        for version in ("tlsv1.2", "tlsv1.3"):
            code, said = self.publish(daemon.port, "--cafile", self.authority.certificate, "--tls-version",
                                      version)
            self.assertEqual(code, 0, said)
        self.assertEqual(self.stored(daemon), 2)
        other = Authority(temp_folder(self))
        for _ in range(3):
            code, said = self.publish(daemon.port, "--cafile", other.certificate)
            self.assertNotEqual(code, 0)
        wait_until(lambda: self.cause_of_turned_away(daemon) == "client_distrusts_us",
                   what="the trouble that says so")
        self.assertIn(f"does not take the certificate of port {daemon.port}", daemon.process.log())
        # The client is given the right file: the trouble goes.
        self.assertEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)
        self.assertIsNone(self.cause_of_turned_away(daemon))
        # A name that is not in the certificate.
        self.assertNotEqual(self.publish(daemon.port, "--cafile", self.authority.certificate,
                                         host="127.0.0.2")[0], 0)

    def test_old_versions_and_weak_ciphers_are_not_spoken(self):
        daemon = self.server()
        for options in (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
                        ["-tls1_2", "-cipher", "AES128-SHA:AES256-SHA:AES128-GCM-SHA256"]):
            run = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{daemon.port}", *options],
                                 capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
            self.assertNotEqual(run.returncode, 0, options)
        wait_until(lambda: "no version of TLS or no cipher" in daemon.process.log()
                   or "no cipher in common" in daemon.process.log(), what="a line about it")

    def test_clients_prove_themselves_by_certificates(self):
        daemon = self.server(f'anonymous = false\nca_file = "{self.authority.certificate}"\n'
                             'use_identity_as_username = true\n')
        ca = ["--cafile", self.authority.certificate]
        pem, key = self.authority.issue("smokehall")
        code, said = self.publish(daemon.port, *ca, "--cert", pem, "--key", key)
        self.assertEqual(code, 0, said)
        self.deliver(self.paho(daemon, "p", ca=self.authority.certificate, certificate=(pem, key)), "1")
        self.assertNotEqual(self.publish(daemon.port, *ca)[0], 0)
        wait_until(lambda: "shows no certificate" in daemon.process.log(), what="a line about it")
        stranger, stranger_key = Authority(temp_folder(self)).issue("smokehall")
        self.assertNotEqual(self.publish(daemon.port, *ca, "--cert", stranger, "--key", stranger_key)[0], 0)
        wait_until(lambda: "that no authority of port" in daemon.process.log(), what="a line about it")
        old, old_key = self.authority.issue("old", expired=True)
        self.assertNotEqual(self.publish(daemon.port, *ca, "--cert", old, "--key", old_key)[0], 0)
        wait_until(lambda: "has ended or has not begun" in daemon.process.log(), what="a line about it")
        self.assertEqual(self.stored(daemon), 2)

    def test_without_a_certificate_a_password_is_still_wanted_where_both_are_possible(self):
        users = self.folder / "users"
        subprocess.run(["mosquitto_passwd", "-b", "-c", users, "office", "secret"], check=True, timeout=20)
        daemon = self.server(f'anonymous = false\npassword_file = "{users}"\n'
                             f'ca_file = "{self.authority.certificate}"\n'
                             'client_certificates = "optional"\nuse_identity_as_username = true\n')
        ca = ["--cafile", self.authority.certificate]
        pem, key = self.authority.issue("smokehall")
        self.assertEqual(self.publish(daemon.port, *ca, "--cert", pem, "--key", key)[0], 0)
        self.assertEqual(self.publish(daemon.port, *ca, "-u", "office", "-P", "secret")[0], 0)
        self.assertNotEqual(self.publish(daemon.port, *ca)[0], 0)
        self.assertNotEqual(self.publish(daemon.port, *ca, "-u", "office", "-P", "guess")[0], 0)

    def test_a_client_that_comes_back_may_take_its_ticket_up_again(self):
        daemon = self.server(f'ca_file = "{self.authority.certificate}"\n')
        pem, key = self.authority.issue("smokehall")
        context = ssl.create_default_context(cafile=str(self.authority.certificate))
        context.load_cert_chain(pem, key)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        session = None
        for again in (False, True):
            try:
                reused, session, answer = self.connect_with(context, session, daemon.port)
            except ssl.SSLError as error:
                self.fail(f"the handshake failed: {error}")
            self.assertEqual((reused, answer), (again, b"\x20\x02\x00\x00"))

    @staticmethod
    def connect_with(context, session, port):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, \
                context.wrap_socket(plain, server_hostname="localhost", session=session) as secured:
            secured.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01t")
            return secured.session_reused, secured.session, secured.recv(4)


class Reload(Case):
    def test_new_files_are_used_and_nobody_is_disconnected(self):
        pem, key = self.authority.issue("gateway")
        daemon = self.server(certificate=(pem, key))
        client = self.paho(daemon, "stays", ca=self.authority.certificate)
        lost = []
        client.on_disconnect = lambda *_: lost.append(1)
        first = self.shown(daemon)
        # The key of another certificate: nothing changes but a trouble.
        other_pem, other_key = self.authority.issue("other")
        shutil.copy(other_key, key)
        trouble = wait_until(lambda: self.troubles(daemon).get("tls_files_not_read"), 30, "the trouble")
        self.assertEqual(trouble["cause"]["code"], "tls_file")
        self.assertEqual(self.shown(daemon), first)
        self.deliver(client, "1")
        # The certificate that fits.
        shutil.copy(other_pem, pem)
        wait_until(lambda: self.shown(daemon) != first, 30, "the new certificate")
        self.assertNotIn("tls_files_not_read", self.troubles(daemon))
        self.assertEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)
        self.deliver(client, "2")
        self.assertEqual(lost, [])
        self.assertEqual(self.stored(daemon), 3)

    def test_a_certificate_that_is_over_is_a_trouble_and_its_port_is_open(self):
        daemon = self.server(certificate=self.authority.issue("gateway", expired=True))
        trouble = self.troubles(daemon)["certificate_over"]
        self.assertEqual(trouble["args"]["date"], "2020-01-01")
        wait_until(lambda: "ended on 2020-01-01" in daemon.process.log(), what="a line about it")
        self.assertNotEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)
        # Who does not check it is served.
        careless = mqtt.Client("careless", protocol=mqtt.MQTTv311)
        careless.tls_set(cert_reqs=ssl.CERT_NONE)
        careless.connect("127.0.0.1", daemon.port)
        careless.loop_start()
        self.addCleanup(careless.loop_stop)
        self.addCleanup(careless.disconnect)
        self.deliver(careless, "1")
        # 20 days are left.
        shutil.copy(self.authority.issue("next")[0], self.folder / "gateway.pem")
        shutil.copy(self.folder / "next.key", self.folder / "gateway.key")
        wait_until(lambda: "certificate_ends" in self.troubles(daemon), 30, "the next certificate")
        self.assertNotIn("certificate_over", self.troubles(daemon))
        words = wait_until(lambda: len(found := certificate_words(daemon)) > 1 and found, what="both upstream")
        self.assertEqual([(w["reason"], w["last_day"]) for w in words][0], ("over", "2020-01-01"))
        self.assertLess(words[0]["days"], -2000)
        self.assertEqual([(w["reason"], w["days"], w["file"]) for w in words[1:]],
                         [("ends", 20, str(self.folder / "gateway.pem"))])


class Revoked(Case):
    def test_a_revoked_certificate_is_not_let_in_and_a_new_list_is_used_at_once(self):
        lost = self.authority.issue("lost")
        good = self.authority.issue("smokehall")
        daemon = self.server(f'ca_file = "{self.authority.certificate}"\n'
                             f'crl_file = "{self.authority.revoke(lost[0])}"\n')
        ca = ["--cafile", self.authority.certificate]
        self.assertEqual(self.publish(daemon.port, *ca, "--cert", good[0], "--key", good[1])[0], 0)
        self.assertNotEqual(self.publish(daemon.port, *ca, "--cert", lost[0], "--key", lost[1])[0], 0)
        wait_until(lambda: "that its authority has revoked" in daemon.process.log(), what="a line about it")
        client = self.paho(daemon, "stays", ca=self.authority.certificate, certificate=good)
        self.authority.revoke(good[0])
        wait_until(lambda: self.publish(daemon.port, *ca, "--cert", good[0], "--key", good[1])[0] != 0, 30,
                   "the new list")
        self.deliver(client, "1")

    def test_a_list_that_is_too_old_still_holds_and_is_told(self):
        lost = self.authority.issue("lost")
        good = self.authority.issue("smokehall")
        old = self.authority.revoke(lost[0], last_day="20200201000000Z")
        daemon = self.server(f'ca_file = "{self.authority.certificate}"\ncrl_file = "{old}"\n')
        ca = ["--cafile", self.authority.certificate]
        self.assertEqual(self.publish(daemon.port, *ca, "--cert", good[0], "--key", good[1])[0], 0)
        self.assertNotEqual(self.publish(daemon.port, *ca, "--cert", lost[0], "--key", lost[1])[0], 0)
        self.assertEqual(self.troubles(daemon)["revocations_old"]["args"]["date"], "2020-02-01")

    def test_an_authority_without_a_list_is_named(self):
        other = Authority(temp_folder(self), "another authority")
        both = self.folder / "both.pem"
        both.write_text(self.authority.certificate.read_text() + other.certificate.read_text())
        daemon = self.server(f'ca_file = "{both}"\ncrl_file = "{self.authority.revoke()}"\n')
        pem, key = other.issue("smokehall")
        self.assertNotEqual(self.publish(daemon.port, "--cafile", self.authority.certificate, "--cert", pem, "--key",
                                         key)[0], 0)
        wait_until(lambda: "has no list of revoked ones" in daemon.process.log(), what="a line about it")


class SharedKeys(Case):
    KEY = "9f86d081884c7d659a2feaa0c55ad015"

    def keyed(self, extra="", tls=False):
        self.keys = self.folder / "keys"
        self.keys.write_text(f"# who: its key\nkitchen:{self.KEY}\nhall:{'ab' * 32}\n")
        return self.server(f'psk_file = "{self.keys}"\n{extra}', tls=tls)

    def psk(self, identity, key):
        return "--psk", key, "--psk-identity", identity

    def test_who_knows_a_key_is_let_in_and_its_identity_is_its_user_name(self):
        daemon = self.keyed('anonymous = false\nuse_identity_as_username = true\n')
        self.assertEqual(self.publish(daemon.port, *self.psk("kitchen", self.KEY))[0], 0)
        for version in ("tlsv1.2", "tlsv1.3"):
            self.assertEqual(self.publish(daemon.port, *self.psk("hall", "ab" * 32), "--tls-version", version)[0], 0,
                             version)
        for identity, key in (("kitchen", "00" * 16), ("attic", self.KEY), ("hall", self.KEY)):
            self.assertNotEqual(self.publish(daemon.port, *self.psk(identity, key))[0], 0, identity)
        wait_until(lambda: "It knows no key that port" in daemon.process.log(), what="a line about it")
        self.assertNotIn(self.KEY, daemon.process.log())
        self.assertEqual(self.stored(daemon), 3)

    def test_keys_and_certificates_share_a_port(self):
        daemon = self.keyed(tls=True)
        self.assertEqual(self.publish(daemon.port, *self.psk("kitchen", self.KEY))[0], 0)
        self.assertEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)

    def test_new_keys_are_used_without_a_restart(self):
        daemon = self.keyed()
        self.keys.write_text(f"attic:{self.KEY}\n")
        wait_until(lambda: self.publish(daemon.port, *self.psk("attic", self.KEY))[0] == 0, 30, "the new key")
        self.assertNotEqual(self.publish(daemon.port, *self.psk("kitchen", self.KEY))[0], 0)

    def test_a_mistake_in_the_file_is_named_with_its_line_and_no_key(self):
        daemon = self.keyed()
        for text, words in (("kitchen\n", "is not IDENTITY:KEY"), (f"# x\nkitchen:{self.KEY[:-1]}\n", "keys:2:"),
                            ("kitchen:abcd\n", "16 to 64 bytes"), (f":{self.KEY}\n", "no identity"),
                            (f"a:{self.KEY}\na:{self.KEY}\n", "keys:2:")):
            self.keys.write_text(text)
            check = subprocess.run([BUILD / "watchpostd", "--check-config", "--config", daemon.config],
                                   capture_output=True, text=True, timeout=20)
            self.assertNotEqual(check.returncode, 0)
            self.assertIn(words, check.stdout + check.stderr)
            self.assertNotIn(self.KEY[:-1], check.stdout + check.stderr)


class Strangers(Case):
    def turned_away(self, daemon, data, code, words):
        for _ in range(3):
            self.raw(daemon, data)
        wait_until(lambda: self.cause_of_turned_away(daemon) == code, what=f"the cause {code}")
        self.assertIn(words.format(port=daemon.port), daemon.process.log())

    # The first bytes of what browsers and clients send.
    HTTP = b"GET /mqtt HTTP/1.1\r\nHost: gateway\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" \
           b"User-Agent: a browser of some name\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
    MQTT = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01t"

    def test_plain_mqtt_at_a_port_with_tls_is_named(self):
        daemon = self.server()
        self.assertNotEqual(self.publish(daemon.port)[0], 0)
        self.turned_away(daemon, self.MQTT, "client_without_tls",
                         "speaks MQTT without TLS, and port {port} wants TLS")

    def test_http_at_a_port_with_tls_is_named(self):
        self.turned_away(self.server(), self.HTTP, "client_http_without_tls", "and port {port} wants TLS")

    def test_tls_at_a_plain_port_is_named(self):
        daemon = self.server(tls=False)
        for _ in range(3):
            self.assertNotEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)
        wait_until(lambda: self.cause_of_turned_away(daemon) == "client_speaks_tls", what="the cause")
        self.assertIn(f"speaks TLS, and port {daemon.port} takes MQTT without TLS. Point the device",
                      daemon.process.log())

    def test_http_and_websocket_at_a_plain_port_are_named(self):
        self.turned_away(self.server(tls=False), self.HTTP, "client_speaks_http",
                         "and port {port} takes MQTT over TCP")

    def test_a_handshake_that_does_not_end_is_ended_and_keeps_nobody_waiting(self):
        daemon = self.server("max_connections = 3\n")
        began = time.monotonic()
        slow = [socket.create_connection(("127.0.0.1", daemon.port), timeout=30) for _ in range(2)]
        slow[0].sendall(b"\x16\x03\x01")

        def held(count):
            wait_until(lambda: daemon.status()["listeners"][0]["connections"] == count, what=f"{count} counted")
        held(2)
        # Others are served meanwhile, as far as there is room.
        for _ in range(3):
            self.assertEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)
        self.assertLess(time.monotonic() - began, CONNECT_TIMEOUT)
        held(2)  # the last of them is gone
        slow.append(socket.create_connection(("127.0.0.1", daemon.port), timeout=30))
        held(3)
        self.assertNotEqual(self.publish(daemon.port, "--cafile", self.authority.certificate)[0], 0)
        self.assertIn("client_port_full", self.troubles(daemon))
        for client in slow[:2]:
            try:
                self.assertEqual(client.recv(100), b"")
            except ConnectionResetError:
                pass
        waited = time.monotonic() - began
        self.assertGreater(waited, CONNECT_TIMEOUT - 1)
        self.assertLess(waited, CONNECT_TIMEOUT + 4)
        for client in slow:
            client.close()


class WebSocket(Case):
    def test_paho_delivers_over_websocket_with_and_without_tls(self):
        for tls in (False, True):
            daemon = self.server(protocol="websocket", tls=tls)
            ca = self.authority.certificate if tls else None
            client = self.paho(daemon, "page", "websockets", ca)
            self.deliver(client, senml("well", "level", 1.5, "n1"))
            # Over many frames, both of the library and of TLS.
            self.deliver(client, "x" * 1_500_000)
            for i in range(200):
                client.publish(TOPIC, str(i), qos=1)
            wait_until(lambda: self.stored(daemon) == 202, what="all stored")
            listener = daemon.status()["listeners"][0]
            self.assertEqual((listener["protocol"], listener["tls"]), ("websocket", tls))
            self.assertEqual(daemon.stop(), 0)

    def test_an_older_client_and_another_path_are_taken_as_set(self):
        daemon = self.server('websocket_path = "/ws/devices"\n', "websocket", tls=False)
        self.deliver(self.paho(daemon, "page", "websockets", path="/ws/devices"), "1")
        with self.assertRaises(Exception):
            self.paho(daemon, "lost", "websockets", path="/mqtt")
        wait_until(lambda: "at another path than websocket_path" in daemon.process.log(),
                   what="a line about it")

    def test_what_is_no_websocket_is_answered_and_named(self):
        daemon = self.server(protocol="websocket", tls=False)
        answer = self.raw(daemon, b"GET / HTTP/1.1\r\nHost: gateway\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 426 "), answer)
        self.assertIn(b"Upgrade: websocket\r\n", answer)
        for _ in range(3):
            self.assertNotEqual(self.publish(daemon.port)[0], 0)
        wait_until(lambda: self.cause_of_turned_away(daemon) == "client_without_websocket",
                   what="the cause")

    def test_a_request_that_does_not_end_is_ended(self):
        daemon = self.server(protocol="websocket", tls=False)
        began = time.monotonic()
        self.raw(daemon, b"GET /mqtt HTTP/1.1\r\nHost: gate", wait=30)
        self.assertLess(time.monotonic() - began, CONNECT_TIMEOUT + 4)
        self.assertGreater(time.monotonic() - began, CONNECT_TIMEOUT - 1)


class Command(Case):
    def cert(self, *arguments, code=0):
        run = subprocess.run([BUILD / "watchpost", "cert", "--folder", self.folder / "own", "--user",
                              "nobody-of-this-name", *arguments], capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def renew(self, *arguments, code=0):
        run = subprocess.run([BUILD / "watchpost", "cert", "--folder", self.folder / "own", "--renew",
                              *arguments], capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_what_it_makes_is_served_and_trusted_and_renewed_under_a_client(self):
        own = self.folder / "own"
        said = self.cert("--address", "127.0.0.1", "--name", "localhost", "--lang", "en")
        for words in (f'cert_file = "{own}/server.pem"', f"--cafile {own}/ca.pem", "SHA-256", "setCACert",
                      "Certificate Trust Settings", "sudo chown watchpost"):
            self.assertIn(words, said)
        for name, mode in (("ca.key", 0o600), ("server.key", 0o600), ("ca.pem", 0o644),
                           ("server.pem", 0o644)):
            self.assertEqual((own / name).stat().st_mode & 0o777, mode, name)
        daemon = self.server(f'ca_file = "{own}/ca.pem"\nuse_identity_as_username = true\n'
                             "anonymous = false\n",
                             certificate=(own / "server.pem", own / "server.key"))
        run = subprocess.run([BUILD / "watchpost", "cert", "--folder", own, "--client", "smokehall", "--lang",
                              "zh"], capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("只给这台设备", run.stdout)
        self.assertEqual((own / "client-smokehall.key").stat().st_mode & 0o777, 0o600)
        pair = (own / "client-smokehall.pem", own / "client-smokehall.key")
        client = self.paho(daemon, "stays", ca=own / "ca.pem", certificate=pair)
        code, text = self.publish(daemon.port, "--cafile", own / "ca.pem", "--cert", pair[0], "--key", pair[1],
                                  host="localhost")
        self.assertEqual(code, 0, text)
        before = (own / "server.pem").read_text()
        self.assertIn("旧证书保存为", self.renew("--lang", "zh"))
        after = (own / "server.pem").read_text()
        self.assertNotEqual(before, after)
        self.assertIn(before, [file.read_text() for file in own.glob("server-*.pem")])
        wait_until(lambda: self.shown(daemon).split() == after.split(), 30, "the renewed certificate")
        self.deliver(client, "1")

    def test_nothing_is_overwritten(self):
        self.cert("--address", "127.0.0.1")
        own = self.folder / "own"
        before = {file.name: file.read_bytes() for file in own.iterdir()}
        said = self.cert("--address", "127.0.0.1", "--lang", "en", code=2)
        self.assertIn("server.key is there already and is never overwritten", said)
        self.assertIn("不会被覆盖", self.cert("--address", "127.0.0.1", "--lang", "zh", code=2))
        self.assertEqual(before, {file.name: file.read_bytes() for file in own.iterdir()})
        # Without its authority nothing is renewed.
        (own / "ca.key").unlink()
        self.assertIn("ca.key cannot be read", self.renew("--lang", "en", code=2))
        self.assertEqual(before["server.pem"], (own / "server.pem").read_bytes())

    def test_what_is_no_name_and_no_address_is_told(self):
        for arguments, words in ((("--name", "192.168.1.1"), "an address goes to --address"),
                                 (("--address", "office.local"), "a name goes to --name"),
                                 (("--name", "x,DNS:evil"), "is no name of a host"),
                                 ((), "nothing says how devices reach this box"),
                                 (("--client", "../x"), "cannot be a file name")):
            self.assertIn(words, self.cert(*arguments, "--lang", "en", code=2))
        self.assertFalse((self.folder / "own").exists())


class Check(Case):
    def check(self, keys, language="en", prefix=()):
        config = self.folder / "w.toml"
        config.write_text(f"[[listener]]\nport = {free_port()}\n{keys}")
        run = subprocess.run([*prefix, BUILD / "watchpostd", "--config", config, "--store",
                              self.folder / "store", "--check-config", "--lang", language],
                             capture_output=True, text=True, timeout=20)
        return run.returncode, run.stdout + run.stderr

    def test_files_that_cannot_work_are_found_by_the_check(self):
        pem, key = self.authority.issue("gateway")
        other = self.authority.issue("other")[1]
        good = f'cert_file = "{pem}"\nkey_file = "{key}"\n'
        self.assertEqual(self.check(good)[0], 0, self.check(good)[1])
        for keys, words in ((f'cert_file = "{pem}"\nkey_file = "{other}"\n',
                             "is not the key of the certificate"),
                            (f'cert_file = "{pem}"\n', "one is missing"),
                            (f'ca_file = "{pem}"\n', "is without TLS"),
                            (good + "use_identity_as_username = true\n", "without ca_file or psk_file no client"),
                            (good + 'client_certificates = "optional"\n', "without ca_file"),
                            ('cert_file = "/nowhere.pem"\nkey_file = "/nowhere.key"\n',
                             "There is no /nowhere.pem")):
            code, said = self.check(keys)
            self.assertEqual(code, 2, keys)
            self.assertIn(words, said)
        self.assertIn("不是证书", self.check(f'cert_file = "{pem}"\nkey_file = "{other}"\n', "zh")[1])

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs root to be somebody else")
    def test_a_key_that_only_root_can_read_is_a_mistake(self):
        self.folder.chmod(0o755)
        pem, key = self.authority.issue("gateway")
        key.chmod(0o600)
        for file in self.folder.iterdir():
            if file != key:
                file.chmod(0o644)
        code, said = self.check(f'cert_file = "{pem}"\nkey_file = "{key}"\n',
                                prefix=("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"))
        self.assertEqual(code, 2, said)
        self.assertIn("listener.key_file", said)
        self.assertIn(f"{key}", said)


if __name__ == "__main__":
    unittest.main()

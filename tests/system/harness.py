"""Real processes for the system tests: the daemon, Mosquitto, and clients that keep a ledger.

Everything listens on loopback, on ports the kernel picks; everything started is ended by its own
process id; every folder is temporary.
"""
import collections
import functools
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from times import wait_until

BUILD = pathlib.Path(os.environ["WATCHPOST_BUILD"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
MOSQUITTO = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin") or "mosquitto"



def is_sanitized():
    """True under sanitizers, which keep freed memory for a while and shadow the rest: sizes mean nothing
    there."""
    cache = BUILD / "CMakeCache.txt"
    return cache.exists() and any(line.startswith("WATCHPOST_SANITIZE:") and not line.endswith("=")
                                  for line in cache.read_text().splitlines())


# These ports lie below the range for outgoing connections (Linux: 32768 and up). An outgoing connection
# could take a port of that range between the check and the bind of the program that is given the port.
PORTS = range(15_000, 32_000)

# A port that no program listens on yet is claimed by the name of a socket, so that no two tests that
# run at the same time are given the same one. The kernel frees the names when the process ends. The
# C++ tests claim by the same names (tests/support/free_port.cpp).
_claims = []


def claimed(port):
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0watchpost-test-port-{port}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def free_port():
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            if claimed(port):
                return port


def port_is_open(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


class Process:
    """A child process with its output in a file; it is ended when the test ends."""

    def __init__(self, test, arguments, log_file, env=None):
        self.log_file = pathlib.Path(log_file)
        with open(self.log_file, "ab") as log:
            self.child = subprocess.Popen([str(a) for a in arguments], stdout=log, stderr=log,
                                          stdin=subprocess.DEVNULL, env=env)
        test.addCleanup(self.kill)

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()

    def terminate(self, seconds=30):
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(seconds)

    def is_running(self):
        return self.child.poll() is None

    def log(self):
        return self.log_file.read_text(errors="replace")


def temp_folder(test):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="watchpost-test-"))
    test.addCleanup(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Mosquitto:
    """The street's broker. It keeps its port over restarts."""

    def __init__(self, test, persistent=True, extra=""):
        self.test = test
        self.folder = temp_folder(test)
        self.port = free_port()
        persistence = f"persistence true\npersistence_location {self.folder}/\n" if persistent else ""
        user = "user root\n" if os.geteuid() == 0 else ""
        self.config = self.folder / "mosquitto.conf"
        self.config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n{user}{persistence}"
            f"max_queued_messages 0\nmax_inflight_messages 0\n{extra}")
        self.process = None
        self.inside = None

    def speak_tls(self, authority, certificate, key, extra=""):
        """The port of this broker shows the certificate; the street's own programs use the port `inside`,
        without TLS."""
        self.inside = free_port()
        self.config.write_text(
            f"{self.config.read_text()}cafile {authority.certificate}\ncertfile {certificate}\n"
            f"keyfile {key}\n{extra}listener {self.inside} 127.0.0.1\n")
        return self

    def start(self, prefix=(), host="127.0.0.1"):
        self.process = Process(self.test, [*prefix, MOSQUITTO, "-c", self.config],
                               self.folder / "log")
        for port in filter(None, (self.port, self.inside)):
            wait_until(lambda: port_is_open(port, host) or not self.process.is_running(),
                       what=f"mosquitto listening on port {port}")
            assert self.process.is_running(), f"mosquitto ended:\n{self.process.log()}"
        return self

    def start_awaited(self, topics=("wp/v1/#",), client_id="street"):
        """Starts with a subscription that exists before anybody can publish; returns the subscriber.

        A gateway with a backlog may be the first to connect, and what it publishes before anybody
        has subscribed reaches nobody.
        """
        port, self.port = self.port, free_port()
        text = self.config.read_text()
        self.config.write_text(text.replace(f"listener {port} ", f"listener {self.port} "))
        self.start()
        Subscriber(self.test, self.port, topics, client_id).close()
        self.stop()
        self.port = port
        self.config.write_text(text)
        self.start()
        return Subscriber(self.test, port, topics, client_id)

    def kill(self):
        self.process.kill()

    def stop(self):
        # Mosquitto 2.0 forgets a SIGTERM that comes between its listening and its main loop.
        end = time.monotonic() + 30
        while self.process.is_running():
            assert time.monotonic() < end, f"mosquitto does not stop:\n{self.process.log()}"
            try:
                self.process.terminate(1)
            except subprocess.TimeoutExpired:
                continue


def client_in_use():
    """The MQTT client that upstreams and brokers are configured to use."""
    return os.environ.get("WATCHPOST_CLIENT", "watchpost")


def with_client(text):
    for section in ("[[upstream]]\n", "[[broker]]\n"):
        text = text.replace(section, f'{section}client = "{client_in_use()}"\n')
    return text


class Daemon:
    """watchpostd with the test's own configuration; it keeps directory and port over restarts."""

    def __init__(self, test, upstreams=(), extra="", raw="always", listener_extra="",
                 gateway="zhaoxiang-03"):
        self.test = test
        self.folder = temp_folder(test)
        self.port = free_port()
        self.store = self.folder / "store"
        self.socket = self.folder / "local.sock"
        self.config = self.folder / "watchpost.toml"
        text = (f'[gateway]\nid = "{gateway}"\narea = "310118106203"\n'
                # The linger is short, so that tests do not wait for it, but not 0, so that tests pass
                # through it.
                f'[store]\nlinger = "20 ms"\ndirectory = "{self.store}"\n'
                f'[local]\nsocket = "{self.socket}"\n'
                f'[[listener]]\naddress = "127.0.0.1"\nport = {self.port}\n{listener_extra}\n')
        for name, port in upstreams:
            text += (f'[[upstream]]\nname = "{name}"\nurl = "mqtt://127.0.0.1:{port}"\n'
                     f'raw = "{raw}"\nreconnect_first = "100 ms"\nreconnect_ceiling = "500 ms"\n'
                     f'reconnect_spread = "0 s"\n')
        self.config.write_text(with_client(text + extra))
        self.process = None

    def start(self, env=None):
        environment = dict(os.environ, **(env or {}))
        self.process = Process(self.test, [BUILD / "watchpostd", "--config", self.config],
                               self.folder / "log", environment)
        wait_until(lambda: port_is_open(self.port) or not self.process.is_running(),
                   what="watchpostd listening")
        assert self.process.is_running(), self.process.log()
        return self

    def kill(self):
        self.process.kill()

    def stop(self):
        return self.process.terminate()

    def status(self):
        answer = subprocess.run([BUILD / "watchpost", "status", "--json", "--socket", self.socket],
                                capture_output=True, text=True, timeout=20)
        assert answer.returncode == 0, f"{answer.stderr}\nThe daemon said:\n{self.process.log()}"
        return json.loads(answer.stdout)

    def backlog(self, upstream=0):
        return sum(self.status()["upstreams"][upstream]["backlog"].values())

    def resident_kib(self):
        for line in pathlib.Path(f"/proc/{self.process.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")


@functools.cache
def noise(size):
    """A text that hardly compresses, the same for every call with one size."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join(random.Random(size).choices(digits, k=size))


def senml(device, quantity, value, nonce):
    """A message of our own device (RFC 8428); its nonce tells it from all others."""
    reading = {"bn": f"{device}:", "n": quantity}
    reading["vb" if isinstance(value, bool) else "v"] = value
    return json.dumps([reading, {"n": "nonce", "vs": nonce}], separators=(",", ":"))


def smoke(nonce):
    """An alarm of a detector of its own: what one says again while its alarm is open is a repeat, no alarm."""
    return senml(f"hall-{nonce}", "smoke", True, nonce)


def smoke_topic(nonce):
    return f"wp/in/fire/hall-{nonce}"


def is_transition(event):
    """A change of an alarm, which stands behind the event of the message that caused it."""
    return event["type"].endswith(".transition.v1")


class Publisher:
    """A Paho client that notes each message whose PUBACK (or PUBCOMP) arrived."""

    def __init__(self, test, port, client_id, protocol=mqtt.MQTTv5, window=20):
        options = {} if protocol == mqtt.MQTTv5 else {"clean_session": False}
        self.client = mqtt.Client(client_id, protocol=protocol, **options)
        self.client.max_inflight_messages_set(window)
        self.client.max_queued_messages_set(0)
        self.client.reconnect_delay_set(1, 1)
        self.lock = threading.Lock()
        self.pending = {}
        self.acknowledged = set()
        self.early = set()
        self.client.on_publish = self._on_publish
        connect = {}
        if protocol == mqtt.MQTTv5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 3600
            connect = {"clean_start": mqtt.MQTT_CLEAN_START_FIRST_ONLY, "properties": properties}
        self.client.connect("127.0.0.1", port, keepalive=20, **connect)
        self.client.loop_start()
        test.addCleanup(self.close)

    def _on_publish(self, _client, _userdata, mid):
        with self.lock:
            nonce = self.pending.pop(mid, None)
            if nonce is None:
                self.early.add(mid)
            else:
                self.acknowledged.add(nonce)

    def publish(self, topic, payload, nonce, qos=1):
        answer = self.client.publish(topic, payload, qos=qos)
        with self.lock:
            if answer.mid in self.early:
                self.early.discard(answer.mid)
                self.acknowledged.add(nonce)
            else:
                self.pending[answer.mid] = nonce

    def outstanding(self):
        with self.lock:
            return len(self.pending)

    def wait_for_room(self, most):
        """Until no more than so many wait for their acknowledgement: a load that is as fast as it is taken."""
        wait_until(lambda: self.outstanding() <= most, 60, "acknowledgements", every=0.002)

    def close(self):
        # In this order: Paho's thread notices at once that it has to send, and only once a second that it has to end.
        self.client.disconnect()
        self.client.loop_stop()


class Subscriber:
    """The street's server: keeps every event that it receives, in order."""

    def __init__(self, test, port, topics=("wp/v1/#",), client_id="street", host="127.0.0.1"):
        self.events = []
        self.known, self.looked_at = set(), 0
        self.lock = threading.Lock()
        self.subscribed = threading.Event()
        self.topics = topics
        self.client = mqtt.Client(client_id, clean_session=False, protocol=mqtt.MQTTv311)
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.on_message = self._on_message
        self.client.reconnect_delay_set(1, 1)
        self.client.connect(host, port)
        self.client.loop_start()
        test.addCleanup(self.close)
        assert self.subscribed.wait(20), "the subscriber got no SUBACK"

    def _on_connect(self, client, *_):
        client.subscribe([(topic, 1) for topic in self.topics])

    def _on_message(self, _client, _userdata, message):
        with self.lock:
            self.events.append((message.topic, json.loads(message.payload)))

    def snapshot(self):
        with self.lock:
            return list(self.events)

    def records(self):
        """The log's events, without the retained link state."""
        return self.without_state(self.snapshot())

    def evidence(self):
        """The same without the changes of alarms: the events of messages, and what the gateway says of itself."""
        return [(topic, event) for topic, event in self.records() if not is_transition(event)]

    @staticmethod
    def without_state(events):
        return [(topic, event) for topic, event in events if not topic.endswith("/status/gateway/online")]

    def nonces(self):
        """Of all events; each is looked at once, however often this is asked."""
        with self.lock:
            fresh, self.looked_at = self.events[self.looked_at:], len(self.events)
            self.known |= {nonce_of(event) for _, event in self.without_state(fresh)} - {None}
            return self.known

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def nonce_of(event):
    raw = event["data"].get("raw")
    if not isinstance(raw, list):
        return None
    return next((entry["vs"] for entry in raw if entry.get("n") == "nonce"), None)


def check_ledger(test, acknowledged, events):
    """Checks that every acknowledged message arrived, that repeats are equal, and that sequences have no
    gap."""
    by_id = {}
    payload_ids = collections.defaultdict(set)
    sequences = collections.defaultdict(set)
    for _, event in events:
        key = (event["source"], event["id"])
        test.assertEqual(by_id.setdefault(key, event), event, "a repeat differs from the first")
        sequences[event["wpclass"]].add(int(event["sequence"]))
        if nonce_of(event):
            payload_ids[nonce_of(event)].add(event["id"])
    missing = acknowledged - set(payload_ids)
    test.assertFalse(missing, f"{len(missing)} acknowledged messages never arrived")
    for event_class, seen in sequences.items():
        test.assertEqual(len(seen), max(seen) - min(seen) + 1, f"{event_class} has a gap")
        test.assertEqual(min(seen), 1, f"{event_class} does not begin at 1")
    return payload_ids

"""What an abuser does to a listener, each kind a function that goes on until it is told to stop.

An abuser is a process of its own with an address of its own (127.0.0.2 reaches 127.0.0.1 too), so that it
takes no time of the test that measures beside it, and is told apart by the daemon.
"""
import base64
import contextlib
import multiprocessing
import os
import random
import resource
import select
import socket
import ssl
import struct

from mqtt_wire import (PINGREQ, USER, V5, V311, connect, packet, publish, text, varint)
from times import lasts

ABUSER = "127.0.0.2"
EXPIRY = 0x11


class Target:
    def __init__(self, port, address=ABUSER):
        self.port, self.address = port, address

    def open(self, greeting=b"", wait=True):
        """A connected socket; with a greeting one that was let in."""
        wire = socket.socket()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind((self.address, 0))
        wire.settimeout(5)
        wire.connect(("127.0.0.1", self.port))
        if greeting:
            wire.sendall(greeting)
            if wait:
                answer = wire.recv(1024)
                if len(answer) < 4 or answer[0] != 0x20 or answer[3] != 0:
                    raise ConnectionError(f"not let in: {answer[:8].hex()}")
        return wire


@contextlib.contextmanager
def sometimes():
    """What the daemon does to an abuser (closing, refusing, not reading) ends one round, not the abuse."""
    try:
        yield
    except (OSError, ConnectionError, ssl.SSLError):
        lasts(0.001, "a breath, where the daemon refuses everything at once")


def flood(target, rounds, clients=8, greeting=None, reads=True):
    """Each of the clients sends what `rounds(number)` makes, as fast as it is taken; all are read."""
    number = 0
    wires = {}
    while True:
        while len(wires) < clients:
            number += 1
            with sometimes():
                wire = target.open(greeting(number) if greeting else connect(f"flood-{number}", version=V311))
                wire.setblocking(False)
                wires[wire] = [number, b"", 0]
            if len(wires) < clients:
                break
        everybody = list(wires)
        readable, ready, _ = select.select(everybody if reads else [], everybody, [], 0.1)
        for wire in readable:
            try:
                if not wire.recv(262_144):
                    raise ConnectionError
            except BlockingIOError:
                pass
            except OSError:
                wires.pop(wire, None)
                wire.close()
        for wire in ready:
            state = wires.get(wire)
            if state is None:
                continue
            try:
                if not state[1]:
                    state[2] += 1
                    state[1] = rounds(state[0], state[2])
                sent = wire.send(state[1])
                state[1] = state[1][sent:]
            except BlockingIOError:
                pass
            except OSError:
                wires.pop(wire, None)
                wire.close()


def connection_flood(target):
    while True:
        with sometimes():
            target.open().close()


def half_open(target, count=7_000):
    wires = []
    while True:
        with sometimes():
            wires.append(target.open())
        if len(wires) >= count:
            for wire in wires[:100]:
                wire.close()
            del wires[:100]


def slowloris(target, count=1_000):
    greeting = connect("slow" * 20, version=V311)
    wires = []
    while True:
        if len(wires) < count:
            with sometimes():
                wires.append([target.open(), 0])
        for one in random.sample(wires, min(20, len(wires))):
            try:
                one[0].sendall(greeting[one[1]:one[1] + 1])
                one[1] = min(one[1] + 1, len(greeting) - 1)
            except OSError:
                wires.remove(one)
                one[0].close()


def first_packets(target, count=1_000):
    """CONNECTs of 384 KiB, all but their last byte."""
    body = b"\x10" + varint(380_000) + b"\x00\x04MQTT\x05" + b"x" * 379_000
    wires = []
    while True:
        with sometimes():
            wire = target.open()
            wire.settimeout(1)
            wires.append(wire)
            wire.sendall(body)
        if len(wires) >= count:
            wires.pop(0).close()


def half_packets(target, count=500):
    """Packets of 2 MiB of many clients that were let in, all but their last bytes."""
    body = publish("wp/in/water/big", b"x" * 2_000_000, version=V311)[:1_990_000]
    wires, number = [], 0
    while True:
        number += 1
        with sometimes():
            wire = target.open(connect(f"half-{number}", version=V311))
            wire.settimeout(1)
            wires.append(wire)
            wire.sendall(body)
        if len(wires) >= count:
            wires.pop(0).close()


def qos_0(target):
    one = publish("wp/in/water/gauge", b'[{"n":"level","v":1.5}]', version=V311) * 500
    flood(target, lambda *_: one)


def qos_1(target, reads=True, size=20):
    payload = b"x" * size
    per_round = max(1, 20_000 // (size + 30))

    def rounds(_, number):
        return b"".join(publish("wp/in/water/gauge", payload, qos=1, version=V311,
                                packet_id=(number * per_round + i) % 60_000 + 1) for i in range(per_round))
    flood(target, rounds, reads=reads)


def qos_1_unread(target):
    qos_1(target, reads=False)


def large_packets(target):
    qos_1(target, size=1_900_000)


def qos_2(target):
    """QoS 2 that is never released, of persistent sessions."""
    def rounds(_, number):
        return b"".join(publish("wp/in/water/gauge", b"x", qos=2, packet_id=(number * 500 + i) % 60_000 + 1)
                        for i in range(500))
    flood(target, rounds, greeting=lambda i: connect(f"two-{i}", props=[(EXPIRY, 3600)]))


def subscribe(filters, packet_id=1, version=V5, qos=0):
    return packet(0x82, struct.pack(">H", packet_id), b"\x00" if version == V5 else b"",
                  *[text(one) + bytes([qos]) for one in filters])


def subscription_bomb(target):
    """100,000 filters in a packet, again and again."""
    packets = [subscribe([f"{k}/{i}" for i in range(100_000)], version=V311) for k in range(3)]
    flood(target, lambda _, number: packets[number % 3], clients=4)


def deep_filters(target):
    """1,000 filters of 120 levels that share as little as they can and match one topic, each client."""
    depth, bits = 120, 10
    filters = []
    for i in range(1_000):
        levels = ["+" if i >> k & 1 else "a" for k in range(bits)] + ["+" if (i >> (j % bits)) & 1 else "a"
                                                                       for j in range(depth - bits)]
        filters.append("/".join(levels))
    subscribed = b"".join(subscribe(filters[i:i + 100], version=V311) for i in range(0, 1_000, 100))
    one = publish("/".join(["a"] * depth), b"", version=V311) * 10
    flood(target, lambda _, number: subscribed if number == 1 else one, clients=8)


def topic_names(target):
    """Topics of as many levels as the format allows, and of none that anybody subscribes to."""
    one = publish("/" * 65_000, b"", version=V311)
    flood(target, lambda *_: one, clients=4)


def retained_bomb(target):
    """As many retained messages as there is room for, and then they are asked for in every way."""
    def rounds(_, number):
        if number <= 40:
            return b"".join(publish(f"r/{number}/{i}", b"x" * 200, retain=True) for i in range(500))
        return subscribe(["#"] * 200 + ["+/+/+"] * 200 + ["r/#"] * 200, qos=number % 2)
    flood(target, rounds, clients=4, greeting=lambda i: connect(f"kept-{i}"))


def retained_asked(target):
    """The same with many small packets."""
    one = subscribe(["#"]) * 100

    def rounds(_, number):
        if number <= 40:
            return b"".join(publish(f"r/{number}/{i}", b"x" * 200, retain=True) for i in range(500))
        return one
    flood(target, rounds, clients=4, greeting=lambda i: connect(f"asked-{i}"))


def will_bomb(target, count=300):
    """Large wills, of many clients that then vanish together."""
    number = 0
    while True:
        wires = []
        for _ in range(count):
            number += 1
            with sometimes():
                will = ("wp/in/water/gauge", b"x" * 60_000, 1, True, [(USER, ("k" * 100, "v" * 60_000))] * 4)
                wires.append(target.open(connect(f"will-{number}", props=[(EXPIRY, 600)], will=will)))
        for wire in wires:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            wire.close()


def session_flood(target):
    """Sessions that are to stay, each of a new client id."""
    number = 0
    while True:
        number += 1
        with sometimes():
            target.open(connect(f"session-{os.getpid()}-{number}", props=[(EXPIRY, 3600)])).close()


def take_over(target):
    wires = []
    while True:
        with sometimes():
            wires.append(target.open(connect("the same", clean=False, props=[(EXPIRY, 3600)])))
        while len(wires) > 3:
            wires.pop(0).close()


def subscriber_crowd(target, count=800, qos=1):
    """Sessions that want everything, and read nothing."""
    wires = []
    number = 0
    while True:
        number += 1
        with sometimes():
            wire = target.open(connect(f"crowd-{number % count}", clean=False, props=[(EXPIRY, 3600)]))
            wire.sendall(subscribe(["#"], qos=qos))
            wires.append(wire)
        if len(wires) >= count:
            lasts(0.05, "the life of a crowd")
            for wire in wires[:5]:
                wire.close()
            del wires[:5]


def pings(target):
    flood(target, lambda *_: PINGREQ * 2_000)


def malformed(target):
    garbage = [b"\x00", b"\x10\xff\xff\xff\xff\xff", b"\x20\x02\x00\x00", connect("x")[:9] + b"\xff" * 40,
               b"\x30\x02\x00\x00", connect("a\x00b"), connect(b"\xed\xa0\x80"), connect(b"\xc0\x80"),
               b"\x10\x80\x80\x80\x00", os.urandom(200)]
    while True:
        for one in garbage:
            with sometimes():
                wire = target.open()
                wire.sendall(one)
                wire.close()


def user_properties(target):
    one = publish("wp/in/water/gauge", b"x", props=[(USER, ("k" * 2_000, "v" * 5_000))] * 255)
    flood(target, lambda *_: one, greeting=lambda i: connect(f"props-{i}"))


def aliases(target):
    def rounds(_, number):
        return b"".join(publish("t" * 2_000 + str(number), b"x", props=[(0x23, i % 32 + 1)]) for i in range(32))
    flood(target, rounds, greeting=lambda i: connect(f"alias-{i}"))


def http(target):
    while True:
        with sometimes():
            wire = target.open()
            wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 500 + b"\r\n")
            wire.close()


UPGRADE = (b"GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: " + base64.b64encode(b"0123456789abcdef") +
           b"\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n")


def frame(payload, code=2, last=True, masked=True, length=None):
    """A frame of RFC 6455; `length`: what it says of its length."""
    size = len(payload) if length is None else length
    head = bytes([(0x80 if last else 0) | code])
    mask = 0x80 if masked else 0
    head += (bytes([mask | size]) if size < 126 else bytes([mask | 126]) + struct.pack(">H", size)
             if size < 65_536 else bytes([mask | 127]) + struct.pack(">Q", size))
    return head + (b"\x00\x00\x00\x00" if masked else b"") + payload


class WebSocket(Target):
    def open(self, greeting=b"", wait=True):
        wire = super().open()
        wire.sendall(UPGRADE)
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = wire.recv(1024)
            if not more:
                raise ConnectionError("no upgrade")
            answer += more
        if greeting:
            wire.sendall(frame(greeting))
            if wait:
                wire.recv(1024)
        return wire


def web_socket_pings(target):
    flood(WebSocket(target.port, target.address), lambda *_: frame(b"x" * 100, code=9) * 500)


def web_socket_fragments(target):
    one = publish("wp/in/water/gauge", b"x" * 50, version=V311)
    cut = b"".join(frame(bytes([byte]), code=2 if i == 0 else 0, last=i + 1 == len(one))
                   for i, byte in enumerate(one))
    empty = frame(b"", last=False) + frame(b"", code=0, last=False) * 1_000 + frame(b"", code=0)
    flood(WebSocket(target.port, target.address), lambda _, number: cut * 20 if number % 2 else empty)


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def tls_handshakes(target):
    """Whole handshakes, one after the other, by several at once."""
    context = tls_context()
    while True:
        with sometimes():
            with context.wrap_socket(target.open()) as wire:
                wire.close()


def client_hello():
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = tls_context().wrap_bio(incoming, outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        ours.do_handshake()
    return outgoing.read()


def tls_hellos(target):
    """Hellos that make the daemon sign, and nothing after them."""
    hello = client_hello()
    while True:
        with sometimes():
            wire = target.open()
            wire.sendall(hello)
            wire.close()


def tls_alerts(target):
    """Records of alerts and of changes of the cipher, and garbage in the middle of a handshake."""
    hello = client_hello()
    while True:
        for after in (b"\x15\x03\x03\x00\x02\x01\x00" * 1_000, b"\x14\x03\x03\x00\x01\x01" * 1_000,
                      os.urandom(2_000), b"\x16\x03\x03\xff\xff"):
            with sometimes():
                wire = target.open()
                wire.sendall(hello + after)
                wire.close()


def _run(abuse, target):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))
    os.nice(1)
    abuse(target)


class Abuser:
    """Runs an abuse in processes of its own until the block ends."""

    def __init__(self, abuse, port, processes=1):
        self.processes = [multiprocessing.get_context("fork").Process(
            target=_run, args=(abuse, Target(port)), daemon=True) for _ in range(processes)]

    def __enter__(self):
        for one in self.processes:
            one.start()
        return self

    def __exit__(self, *_):
        for one in self.processes:
            one.kill()
            one.join()

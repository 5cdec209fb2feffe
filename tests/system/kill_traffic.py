"""Clients of the kill loop: they send bytes on sockets, connect again at once, and share one thread.

A client library waits a second before it connects again; here a kill costs what the daemon's start
costs, so a round is short. Clients keep what MQTT asks of them: unacknowledged messages are sent again
with DUP under their packet id, in order, and a QoS 2 message goes on where it was.
"""
import collections
import json
import pathlib
import selectors
import socket
import threading
import time

import mqtt_wire as wire
from harness import senml, smoke, smoke_topic
from kill_ledger import Broken

RECONNECT_S = 0.005


class Client:
    """A connection that is made again for ever; subclasses say what is sent over it."""

    def __init__(self, traffic, name, port, version):
        self.traffic, self.name, self.port, self.version = traffic, name, port, version
        self.socket = self.address = None
        self.is_up = False
        self.inbox, self.outbox = bytearray(), bytearray()
        self.retry_at = 0.0
        self.known = False  # the broker said once that it keeps this session
        traffic.clients.append(self)

    def try_to_connect(self, now):
        if self.socket is not None or now < self.retry_at:
            return
        self.retry_at = now + RECONNECT_S
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket.connect(("127.0.0.1", self.port))  # loopback answers at once
        except OSError:
            self.socket.close()
            self.socket = None
            return
        self.address = self.socket.getsockname()
        self.socket.setblocking(False)
        self.inbox, self.outbox = bytearray(), bytearray()
        props = ((wire.EXPIRY, 86400),) if self.version == wire.V5 else ()
        self.send(wire.connect(self.name, self.version, clean=False, props=props))
        self.traffic.selector.register(self.socket, selectors.EVENT_READ, self)

    def close(self):
        if self.socket is None:
            return
        self.traffic.selector.unregister(self.socket)
        self.socket.close()
        self.socket, self.address, self.is_up = None, None, False

    def send(self, *packets):
        self.outbox += b"".join(packets)

    def flush(self):
        if self.socket is None or not self.outbox:
            return
        try:
            del self.outbox[:self.socket.send(self.outbox)]
        except BlockingIOError:
            return  # tried again on the next turn
        except OSError:
            self.readable()  # bytes that came before the end count

    def readable(self):
        try:
            while True:
                more = self.socket.recv(1 << 20)
                if not more:
                    break
                self.inbox += more
                self.parse()
        except BlockingIOError:
            return
        except OSError:
            pass  # the daemon was killed, which closes the connection too
        self.close()

    def parse(self):
        at, end = 0, len(self.inbox)
        while end - at >= 2:
            length, shift, body = 0, 0, at + 1
            while body < end:
                digit = self.inbox[body]
                length |= (digit & 0x7F) << shift
                body, shift = body + 1, shift + 7
                if not digit & 0x80:
                    break
            else:
                break
            if body + length > end:
                break
            self.on_packet(self.inbox[at] >> 4, self.inbox[at] & 0xF, bytes(self.inbox[body:body + length]))
            at = body + length
        del self.inbox[:at]

    def on_packet(self, kind, flags, body):
        if kind == wire.CONNACK:
            if body[1] != 0:
                return self.refused(body[1])
            if self.known and not body[0] & 1:
                raise Broken(f"{self.name}: the session was forgotten")
            self.known = self.is_up = True
            self.on_connected()
        else:
            self.on_answer(kind, flags, body)

    def refused(self, code):
        """Only a gateway that is stopping may send DISCONNECT; the client then connects again."""
        if code not in (0x88, 3):
            raise Broken(f"{self.name}: CONNECT was refused with {code:#x}")

    def on_connected(self):
        pass

    def on_answer(self, kind, flags, body):
        pass

    def on_turn(self):
        pass


class Sensor(Client):
    """Publishes as fast as its window and the ledger allow."""
    WINDOW = 40
    MOST_OUTSTANDING = 1_000  # acknowledged and not arrived; as many may gather while the link is down

    def __init__(self, traffic, name, port, version, qos, message, custody=True):
        super().__init__(traffic, name, port, version)
        self.qos, self.message, self.custody = qos, message, custody
        self.next_number, self.next_packet = 0, 0
        self.again = collections.deque()      # refused messages, to be sent anew
        self.in_flight = {}                   # packet id -> number; kept in the order of sending
        self.released = {}                    # packet id: PUBREC came, PUBCOMP did not
        self.refusals = 0

    def on_connected(self):
        for packet_id in self.released:
            self.send(wire.ack(wire.PUBREL, packet_id))
        for packet_id, number in self.in_flight.items():
            self.publish(packet_id, number, dup=True)

    def publish(self, packet_id, number, dup=False):
        topic, payload = self.message(self.name, number)
        self.send(wire.publish(topic, payload, self.qos, packet_id, self.version, dup=dup))

    def on_turn(self):
        ledger = self.traffic.ledger
        while (self.is_up and len(self.outbox) < 16_000 and
               len(self.in_flight) + len(self.released) < self.WINDOW and
               (self.again or (self.traffic.publishing and
                               ledger.outstanding(self.name) < self.MOST_OUTSTANDING))):
            number = self.again.popleft() if self.again else self._new_number()
            self.next_packet = self.next_packet % 65535 + 1
            self.in_flight[self.next_packet] = number
            self.publish(self.next_packet, number)

    def _new_number(self):
        self.next_number += 1
        return self.next_number

    def on_answer(self, kind, flags, body):
        packet_id = int.from_bytes(body[:2], "big")
        code = body[2] if len(body) > 2 else 0
        if kind in (wire.PUBACK, wire.PUBREC):
            if packet_id in self.released:  # PUBREC came again for a message that was sent again
                self.send(wire.ack(wire.PUBREL, packet_id))
                return
            number = self.in_flight.pop(packet_id, None)
            if number is None:
                raise Broken(f"{self.name}: an acknowledgement of {packet_id}, which is not in flight")
            if code >= 0x80:
                self.refusals += 1
                self.again.append(number)
                return
            self.traffic.ledger.acknowledge(self.name, number, self.custody and is_alarm(number))
            self.traffic.acknowledged += 1
            if kind == wire.PUBREC:
                self.released[packet_id] = True
                self.send(wire.ack(wire.PUBREL, packet_id))
        elif kind == wire.PUBCOMP:
            self.released.pop(packet_id, None)

    def is_held_up(self):
        return self.is_idle() and self.traffic.ledger.outstanding(self.name) >= self.MOST_OUTSTANDING

    def is_idle(self):
        return not (self.in_flight or self.released or self.again)


class Street(Client):
    """The district's server: QoS 1, with a session that the broker keeps."""

    def __init__(self, traffic, port, topic="wp/v1/#"):
        super().__init__(traffic, "street-server", port, wire.V311)
        self.topic = topic
        self.subscribed = self.has_its_queue = False

    def close(self):
        super().close()
        self.has_its_queue = False

    def bytes_held_back(self):
        """What the broker wrote to this connection and the kernel has not handed over."""
        address = self.address
        if address is None:
            return 0
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, local, remote, _, queues, *_ = line.split()
            ports = [int(end.rpartition(":")[2], 16) for end in (local, remote)]
            if ports == [self.port, address[1]]:
                return int(queues.partition(":")[0], 16)
        return 0

    def on_connected(self):
        # PINGRESP comes when every message queued for this session is on its way.
        self.send(wire.PINGREQ)
        if not self.subscribed:
            self.send(wire.packet(0x82, b"\0\1", wire.text(self.topic), b"\1"))

    def on_answer(self, kind, flags, body):
        if kind == wire.SUBACK:
            self.subscribed = True
        elif kind == wire.PINGRESP:
            self.has_its_queue = True
        if kind != 3:
            return
        size = int.from_bytes(body[:2], "big")
        topic, body = body[2:2 + size], body[2 + size:]
        if flags & 6:
            self.send(wire.ack(wire.PUBACK, int.from_bytes(body[:2], "big")))
            body = body[2:]
        if not topic.endswith(b"/status/gateway/online"):
            self.traffic.ledger.arrive(body)


class Subscriber(Client):
    """A lasting session at the gateway itself, which reads what the sensors publish there."""

    def __init__(self, traffic, name, port, version, qos):
        super().__init__(traffic, name, port, version)
        self.qos = qos
        self.subscribed = False
        self.received = set()  # packet ids of QoS 2 that were taken and not released yet

    def on_connected(self):
        if not self.subscribed:
            props = (wire.properties(),) if self.version == wire.V5 else ()
            self.send(wire.packet(0x82, b"\0\1", *props, wire.text("wp/in/#"), bytes([self.qos])))

    def on_answer(self, kind, flags, body):
        if kind == wire.SUBACK:
            self.subscribed = True
        elif kind == wire.PUBREL:
            packet_id = int.from_bytes(body[:2], "big")
            self.received.discard(packet_id)
            self.send(wire.ack(wire.PUBCOMP, packet_id))
        elif kind == 3:
            at = 2 + int.from_bytes(body[:2], "big")
            packet_id, payload = int.from_bytes(body[at:at + 2], "big"), body[at + 2:]
            if self.version == wire.V5:
                _, payload = wire.read_properties(payload)
            if flags & 6 == 2:
                self.send(wire.ack(wire.PUBACK, packet_id))
            elif flags & 6 == 4:
                self.send(wire.ack(wire.PUBREC, packet_id))
                if packet_id in self.received:
                    return
                self.received.add(packet_id)
            if flags & 6:  # a QoS 0 publisher's messages would promise nothing
                self.traffic.ledger.arrive_at(self.name, payload)


class Traffic(threading.Thread):
    """Turns all clients in one thread; the ledger is used only under `lock`."""

    def __init__(self, test, ledger):
        super().__init__(daemon=True)
        self.ledger, self.lock = ledger, threading.Lock()
        self.selector = selectors.DefaultSelector()
        self.clients = []
        self.publishing = True
        self.acknowledged = 0
        self.failure = None
        self.halt = threading.Event()
        test.addCleanup(self.stop)

    def run(self):
        try:
            while not self.halt.is_set():
                self.turn()
        except Exception as broken:  # reported by the waiting test; a thread cannot fail it
            self.failure = broken

    def turn(self):
        for key, _ in self.selector.select(RECONNECT_S):
            with self.lock:
                if key.data.socket is not None:
                    key.data.readable()
        now = time.monotonic()
        with self.lock:
            for client in self.clients:
                client.try_to_connect(now)
                client.on_turn()
                client.flush()

    def is_idle(self):
        return all(c.is_idle() for c in self.clients if isinstance(c, Sensor))

    def is_held_up(self):
        return all(c.is_held_up() for c in self.clients if isinstance(c, Sensor))

    def stop(self):
        self.halt.set()
        if self.ident is not None:
            self.join()
        for client in self.clients:
            client.close()
        self.selector.close()


def is_alarm(number):
    return number % 10 == 0


def own_device(name, number):
    """Publishes to the listener; every tenth message is an alarm."""
    nonce = f"{name}-{number}"
    if is_alarm(number):
        return smoke_topic(nonce), smoke(nonce)
    return f"wp/in/water/{name}", senml(name, "level", number % 1000 / 100, nonce)


def zigbee(name, number):
    """Publishes to the office's broker, as Zigbee2MQTT does."""
    payload = {"water_leak": is_alarm(number), "battery": 97, "nonce": f"{name}-{number}"}
    return f"zigbee2mqtt/{name}", json.dumps(payload, separators=(",", ":"))

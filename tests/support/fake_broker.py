"""A broker that does what a test tells it: refuses with any code, falls silent, sends rubbish.

It keeps every event it was sent, and which of them it accepted.
"""
import collections
import json
import socket
import struct
import threading
import time

import mqtt_wire
from link_server import LinkServer, packets_in

CONNECT, PUBLISH, SUBSCRIBE, PINGREQ, DISCONNECT = 1, 3, 8, 12, 14

Publication = collections.namedtuple("Publication", "topic event packet_id again link at retain size")
Connect = collections.namedtuple("Connect", "version client_id user password will")
Will = collections.namedtuple("Will", "topic payload retain")


def connack(code=0, version=mqtt_wire.V5, props=()):
    return mqtt_wire.packet(0x20, bytes([0, code]),
                            mqtt_wire.properties(*props) if version == mqtt_wire.V5 else b"")


def puback(packet_id, code=0):
    return mqtt_wire.packet(0x40, struct.pack(">H", packet_id), bytes([code]) if code else b"")


def read_connect(body):
    """What a CONNECT says (MQTT 3.1.1 and 5.0 section 3.1); None for what is absent."""
    version, flags, rest = body[6], body[7], body[10:]

    def take():
        nonlocal rest
        size = struct.unpack_from(">H", rest)[0]
        value, rest = rest[2:2 + size], rest[2 + size:]
        return value
    if version == mqtt_wire.V5:
        _, rest = mqtt_wire.read_properties(rest)
    client_id, will = take().decode(), None
    if flags & 4:
        if version == mqtt_wire.V5:
            _, rest = mqtt_wire.read_properties(rest)
        will = Will(take().decode(), take(), bool(flags & 0x20))
    user = take().decode() if flags & 0x80 else None
    return Connect(version, client_id, user, take().decode() if flags & 0x40 else None, will)


class Script:
    """Behaves as a good broker; a test overrides the steps that are to go wrong."""

    def connect(self, link):
        link.send(connack(0, link.version))

    def publish(self, link, publication):
        link.accept(publication)

    def subscribe(self, link, packet_id, filters):
        link.send(mqtt_wire.packet(0x90, struct.pack(">H", packet_id),
                                   b"\0" if link.version == mqtt_wire.V5 else b"", b"\1" * filters))

    def ping(self, link):
        link.send(b"\xd0\0")


class Link:
    def __init__(self, broker, connection, number):
        self.broker, self.connection, self.number = broker, connection, number
        self.version = self.said = None  # known when the CONNECT has arrived
        self.hung_up = False
        self.opened = time.monotonic()
        self.threads = [threading.Thread(target=self._serve, daemon=True)]
        self.threads[0].start()

    def send(self, *packets):
        self.connection.sendall(b"".join(packets))

    def accept(self, publication):
        self.broker.accepted.append(publication)
        self.send(puback(publication.packet_id))

    def refuse(self, publication, code):
        self.broker.refused.append((publication, code))
        self.send(puback(publication.packet_id, code))

    def hang_up(self):
        """Ends the link in such a way that the other side still reads every answer sent before.

        Closing while packets wait to be read would reset the connection, and the other side, busy
        writing, may then never read those answers.
        """
        self.hung_up = True
        self.connection.shutdown(socket.SHUT_WR)

    def close(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the link is closed already
        self.connection.close()

    def _serve(self):
        buffer = b""
        try:
            while data := self.connection.recv(65_536):
                packets, buffer = packets_in(buffer + data)
                for packet in packets:
                    if not self.hung_up:
                        self._answer(packet)
        except OSError:
            pass
        self.close()

    def _answer(self, packet):
        script, kind = self.broker.script, packet[0] >> 4
        start = next(at for at in range(1, 5) if not packet[at] & 0x80) + 1
        body = packet[start:]
        if kind == CONNECT:
            self.said = read_connect(body)
            self.version = self.said.version
            script.connect(self)
        elif kind == PUBLISH:
            script.publish(self, self._publication(packet[0], body))
        elif kind == SUBSCRIBE:
            script.subscribe(self, struct.unpack_from(">H", body)[0], 1)
        elif kind == PINGREQ:
            script.ping(self)

    def _publication(self, first, body):
        size = struct.unpack_from(">H", body)[0]
        topic, rest = body[2:2 + size].decode(), body[2 + size:]
        packet_id = struct.unpack_from(">H", rest)[0]
        rest = rest[2:]
        if self.version == mqtt_wire.V5:
            _, rest = mqtt_wire.read_properties(rest)
        publication = Publication(topic, json.loads(rest), packet_id, bool(first & 8), self.number,
                                  time.monotonic(), bool(first & 1), len(rest))
        self.broker.arrived.append(publication)
        return publication


class FakeBroker(LinkServer):
    def __init__(self, test, script=None, host="127.0.0.1", port=0):
        self.script = script or Script()
        self.arrived, self.accepted, self.refused = [], [], []
        super().__init__(test, host, port)

    def take(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.links.append(Link(self, connection, len(self.links)))

    def drop_links(self):
        for link in list(self.links):
            link.close()

    def records(self, publications=None):
        """(topic, event) as Subscriber.records gives them, without the retained link state."""
        chosen = self.accepted if publications is None else publications
        return [(p.topic, p.event) for p in list(chosen)
                if not p.topic.endswith("/status/gateway/online")]

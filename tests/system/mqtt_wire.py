"""MQTT by hand: sends bytes that a client library would not let a test send, and reads answers strictly."""
import socket
import struct
import time

V311, V5 = 4, 5

CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP, DISCONNECT = (
    2, 4, 5, 6, 7, 9, 11, 13, 14)

# Property identifiers (MQTT 5.0 section 2.2.2.2), and how the value of each is written.
EXPIRY, ASSIGNED_ID, KEEP_ALIVE, METHOD, REASON, RECEIVE_MAXIMUM, ALIAS_MAXIMUM, ALIAS, PACKET_SIZE = (
    0x11, 0x12, 0x13, 0x15, 0x1F, 0x21, 0x22, 0x23, 0x27)
WILL_DELAY, USER, PROBLEM, FORMAT, MESSAGE_EXPIRY, CONTENT, RESPONSE, CORRELATION = (
    0x18, 0x26, 0x17, 0x01, 0x02, 0x03, 0x08, 0x09)
SERVER_REFERENCE, MAXIMUM_QOS, RETAIN_AVAILABLE = 0x1C, 0x24, 0x25
_BYTE = {0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A}
_TWO = {0x13, 0x21, 0x22, 0x23}
_FOUR = {0x02, 0x11, 0x18, 0x27}


def varint(number):
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(value)) + value


def properties(*pairs):
    """Encodes the properties one after the other as given, so that a test can repeat or misplace one."""
    out = b""
    for identifier, value in pairs:
        out += varint(identifier)
        if identifier == USER:
            out += text(value[0]) + text(value[1])
        elif identifier in _BYTE:
            out += bytes([value])
        elif identifier in _TWO:
            out += struct.pack(">H", value)
        elif identifier in _FOUR:
            out += struct.pack(">I", value)
        elif identifier == 0x0B:
            out += varint(value)
        else:
            out += text(value)
    return varint(len(out)) + out


def packet(first, *parts):
    body = b"".join(parts)
    return bytes([first]) + varint(len(body)) + body


def connect(client_id="c", version=V5, clean=True, keep_alive=0, props=(), will=None, user=None,
            password=None, flags=None):
    """`will`: (topic, payload, qos, retain, properties)."""
    bits = 2 if clean else 0
    payload = text(client_id)
    if will:
        topic, message, qos, retain, will_props = will
        bits |= 4 | qos << 3 | (0x20 if retain else 0)
        payload += (properties(*will_props) if version == V5 else b"") + text(topic) + text(message)
    if user is not None:
        bits |= 0x80
        payload += text(user)
    if password is not None:
        bits |= 0x40
        payload += text(password)
    return packet(0x10, text("MQTT"), bytes([version, bits if flags is None else flags]),
                  struct.pack(">H", keep_alive), properties(*props) if version == V5 else b"", payload)


def publish(topic, payload=b"", qos=0, packet_id=1, version=V5, props=(), dup=False, retain=False):
    payload = payload.encode() if isinstance(payload, str) else payload
    return packet(0x30 | (8 if dup else 0) | qos << 1 | (1 if retain else 0), text(topic),
                  struct.pack(">H", packet_id) if qos else b"",
                  properties(*props) if version == V5 else b"", payload)


def ack(kind, packet_id):
    return packet(kind << 4 | (2 if kind == PUBREL else 0), struct.pack(">H", packet_id))


def disconnect(code=0, props=()):
    return packet(0xE0, bytes([code]), properties(*props))


PINGREQ = b"\xc0\x00"


def read_properties(body):
    """Returns the values by identifier, and the bytes after the properties."""
    length, shift, at = 0, 0, 0
    while True:
        length |= (body[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not body[at - 1] & 0x80:
            break
    end, found = at + length, {}
    while at < end:
        identifier, at = body[at], at + 1
        size = (1 if identifier in _BYTE else 2 if identifier in _TWO else 4 if identifier in _FOUR
                else None)
        if size is None:
            size = struct.unpack_from(">H", body, at)[0]
            at += 2
            value = body[at:at + size].decode()
        else:
            value = int.from_bytes(body[at:at + size], "big")
        assert identifier not in found, "the daemon sent a property twice"
        found[identifier], at = value, at + size
    return found, body[end:]


class Wire:
    """A connection on which a test sends exactly the bytes it means, and reads exactly what came."""

    def __init__(self, test, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.buffer = b""
        test.addCleanup(self.socket.close)

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))
        return self

    def _need(self, count):
        while len(self.buffer) < count:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.buffer += more

    def read(self):
        """The next packet: type, body. None when the daemon closed the connection instead."""
        try:
            self._need(2)
            length, shift, at = 0, 0, 1
            while True:
                self._need(at + 1)
                length |= (self.buffer[at] & 0x7F) << shift
                at, shift = at + 1, shift + 7
                if not self.buffer[at - 1] & 0x80:
                    break
            self._need(at + length)
        except (EOFError, ConnectionResetError):
            assert not self.buffer, f"closed in the middle of a packet: {self.buffer!r}"
            return None
        kind, body = self.buffer[0] >> 4, self.buffer[at:at + length]
        self.buffer = self.buffer[at + length:]
        return kind, body

    def connect(self, *args, **kwargs):
        """Sends a CONNECT; returns (session present, reason code, properties) of the CONNACK."""
        self.send(connect(*args, **kwargs))
        return self.connack(kwargs.get("version", V5))

    def connack(self, version=V5):
        answer = self.read()
        assert answer and answer[0] == CONNACK, answer
        body = answer[1]
        found, rest = read_properties(body[2:]) if version == V5 else ({}, body[2:])
        assert not rest, "bytes after the CONNACK"
        return body[0], body[1], found

    def expect(self, kind, packet_id=None, code=0):
        answer = self.read()
        assert answer is not None, f"closed instead of packet {kind}"
        assert answer[0] == kind, f"packet {answer[0]} {answer[1].hex()} instead of {kind}"
        if packet_id is not None:
            assert struct.unpack(">H", answer[1][:2])[0] == packet_id, answer[1].hex()
            got = answer[1][2] if len(answer[1]) > 2 else 0
            assert got == code, f"reason code {got:#x} instead of {code:#x}"
        return answer[1]

    def farewell(self):
        """The code of the DISCONNECT before the connection was closed; None when there was none."""
        answer = self.read()
        if answer is None:
            return None
        assert answer[0] == DISCONNECT, f"packet {answer[0]} before the close"
        assert self.read() is None, "open after DISCONNECT"
        return answer[1][0] if answer[1] else 0

    def close(self):
        self.socket.close()

    def drop(self):
        """Ends the connection as a lost network with a living peer kernel does: RST, no DISCONNECT."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def is_open(self):
        self.send(PINGREQ)
        answer = self.read()
        return answer is not None and answer[0] == PINGRESP

    def seconds_until_closed(self, limit=30):
        began = time.monotonic()
        self.socket.settimeout(limit)
        code = self.farewell()
        return code, time.monotonic() - began

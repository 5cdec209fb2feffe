"""A client that sends bytes, for the custody tests; and readers of what the store holds."""
import json
import socket
import struct
import subprocess

from harness import BUILD, senml
from kill_ledger import nonce_in
from station_socket import read_exactly

TOPIC = "wp/in/water/gauge"


class Wire:
    """A client that sends bytes and sees each answer of the daemon as it is, also a closed connection."""

    def __init__(self, test, port, client_id, v5=True):
        self.v5 = v5
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        test.addCleanup(self.socket.close)
        body = self._text("MQTT") + bytes([5 if v5 else 4, 2]) + struct.pack(">H", 60)
        body += (b"\0" if v5 else b"") + self._text(client_id)
        self._send(0x10, body)
        kind, _ = self.receive()
        assert kind == 0x20, "no CONNACK"

    @staticmethod
    def _text(text):
        return struct.pack(">H", len(text)) + text.encode()

    def _send(self, first, body):
        length, left = b"", len(body)
        while True:
            left, digit = divmod(left, 128)
            length += bytes([digit | (0x80 if left else 0)])
            if not left:
                break
        self.socket.sendall(bytes([first]) + length + body)

    def publish_size(self, payload_size):
        """Bytes of the whole PUBLISH with a payload of this size (of four length bytes at most)."""
        body = 2 + len(TOPIC) + 2 + (1 if self.v5 else 0) + payload_size
        return 1 + (1 if body < 128 else 2 if body < 16384 else 3) + body

    def publish(self, payload, packet_id=1):
        self.publish_on(TOPIC, payload, packet_id)

    def publish_on(self, topic, payload, packet_id=1):
        body = self._text(topic) + struct.pack(">H", packet_id) + (b"\0" if self.v5 else b"")
        self._send(0x32, body + (payload if isinstance(payload, bytes) else payload.encode()))

    def receive(self):
        """(first byte, body), or None when the connection was closed."""
        try:
            first, length, shift = read_exactly(self.socket, 1)[0], 0, 0
            while True:
                digit = read_exactly(self.socket, 1)[0]
                length |= (digit & 0x7F) << shift
                shift += 7
                if not digit & 0x80:
                    break
            return first, read_exactly(self.socket, length)
        except ConnectionError:
            return None

    def hears_only_pingresp(self):
        """Checks that the connection lives and that the daemon sent nothing else on it."""
        self._send(0xC0, b"")
        answer = self.receive()
        return answer is not None and answer[0] == 0xD0

    def puback_code(self, payload, packet_id=1):
        """The reason code of the answer to one message; None when the connection was closed."""
        self.publish(payload, packet_id)
        answer = self.receive()
        if answer is None or answer[0] != 0x40:
            return None
        assert struct.unpack(">H", answer[1][:2])[0] == packet_id
        return answer[1][2] if len(answer[1]) > 2 else 0


def stored_nonces(daemon, count):
    tail = subprocess.run([BUILD / "watchpost", "tail", "--json", "--count", str(count), "--from-oldest",
                           "--socket", daemon.socket], capture_output=True, text=True, timeout=60, check=True)
    nonces = set()
    for line in tail.stdout.splitlines():
        nonces.add(nonce_in(json.loads(line)["data"].get("raw")))
    return nonces - {None}


def keeps_again(test, daemon, nonce):
    client = Wire(test, daemon.port, f"again-{nonce}")
    return client.puback_code(senml("gauge", "level", 1.0, nonce)) == 0

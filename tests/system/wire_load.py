"""A load on a bare connection, because a client library would take longer than the daemon."""
import collections

from mqtt_wire import PUBACK, V311, Wire, publish


class WireLoad:
    """Publishes at QoS 1 as fast as it is acknowledged, and notes the nonce of each message that was."""

    def __init__(self, test, port, client_id, under_way=1_000):
        self.wire = Wire(test, port)
        self.wire.connect(client_id, version=V311)
        self.wire.socket.settimeout(60)
        self.most = under_way
        self.under_way = collections.deque()
        self.acknowledged = set()
        self.sent = 0

    def publish(self, topic, payload, nonce):
        packet_id = self.sent % 60_000 + 1
        self.sent += 1
        self.wire.send(publish(topic, payload, qos=1, packet_id=packet_id, version=V311))
        self.under_way.append((packet_id, nonce))
        if len(self.under_way) >= self.most:
            self.catch_up(self.most // 2)

    def catch_up(self, most=0):
        """Until no more than so many wait for their PUBACK; they come in the order of the messages."""
        while len(self.under_way) > most:
            packet_id, nonce = self.under_way.popleft()
            self.wire.expect(PUBACK, packet_id)
            self.acknowledged.add(nonce)

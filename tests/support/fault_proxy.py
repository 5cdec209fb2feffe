"""A network that can be broken: a TCP proxy before a broker, with faults that a test turns on and off.

Threads move the bytes of each link. No fault but `cut` closes anything: the daemon sees what a dead
network shows it, which is nothing.
"""
import socket
import struct
import threading
import time

from link_server import LinkServer, packets_in

CHUNK = 16_384
SMALL_BUFFER = 4_096


class Link:
    """One connection of the daemon, and the connection to the broker that belongs to it."""

    def __init__(self, proxy, near, far):
        self.proxy = proxy
        self.near, self.far = near, far
        self.abandoned = False
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._move, args=move, daemon=True)
                        for move in ((near, far, proxy.from_daemon), (far, near, proxy.from_broker))]
        for thread in self.threads:
            thread.start()

    def _move(self, source, target, rewrite):
        buffer = b""
        try:
            while True:
                rate = self.proxy.rate
                data = source.recv(max(1, rate // 20) if rate else CHUNK)
                self.proxy.passing.wait()
                if self.abandoned or self.ended.is_set():
                    return  # the bytes are thrown away, and no end is passed on
                if not data:
                    break
                if rate:
                    time.sleep(len(data) / rate)
                buffer += data
                ready, buffer = rewrite(buffer)
                target.sendall(ready)
        except OSError:
            pass
        if not self.abandoned:
            self.close()

    def close(self):
        """Closes with RST, so that both sides learn of the end at once."""
        self.ended.set()
        for end in (self.near, self.far):
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the socket is closed already
            end.close()


class FaultProxy(LinkServer):
    """`filter`, where set, turns each whole packet of the broker into bytes for the daemon."""

    def __init__(self, test, target, rate=None):
        self.target = target
        self.rate = rate      # bytes a second in each direction
        self.filter = None
        self.passing = threading.Event()
        self.passing.set()
        self.refusing = False
        self.accepted = []    # the time of each accepted connection
        super().__init__(test, receive_buffer=SMALL_BUFFER if rate else None)

    def take(self, near):
        self.accepted.append(time.monotonic())
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            far = None
        if self.refusing or self.closing or far is None:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            near.close()
            if far:
                far.close()
            return
        far.settimeout(None)
        self.links.append(Link(self, near, far))

    @staticmethod
    def from_daemon(buffer):
        return buffer, b""

    def from_broker(self, buffer):
        if self.filter is None:
            return buffer, b""
        packets, rest = packets_in(buffer)
        return b"".join(self.filter(packet) for packet in packets), rest

    def stall(self):
        """From now on no byte moves, and neither side is told."""
        self.passing.clear()

    def resume(self):
        self.passing.set()

    def abandon(self):
        """The present connections stay open and dead for ever; new connections pass."""
        for link in self.links:
            link.abandoned = True
        self.passing.set()

    def cut(self):
        for link in list(self.links):  # what comes back meanwhile stays
            if not link.abandoned:
                link.close()

    def close(self):
        self.passing.set()
        super().close()

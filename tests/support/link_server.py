"""The base of every double that listens: a port of its own, and a thread for each link.

Used by fake_broker.py and fault_proxy.py.
"""
import socket
import threading


def packets_in(buffer):
    """The whole MQTT packets at the beginning of the buffer, and the rest of the buffer."""
    packets = []
    while (size := packet_size(buffer)) and len(buffer) >= size:
        packets.append(buffer[:size])
        buffer = buffer[size:]
    return packets, buffer


def packet_size(buffer):
    """Size of the packet at the beginning of the buffer; None while its length has not arrived."""
    length, shift = 0, 0
    for at in range(1, min(len(buffer), 5)):
        length |= (buffer[at] & 0x7F) << shift
        shift += 7
        if not buffer[at] & 0x80:
            return 1 + at + length
    return None


class LinkServer:
    """Calls `take` with each connection, on the thread that accepts."""

    def __init__(self, test, host="127.0.0.1", port=0, receive_buffer=None):
        self.links = []  # each has `close()` and `threads`
        self.closing = False
        self.server = socket.socket()
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.server.bind((host, port))
        self.server.listen(64)
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        test.addCleanup(self.close)

    def take(self, connection):
        raise NotImplementedError

    def _accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.take(connection)

    def close(self):
        """Stops accepting, ends every link, and waits for the threads of the links."""
        if self.closing:
            return
        self.closing = True
        self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.server.close()
        for link in self.links:
            link.close()
        for link in self.links:
            for thread in link.threads:
                thread.join(5)

"""A TCP connection on which a test sends and expects bytes."""
import socket


def read_exactly(connection, size):
    got = b""
    while len(got) < size:
        more = connection.recv(size - len(got))
        if not more:
            raise ConnectionError
        got += more
    return got


class StationSocket:
    """A wired station's connection to the daemon, whatever its protocol."""

    def __init__(self, test, port, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        test.addCleanup(self.socket.close)

    def send(self, data):
        self.socket.sendall(data)

    def read(self, size):
        return read_exactly(self.socket, size)

    def hears_nothing(self, seconds):
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) is None
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(20)

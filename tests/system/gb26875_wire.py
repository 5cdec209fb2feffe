"""A user information transmission device of GB/T 26875.3-2011 over TCP, for the tests."""
from station_socket import StationSocket

STATION = 0x0A0B0C0D0E0F
NAME = "0a0b0c0d0e0f"
SEND, CONFIRM, DENY = 2, 3, 6


def frame(serial, data, command=SEND, station=STATION):
    body = (serial.to_bytes(2, "little") + bytes((1, 1)) + bytes((0, 0, 8, 23, 11, 26))
            + station.to_bytes(6, "little") + bytes(6) + len(data).to_bytes(2, "little")
            + bytes((command,)) + data)
    return b"@@" + body + bytes((sum(body) & 0xFF,)) + b"##"


def part_state(bits, part=217, text="一层走廊", part_type=42):
    """Application data: the state of one part of the fire alarm system 3, a smoke detector."""
    return (bytes((2, 1, 1, 3, part_type)) + part.to_bytes(4, "little") + bits.to_bytes(2, "little")
            + text.encode("gb18030").ljust(31, b"\0") + bytes((0, 0, 8, 23, 11, 26)))


AT_REST, FIRE = 1, 3


class Station(StationSocket):
    def answer(self):
        """(serial, command) of the next answer; None when the connection was closed."""
        try:
            got = self.read(30)
        except ConnectionError:
            return None
        assert got[:2] == b"@@" and got[-2:] == b"##", got.hex()
        assert sum(got[2:-3]) & 0xFF == got[-3], got.hex()
        assert got[18:24] == STATION.to_bytes(6, "little"), "the answer is not addressed to the station"
        return int.from_bytes(got[2:4], "little"), got[26]

"""A hydrology station of SL 651-2014 over TCP, for the tests."""
from station_socket import StationSocket

NAME = "0012345678"
ETX, ETB, EOT, NAK = 0x03, 0x17, 0x04, 0x15


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "big")


def frame(body, function=0x32, ending=ETX, packet=None):
    """A frame upwards; `packet` is (total, number)."""
    numbers = b"" if packet is None else (packet[0] << 12 | packet[1]).to_bytes(3, "big")
    text = numbers + body
    data = (b"\x7e\x7e\x01" + bytes.fromhex(NAME) + b"\x12\x34" + bytes((function,))
            + len(text).to_bytes(2, "big") + (b"\x02" if packet is None else b"\x16") + text
            + bytes((ending,)))
    return data + crc(data)


def opening(serial):
    return serial.to_bytes(2, "big") + bytes.fromhex("261123080005")


def report(serial, level=12345, status="00000080", function=0x32):
    """A timed report with a level in millimetres and the status word of table 58."""
    return frame(opening(serial) + bytes.fromhex(f"f1f1{NAME}48f0f026112308003923{level:08d}4520{status}"),
                 function)


def uniform(serial, packets):
    """A uniform report of levels (function 31), in packets."""
    body = opening(serial) + bytes.fromhex(f"f1f1{NAME}48f0f026112308000418000005392300001000"
                                           "000010100000102000001030")
    size = -(-len(body) // packets)
    return [frame(body[number * size:(number + 1) * size], 0x31,
                  ETX if number + 1 == packets else ETB, (packets, number + 1))
            for number in range(packets)]


LEVEL_ALARM = "00000084"


class Station(StationSocket):
    def answer(self):
        """(serial, function, ending, packet) of the next answer; None: the connection was closed."""
        try:
            head = self.read(14)
            length = int.from_bytes(head[11:13], "big")
            rest = self.read((length & 0xFFF) + 3)
        except ConnectionError:
            return None
        data = head + rest
        assert head[:2] == b"\x7e\x7e" and length >> 12 == 8, data.hex()
        assert head[2:7] == bytes.fromhex(NAME) and head[7] == 1, "the answer is not addressed to the station"
        assert crc(data[:-2]) == data[-2:], data.hex()
        text, packet = rest[:-3], None
        if head[13] == 0x16:
            numbers = int.from_bytes(text[:3], "big")
            packet, text = (numbers >> 12, numbers & 0xFFF), text[3:]
        assert len(text) == 8, data.hex()
        return int.from_bytes(text[:2], "big"), head[10], rest[-3], packet

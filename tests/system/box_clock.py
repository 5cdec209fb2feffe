"""The clocks of one box, as tests/support/clock_shim.c has them."""
import mmap
import struct
import time

from harness import BUILD, temp_folder


class BoxClock:
    """In a file that the box's shim has mapped: a write moves a clock at once."""

    def __init__(self, test):
        path = temp_folder(test) / "clock"
        path.write_bytes(struct.pack("=qqq", 0, 1, 0))
        self.environment = {"LD_PRELOAD": str(BUILD / "tests" / "clock_shim.so"),
                            "WATCHPOST_CLOCK_FILE": str(path)}
        self.file = open(path, "r+b")
        test.addCleanup(self.file.close)
        self.bytes = mmap.mmap(self.file.fileno(), 24)

    def move(self, seconds, synced=True):
        """Sets the wall clock to the true time plus so many seconds."""
        self.bytes[8:16] = struct.pack("=q", 1 if synced else 0)
        self.bytes[0:8] = struct.pack("=q", int(seconds * 1e9))

    def boot_in_1970(self):
        self.move(600 - time.time(), synced=False)

    def let_pass(self, seconds):
        """So much time passes at once, by the steady clock."""
        passed = struct.unpack("=q", self.bytes[16:24])[0]
        self.bytes[16:24] = struct.pack("=q", passed + int(seconds * 1e9))

"""A network of the test's own: its process moves into namespaces where it may be the name server, a
router, and the one who pulls the cable. Nothing outside sees any of it.
"""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from harness import Process, temp_folder, wait_until

INSIDE = "WATCHPOST_TEST_NETWORK"
SKIPPED = 77  # the exit code that CTest takes for "skipped" (SKIP_RETURN_CODE)


def enter_own_network():
    """Starts the running script again in a network and with mounts of its own. Returns inside."""
    if os.environ.get(INSIDE):
        run("ip", "link", "set", "lo", "up")
        return
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    own = ["unshare", *as_root, "--net", "--mount"]
    may = subprocess.run([*own, "true"], capture_output=True, text=True)
    if may.returncode != 0:
        print(f"This machine gives no network of one's own: {may.stderr.strip()}")
        sys.exit(SKIPPED)
    os.environ[INSIDE] = "inside"
    os.execvp("unshare", [*own, sys.executable, *sys.argv])


def run(*command):
    answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, f"{' '.join(map(str, command))}: {answer.stderr}"
    return answer.stdout


class NameServer:
    """Answers for each name as the test says: an address, "unknown", "broken", or not at all (None)."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        # Only this process has these mounts, and they end with it.
        self.folder = tempfile.TemporaryDirectory(prefix="watchpost-test-")
        file = pathlib.Path(self.folder.name) / "resolv.conf"
        file.write_text("nameserver 127.0.0.1\n")
        run("mount", "--bind", file, pathlib.Path("/etc/resolv.conf").resolve())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        run("umount", pathlib.Path("/etc/resolv.conf").resolve())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", ("127.0.0.1", 53))
        self.thread.join()
        self.socket.close()
        self.folder.cleanup()

    def _serve(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            if question == b"end":
                return
            reply = self._answer(question)
            if reply:
                self.socket.sendto(reply, sender)

    def _answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        name, kind = ".".join(labels), struct.unpack_from(">H", question, at + 1)[0]
        self.asked.append(name)
        answer = self.answers.get(name, "unknown")
        if answer is None:
            return None
        code = {"unknown": 3, "broken": 2}.get(answer, 0)
        addresses = [] if code or kind != 1 else answer.split()
        head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(addresses), 0, 0)
        records = b"".join(struct.pack(">HHHIH", 0xC00C, 1, 1, 0, 4) + socket.inet_aton(address)
                           for address in addresses)
        return head + question[12:at + 5] + records


class Road:
    """Daemon - router - broker, each in a network of its own, and a second road to the broker for the
    test."""

    def __init__(self, test, number):
        self.router = self._namespace(test, f"router-{number}")
        self.broker = self._namespace(test, f"broker-{number}")
        self.address, self.side = f"10.9.{number}.130", f"10.8.{number}.2"
        self.ours, self.number = f"10.9.{number}.1", number
        self._wire("", self.router, f"near{number}", f"{self.ours}/25", f"10.9.{number}.2/25")
        self._wire(self.router, self.broker, f"far{number}", f"10.9.{number}.129/25",
                   f"{self.address}/25")
        self._wire("", self.broker, f"side{number}", f"10.8.{number}.1/24", f"{self.side}/24")
        run("ip", "route", "add", f"10.9.{number}.128/25", "via", f"10.9.{number}.2")
        self.inside(self.broker, "ip", "route", "add", f"10.9.{number}.0/25", "via",
                    f"10.9.{number}.129")
        self.inside(self.router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")

    @staticmethod
    def _namespace(test, name):
        log = temp_folder(test) / name
        process = Process(test, ["unshare", "--net", "sh", "-c",
                                 "ip link set lo up && echo ready && exec sleep 1000"], log)
        wait_until(lambda: "ready" in process.log(), what="a network namespace")
        return process.child.pid

    @staticmethod
    def inside(namespace, *command):
        return run(*(["nsenter", "-t", namespace, "-n"] if namespace else []), *command)

    def _wire(self, left, right, name, left_address, right_address):
        run("ip", "link", "add", f"{name}l", "type", "veth", "peer", "name", f"{name}r")
        for namespace, end, address in ((left, "l", left_address), (right, "r", right_address)):
            if namespace:
                run("ip", "link", "set", name + end, "netns", namespace)
            self.inside(namespace, "ip", "address", "add", address, "dev", name + end)
            self.inside(namespace, "ip", "link", "set", name + end, "up")

    def swallow(self):
        """Makes the router drop all packets without telling anybody."""
        for address in (self.address, self.ours):
            self.inside(self.router, "ip", "route", "add", "blackhole", address)

    def carry(self):
        for address in (self.address, self.ours):
            self.inside(self.router, "ip", "route", "delete", "blackhole", address)

    def pull_our_cable(self):
        run("ip", "link", "set", f"near{self.number}l", "down")

    def plug_our_cable(self):
        run("ip", "link", "set", f"near{self.number}l", "up")
        run("ip", "route", "add", f"10.9.{self.number}.128/25", "via", f"10.9.{self.number}.2")

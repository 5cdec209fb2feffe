"""An empty Debian 12 with systemd as its first process, and what runs on its network.

Needs root, debootstrap, systemd-nspawn and, once, a network. A Box shares nothing with this machine: its files are a
layer over a base that is made once, its network is its own, with a loopback only."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/system"))
from times import wait_until  # noqa: E402
BASE = pathlib.Path(os.environ.get("WATCHPOST_BASE", ROOT / "build/package/base"))
PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root", "TERM": "dumb",
         "DEBIAN_FRONTEND": "noninteractive"}


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, text=True, capture_output=True, **options).stdout


def make_base():
    """A base as the installer of Debian leaves a small server, with the lists of packages."""
    if (BASE / "etc/debian_version").exists():
        return
    BASE.parent.mkdir(parents=True, exist_ok=True)
    run("debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,ca-certificates", "bookworm", BASE,
        "http://deb.debian.org/debian")


def fetch_dependencies(*packages):
    """What the packages need, into the base's cache, so that a box without a network has it. Returns their size."""
    shutil.copy("/etc/resolv.conf", BASE / "etc/resolv.conf")
    names = []
    for package in packages:
        shutil.copy(package, BASE / "tmp")
        names.append(f"/tmp/{package.name}")
    chroot = ("chroot", BASE, "apt-get", "-q", "-y", "-o", "APT::Sandbox::User=root")
    if not any((BASE / "var/lib/apt/lists").glob("*_Packages*")):
        run(*chroot, "update", env=PLAIN)
    for old in (BASE / "var/cache/apt/archives").glob("*.deb"):
        old.unlink()
    run(*chroot, "install", "--no-install-recommends", "--download-only", *names, env=PLAIN)
    for name in names:
        (BASE / name.lstrip("/")).unlink()
    return sum(file.stat().st_size for file in (BASE / "var/cache/apt/archives").glob("*.deb"))


class Box:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="watchpost-box-"))
        self.root = self.folder / "root"
        for name in ("root", "upper", "work"):
            (self.folder / name).mkdir()
        self.process = None
        self._mounted = False

    def start(self):
        layers = f"lowerdir={BASE},upperdir={self.folder}/upper,workdir={self.folder}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        self._mounted = True
        self.boot()

    def boot(self):
        self.process = subprocess.Popen(
            ["systemd-nspawn", "-q", "--register=no", "--keep-unit", "--private-network", "--link-journal=no",
             "--resolv-conf=off", "--timezone=off", "--console=pipe", "-M", f"wp{os.getpid()}", "-b", "-D", str(self.root)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.leader = wait_until(lambda: self._first_process_below(self.process.pid), 20, "the start of the box")
        wait_until(lambda: self.try_("systemctl", "is-system-running")[1].strip() in ("running", "degraded"), 60,
                   "the end of the box's start")

    @staticmethod
    def _first_process_below(parent):
        """The first process of the box, not the one that makes it; 0 where there is none yet."""
        found = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False).stdout
        for word in found.split():
            try:
                status = pathlib.Path(f"/proc/{word}/status").read_text()
            except OSError:
                continue  # it ended meanwhile
            if "NSpid:" in status and status.split("NSpid:")[1].splitlines()[0].split()[-1] == "1":
                return int(word)
        return 0

    def inside(self, *words):
        return ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "--", *map(str, words)]

    def on_its_network(self, *words):
        return ["nsenter", "-t", str(self.leader), "-n", "--", *map(str, words)]

    def try_(self, *words, **options):
        """(exit code, everything that was said); nobody answers a question."""
        done = subprocess.run(self.inside(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, cwd="/",
                              env={**PLAIN, **options.pop("env", {})}, **options)
        return done.returncode, done.stdout

    def do(self, *words, **options):
        code, said = self.try_(*words, **options)
        if code:
            raise AssertionError(f"{' '.join(map(str, words))} ended with {code}:\n{said}")
        return said

    def power_cut(self):
        """Everything in the box ends at once, as without power; its disk stays."""
        if self.process:
            subprocess.run(["kill", "-KILL", str(self.leader)], check=False)
            self.process.wait(60)
            self.process = None

    def close(self):
        self.power_cut()
        if self._mounted:
            subprocess.run(["umount", "-l", str(self.root)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def with_version(package, version, folder):
    """The same package under another version."""
    stage = pathlib.Path(tempfile.mkdtemp(dir=folder))
    run("dpkg-deb", "-R", package, stage)
    control = stage / "DEBIAN/control"
    lines = [f"Version: {version}" if line.startswith("Version:") else line for line in control.read_text().splitlines()]
    control.write_text("\n".join(lines) + "\n")
    out = pathlib.Path(folder) / f"watchpost_{version}_{lines and package.name.split('_')[-1]}"
    run("dpkg-deb", "-Zxz", "-z1", "--root-owner-group", "-b", stage, out)
    shutil.rmtree(stage)
    return out

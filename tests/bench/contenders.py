"""The contenders: Watchpost with settings, Mosquitto with its bridge, and servers that only acknowledge.

Each `start(test, upstream, ...)` gives something with a port for sensors and a process whose CPU,
memory and writes are read from /proc.
"""
import os
import pathlib
import re
import subprocess

import harness

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
TESTS = harness.BUILD / "tests"


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def field_of(file, name):
    for line in pathlib.Path(file).read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


def resident_mb(pid, name="VmRSS"):
    return field_of(f"/proc/{pid}/status", name) * 1024 / 1e6


def bytes_written(pid):
    return field_of(f"/proc/{pid}/io", "write_bytes")


def with_settings(text, settings):
    """TOML text in which each line such as `upstream.raw = "never"` is put into its section."""
    for setting in settings:
        section, _, line = setting.partition(".")
        key = line.partition("=")[0].strip()
        heading = re.search(rf"^\[+{section}\]+\n", text, re.MULTILINE)
        if heading is None:
            text += f"[{section}]\n{line}\n"
            continue
        end = text.find("\n[", heading.end()) + 1 or len(text)
        body = re.sub(rf"^{key} *=.*\n", "", text[heading.end():end], flags=re.MULTILINE)
        text = text[:heading.end()] + line + "\n" + body + text[end:]
    return text


class Watchpost:
    """The daemon with everything on. Settings: `section.key = value`, separated by ";"."""

    forwards = True

    def __init__(self, name="watchpost", settings=""):
        self.name = name
        self.settings = [part.strip() for part in settings.split(";") if part.strip()]

    def start(self, test, upstream, env=None, extra=""):
        daemon = harness.Daemon(test, upstreams=[("street", upstream)], raw="undecoded",
                                extra=extra)
        # The system tests set a short linger for quick answers; the bench measures the defaults.
        text = re.sub(r"^linger = .*\n", "", daemon.config.read_text(), flags=re.MULTILINE)
        daemon.config.write_text(with_settings(text, self.settings))
        return daemon.start(env)


class Bridge:
    """Mosquitto with its bridge. Durable: it writes its whole store once a second where something changed.

    All else are its defaults, but for the bound of its queues: with that it loses most of a load.
    """

    forwards = True
    DEFAULTS = "max_inflight_messages 20\n"  # the system tests' broker has no limit
    DURABLE = "autosave_on_changes true\nautosave_interval 1\n"

    def __init__(self, name, durable=False):
        self.name = name
        self.durable = durable

    def start(self, test, upstream, env=None, extra="restart_timeout 1\n"):
        bridge = (f"connection street\naddress 127.0.0.1:{upstream}\ntopic # out 1\n"
                  f"cleansession false\nnotifications false\ntry_private false\n{extra}")
        broker = harness.Mosquitto(test, persistent=self.durable,
                                   extra=self.DEFAULTS + (self.DURABLE if self.durable else "") + bridge)
        prefix = [f"{key}={value}" for key, value in (env or {}).items()]
        return broker.start(prefix=["/usr/bin/env", *prefix] if prefix else ())


class Alone:
    """Mosquitto that stores and forwards nothing."""

    name = "mosquitto-alone"
    forwards = False

    def start(self, test, upstream, env=None, extra=""):
        return harness.Mosquitto(test, persistent=False).start()


class Acceptor:
    """Bare Asio, without or with one SQLite thread: the most that the machine could do."""

    forwards = False

    def __init__(self, name, stores):
        self.name = name
        self.stores = stores

    def start(self, test, upstream, env=None, extra=""):
        folder = harness.temp_folder(test)
        self.port = harness.free_port()
        command = [TESTS / "watchpost_bench_limit_acceptor", self.port]
        if self.stores:
            command.append(folder / "limit.db")
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE)
        test.callback(child.wait)
        test.callback(child.stdin.close)
        harness.wait_until(lambda: harness.port_is_open(self.port), what="the acceptor listening")
        return Started(self.port, child)


class Started:
    """Has the members of harness.Daemon and harness.Mosquitto that the bench uses."""

    def __init__(self, port, child):
        self.port = port
        self.process = self
        self.child = child

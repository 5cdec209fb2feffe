"""The measurements: each function measures a contender and returns a dictionary of numbers."""
import contextlib
import json
import subprocess
import sys
import time

import harness
from contenders import TESTS, bytes_written, cpu_seconds, resident_mb

ALARM_PUBLISHERS = 10
ALARM_SHARE = 0.05
DRAIN_ALARMS_PER_S = 20


class Cleanups(contextlib.ExitStack):
    """The part of a test case that the harness uses."""

    addCleanup = contextlib.ExitStack.callback


class Generator:
    """A program that makes a load and prints its numbers."""

    def __init__(self, test, program, **options):
        command = [TESTS / f"watchpost_bench_{program}"]
        for name, value in options.items():
            command.append("--" + name.replace("_", "-"))
            if value is not True:
                command.append(value)
        self.child = subprocess.Popen([str(part) for part in command], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        test.callback(self._end)

    def _end(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.communicate()

    def wait_until_filled(self):
        line = self.child.stdout.readline()
        if not line:
            sys.exit("tests/bench/run: the load generator could not fill the backlog")

    def go_on(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()

    def result(self):
        output, _ = self.child.communicate(timeout=3_600)
        if self.child.returncode != 0:
            sys.exit(f"tests/bench/run: the load generator ended with {self.child.returncode}")
        return json.loads(output)


class Load(Generator):
    """The load generator, which is also the upstream."""

    def __init__(self, test, port, receive_port, **options):
        super().__init__(test, "load", port=port, receive_port=receive_port, **options)


class Loss(Exception):
    """Watchpost acknowledged something that did not arrive."""


def numbers_of(result, receives=True):
    """The load generator's JSON as flat numbers."""
    of_the_upstream = () if receives else ("end_to_end_per_s", "bytes_per_event")
    flat = {key: value for key, value in result.items()
            if not isinstance(value, dict) and key not in of_the_upstream}
    for group in ("telemetry", "alarms"):
        count = result[group]
        flat[f"{group}.missing"] = count["missing"] if receives else 0
        flat[f"{group}.acknowledged"] = count["acknowledged"]
        flat[f"{group}.refused"] = count["refused"]
        for what in ("puback", "end_to_end"):
            for key, value in count[what].items():
                flat[f"{group}.{what}.{key}"] = value
    return flat


def lost(numbers):
    return sum(numbers.get(key, 0) for key in ("telemetry.missing", "alarms.missing", "lost"))


def under_load(contender, receives=True, env=None, **load):
    """Numbers of one load, from idle until all has arrived, with the resources that the gateway used."""
    with Cleanups() as test:
        upstream = harness.free_port()
        gateway = contender.start(test, upstream, env=env)
        pid = gateway.process.child.pid
        idle_mb = resident_mb(pid)
        cpu_before, written_before = cpu_seconds(pid), bytes_written(pid)
        result = Load(test, gateway.port, upstream if receives else 0, **load).result()
        numbers = numbers_of(result, receives)
        messages = max(1, numbers["telemetry.acknowledged"] + numbers["alarms.acknowledged"])
        numbers["cpu_s_per_100k"] = (cpu_seconds(pid) - cpu_before) * 100_000 / messages
        numbers["written_per_message"] = (bytes_written(pid) - written_before) / messages
        numbers["idle_mb"] = idle_mb
        numbers["peak_mb"] = resident_mb(pid, "VmHWM")
        return numbers


def saturation(contender, options, publishers=50, env=None):
    return under_load(contender, receives=contender.forwards, env=env, publishers=publishers,
                      seconds=options.seconds)


def paced(contender, options, rate, env=None):
    alarm_rate = rate * ALARM_SHARE
    return under_load(contender, env=env, seconds=options.seconds, rate=rate - alarm_rate,
                      alarm_publishers=ALARM_PUBLISHERS, alarm_rate=alarm_rate)


def writes(contender, _options, rate, seconds):
    numbers = under_load(contender, rate=rate, seconds=seconds, publishers=20)
    numbers["gb_per_day"] = numbers["written_per_message"] * rate * 86_400 / 1e9
    return numbers


def clients(contender, options, count):
    return under_load(contender, publishers=count, rate=200, seconds=min(5, options.seconds))


def fan_out(contender, options, subscribers, lasting=False):
    """Publishers and subscribers at one server, which forwards nothing."""
    with Cleanups() as test:
        gateway = contender.start(test, harness.free_port())
        pid = gateway.process.child.pid
        before = cpu_seconds(pid)
        extra = {"lasting": True} if lasting else {}
        numbers = Generator(test, "fan_out", port=gateway.port, subscribers=subscribers,
                            seconds=options.seconds, **extra).result()
        # For a session that ends with its connection a bounded queue is kept, and what is beyond it goes.
        numbers["lost"] = numbers["missing"] if lasting else 0
        latency = numbers.pop("latency")
        numbers.update({f"latency.{key}": value for key, value in latency.items()})
        delivered = max(1, numbers["delivered"])
        numbers["cpu_s_per_100k"] = (cpu_seconds(pid) - before) * 100_000 / delivered
        numbers["peak_mb"] = resident_mb(pid, "VmHWM")
        return numbers


def retained(contender, options):
    with Cleanups() as test:
        gateway = contender.start(test, harness.free_port())
        numbers = Generator(test, "fan_out", port=gateway.port, retained=options.retained).result()
        numbers["lost"] = numbers.get("missing", 0)
        numbers["peak_mb"] = resident_mb(gateway.process.child.pid, "VmHWM")
        return numbers


def idle_sessions(contender, options, lasting=False):
    with Cleanups() as test:
        gateway = contender.start(test, harness.free_port())
        pid = gateway.process.child.pid
        before = resident_mb(pid)
        extra = {"lasting": True} if lasting else {}
        sessions = Generator(test, "fan_out", port=gateway.port, idle=options.idle_sessions, **extra)
        sessions.wait_until_filled()
        kib = (resident_mb(pid) - before) * 1e6 / 1024 / options.idle_sessions
        return {"kib_a_session": kib}


def backlog(contender, options):
    """Fills while nobody listens upstream, reads the memory, then drains while alarms come."""
    with Cleanups() as test:
        upstream = harness.free_port()
        # Reconnecting is measured, so its settings stay at their defaults.
        gateway = contender.start(test, upstream, extra="")
        pid = gateway.process.child.pid
        idle_mb = resident_mb(pid)
        load = Load(test, gateway.port, upstream, fill=options.backlog, steps=True, rate=0,
                    alarm_publishers=2, alarm_rate=DRAIN_ALARMS_PER_S, patience=60)
        load.wait_until_filled()
        filled_mb = resident_mb(pid)
        cpu_before = cpu_seconds(pid)
        load.go_on()
        numbers = numbers_of(load.result())
        numbers["drain_cpu_s_per_100k"] = (cpu_seconds(pid) - cpu_before) * 100_000 / options.backlog
        numbers["backlog_mb"] = filled_mb - idle_mb
        numbers["drained_mb"] = resident_mb(pid, "VmHWM") - idle_mb
        return numbers


def start_up(contender, options):
    """From exec to the open port, with a backlog that the real spool has written."""
    with Cleanups() as test:
        daemon = harness.Daemon(test, upstreams=[("street", harness.free_port())])
        subprocess.run([str(TESTS / "fill_store"), str(daemon.store), str(options.start_up_records)],
                       check=True, stdout=subprocess.DEVNULL)
        text = daemon.config.read_text()
        daemon.config.write_text(text.replace("[store]\n", '[store]\nquota = "64 GiB"\n'))
        begun = time.monotonic()
        daemon.start()
        took = time.monotonic() - begun
        return {"start_up_ms": took * 1_000, "backlog_mb": daemon.resident_kib() * 1024 / 1e6}


def reader(contender, options):
    """A real Mosquitto that the daemon reads as a broker."""
    with Cleanups() as test:
        upstream = harness.free_port()
        broker = harness.Mosquitto(test, persistent=False).start()
        gateway = contender.start(test, upstream, extra=(
            f'[[broker]]\nurl = "mqtt://127.0.0.1:{broker.port}"\ntopics = ["wp/in/#"]\n'))
        harness.wait_until(lambda: is_read(gateway), what="the broker reader's subscription")
        cpu_before = cpu_seconds(gateway.process.child.pid)
        numbers = numbers_of(Load(test, broker.port, upstream, publishers=10,
                                  messages=options.reader_messages, seconds=60).result())
        arrived = max(1, numbers["telemetry.acknowledged"] - numbers["telemetry.missing"])
        spent = cpu_seconds(gateway.process.child.pid) - cpu_before
        numbers["cpu_s_per_100k"] = spent * 100_000 / arrived
        return numbers


def is_read(gateway):
    return all(link["state"] == "reading" for link in gateway.status()["brokers"])


def limit(program, *arguments):
    """A program that prints its limit of the machine."""
    done = subprocess.run([str(TESTS / f"watchpost_bench_limit_{program}"),
                           *(str(argument) for argument in arguments)],
                          capture_output=True, text=True, check=True, timeout=600)
    return json.loads(done.stdout)


def disk(_contender, options):
    with Cleanups() as test:
        folder = harness.temp_folder(test)
        seconds = min(2, options.seconds)
        numbers = limit("sync", folder / "file", seconds)
        for rows in (1, 10, 100, 1_000):
            found = limit("sqlite", folder / f"rows-{rows}.db", rows, seconds)
            numbers[f"rows_per_s.{rows}"] = found["rows_per_s"]
            numbers[f"bytes_per_row.{rows}"] = found["bytes_per_row"]
        return numbers


def client_alone(contender, options):
    """A client straight into the receiver of another process."""
    with Cleanups() as test:
        port = harness.free_port()
        Load(test, 0, port, publishers=0)
        harness.wait_until(lambda: harness.port_is_open(port), what="the receiver listening")
        if contender.name == "paho":
            return limit("paho", port, options.seconds)
        return Load(test, port, 0, publishers=1, window=100, seconds=options.seconds).result()

"""The figures: the measurements that each needs, the table it shows, and the comparison with the target."""
import dataclasses
import functools

import measuring
from contenders import Acceptor, Alone, Bridge

BRIDGES = [Bridge("mosquitto"), Bridge("mosquitto-durable", durable=True)]
ACCEPTORS = [Alone(), Acceptor("asio", stores=False), Acceptor("asio-sqlite", stores=True)]
DELAYS_MS = (5, 20)


class Machine:
    """Stands beside the contenders in a table without being one."""

    def __init__(self, name):
        self.name = name


@dataclasses.dataclass
class Measurement:
    """`take(contender, options)` returns the numbers of one run."""

    take: object
    others: list  # measured in addition to Watchpost and its variants
    with_watchpost: bool = True


def slow_sync(milliseconds):
    return {"LD_PRELOAD": str(measuring.TESTS / "slow_sync_shim.so"),
            "WATCHPOST_SYNC_DELAY_MS": str(milliseconds)}


def measurements(options):
    partial = functools.partial
    taken = {
        "machine": Measurement(measuring.disk, [Machine("machine")], False),
        "clients": Measurement(measuring.client_alone, [Machine("raw"), Machine("paho")], False),
        "saturation": Measurement(measuring.saturation, [*BRIDGES, *ACCEPTORS]),
        "saturation-500": Measurement(partial(measuring.saturation, publishers=500),
                                      [*BRIDGES, *ACCEPTORS]),
        "paced-200": Measurement(partial(measuring.paced, rate=200), BRIDGES),
        "paced-2000": Measurement(partial(measuring.paced, rate=2_000), BRIDGES),
        # The durable bridge is left out: it writes the whole backlog each second, so filling would
        # take hours.
        "backlog": Measurement(measuring.backlog, BRIDGES[:1]),
        "clients-500": Measurement(partial(measuring.clients, count=500), BRIDGES),
        "start-up": Measurement(measuring.start_up, []),
        "reader": Measurement(measuring.reader, []),
    }
    for count in (1, 10, 100):
        taken[f"fan-out-{count}"] = Measurement(partial(measuring.fan_out, subscribers=count), [Alone()])
    taken["fan-out-lasting"] = Measurement(
        partial(measuring.fan_out, subscribers=10, lasting=True), [Alone()])
    taken["retained"] = Measurement(measuring.retained, [Alone()])
    taken["idle-sessions"] = Measurement(measuring.idle_sessions, [Alone()])
    for rate, seconds in ((1, options.slow_seconds), (20, options.slow_seconds),
                          (2_000, options.seconds)):
        taken[f"writes-{rate}"] = Measurement(
            partial(measuring.writes, rate=rate, seconds=seconds), BRIDGES)
    for delay in DELAYS_MS:
        env = slow_sync(delay)
        taken[f"slow-{delay}"] = Measurement(partial(measuring.saturation, env=env), BRIDGES[1:])
        for rate in (200, 2_000):
            taken[f"slow-{delay}-{rate}"] = Measurement(
                partial(measuring.paced, rate=rate, env=env), BRIDGES[1:])
    return taken


@dataclasses.dataclass
class Row:
    label: str
    measurement: str
    key: str
    form: str = "{:,.0f}"


@dataclasses.dataclass
class Figure:
    title: str
    target: str
    rows: list
    # (what, contender it is compared with or None, measurement, key, ratio wanted, "≥" or "≤")
    goals: list = dataclasses.field(default_factory=list)


def latency_rows(measurement, label):
    rows = []
    for group, word in (("alarms", "alarm"), ("telemetry", "telemetry")):
        for what, name in (("puback", "PUBACK"), ("end_to_end", "end to end")):
            for key in ("p50", "p99", "max"):
                rows.append(Row(f"{label}: {word}, {name}, {key}, ms", measurement,
                                f"{group}.{what}.{key}_ms", "{:.2f}"))
    return rows


def slow_rows():
    rows = []
    for delay in DELAYS_MS:
        rows.append(Row(f"+{delay} ms: PUBACK/s at saturation", f"slow-{delay}", "puback_per_s"))
        for rate in (200, 2_000):
            rows += [row for row in latency_rows(f"slow-{delay}-{rate}", f"+{delay} ms, {rate}/s")
                     if "PUBACK" in row.label]
    return rows


def writes_rows():
    rows = []
    for rate in (1, 20, 2_000):
        rows.append(Row(f"{rate}/s: bytes a message", f"writes-{rate}", "written_per_message"))
        rows.append(Row(f"{rate}/s: GB a day", f"writes-{rate}", "gb_per_day", "{:.2f}"))
    return rows + [Row("saturation: bytes a message", "saturation", "written_per_message")]


def fan_out_rows():
    rows = []
    for measurement, label in (("fan-out-1", "1 subscriber"), ("fan-out-10", "10 subscribers"),
                               ("fan-out-100", "100 subscribers"),
                               ("fan-out-lasting", "10 lasting subscribers")):
        rows += [Row(f"{label}: messages/s", measurement, "delivered_per_s"),
                 Row(f"{label}: sensor to subscriber, p50, ms", measurement, "latency.p50_ms",
                     "{:.1f}"),
                 Row(f"{label}: sensor to subscriber, p99, ms", measurement, "latency.p99_ms",
                     "{:.1f}"),
                 Row(f"{label}: missing", measurement, "missing"),
                 Row(f"{label}: CPU s per 100,000", measurement, "cpu_s_per_100k", "{:.2f}"),
                 Row(f"{label}: most MB", measurement, "peak_mb", "{:.1f}")]
    return rows + [
        Row("retained: stored/s", "retained", "stored_per_s"),
        Row("retained: given to a subscriber/s", "retained", "given_per_s"),
        Row("retained: most MB", "retained", "peak_mb", "{:.1f}"),
        Row("KiB an idle session with a subscription", "idle-sessions", "kib_a_session", "{:.2f}")]


def disk_rows():
    rows = [Row("fdatasync/s of 4 KiB", "machine", "syncs_per_s"),
            Row("fdatasync, p50, ms", "machine", "p50_ms", "{:.3f}"),
            Row("fdatasync, p99, ms", "machine", "p99_ms", "{:.3f}")]
    for count in (1, 10, 100, 1_000):
        rows.append(Row(f"SQLite rows/s, {count:,} a commit", "machine", f"rows_per_s.{count}"))
        rows.append(Row(f"bytes a 300-byte row, {count:,} a commit", "machine",
                        f"bytes_per_row.{count}"))
    return rows


ALONE = "mosquitto-alone"
FIGURES = {
    "limits": Figure("the limits of this machine", "", disk_rows() + [
        Row("QoS 1/s of one client into the bench's receiver", "clients", "puback_per_s")]),
    "a": Figure(
        "acknowledged QoS 1 messages/s at saturation, window 20",
        "≥ 2 × Mosquitto storing nothing; ≥ 50 % of bare Asio + SQLite",
        [Row("50 publishers", "saturation", "puback_per_s"),
         Row("50 publishers: PUBACK p99, ms", "saturation", "telemetry.puback.p99_ms", "{:.1f}"),
         Row("500 publishers", "saturation-500", "puback_per_s"),
         Row("500 publishers: PUBACK p99, ms", "saturation-500", "telemetry.puback.p99_ms",
             "{:.1f}")],
        [("50 publishers", ALONE, "saturation", "puback_per_s", 2, "≥"),
         ("500 publishers", ALONE, "saturation-500", "puback_per_s", 2, "≥"),
         ("50 publishers", "asio-sqlite", "saturation", "puback_per_s", 0.5, "≥"),
         ("500 publishers", "asio-sqlite", "saturation-500", "puback_per_s", 0.5, "≥")]),
    "b": Figure(
        "messages/s end to end to the receiver, same load",
        "single events ≥ 1.5 × Mosquitto's bridge, batches ≥ 3 ×",
        [Row("50 publishers", "saturation", "end_to_end_per_s")],
        [("50 publishers", "mosquitto", "saturation", "end_to_end_per_s", 1.5, "≥")]),
    "c": Figure(
        "PUBACK and end to end at 200/s and 2,000/s, one message in twenty an alarm",
        "alarms: Mosquitto + one fdatasync; telemetry: + the linger",
        latency_rows("paced-200", "200/s") + latency_rows("paced-2000", "2,000/s"),
        [("200/s: alarm, PUBACK p99, ms", "mosquitto", "paced-200", "alarms.puback.p99_ms", None,
          "≤"),
         ("2,000/s: alarm, PUBACK p99, ms", "mosquitto", "paced-2000", "alarms.puback.p99_ms",
          None, "≤")]),
    "d": Figure(
        "alarm, sensor to receiver, while a backlog of telemetry drains",
        "p99 ≤ 50 ms",
        [Row(f"alarm, end to end, {key}, ms", "backlog", f"alarms.end_to_end.{key}_ms", "{:.1f}")
         for key in ("p50", "p99", "max")],
        [("alarm p99, ms", None, "backlog", "alarms.end_to_end.p99_ms", 50, "≤")]),
    "e": Figure(
        "drain of that backlog",
        "≥ Mosquitto's rate from memory once connected; first record within 1 s",
        [Row("messages/s from the first record on", "backlog", "drain_per_s"),
         Row("first record after the upstream's return, ms", "backlog", "first_ms"),
         Row("CPU s per 100,000 drained", "backlog", "drain_cpu_s_per_100k", "{:.2f}")],
        [("messages/s", "mosquitto", "backlog", "drain_per_s", 1, "≥"),
         ("first record, ms", None, "backlog", "first_ms", 1_000, "≤")]),
    "f": Figure(
        "CPU seconds per 100,000 messages end to end", "≤ Mosquitto with its bridge",
        [Row("the gateway's own", "saturation", "cpu_s_per_100k", "{:.2f}"),
         Row("the gateway's own, 2,000/s", "paced-2000", "cpu_s_per_100k", "{:.2f}")],
        [("saturation", "mosquitto", "saturation", "cpu_s_per_100k", 1, "≤")]),
    "g": Figure(
        "resident memory, MB", "idle ≤ 20, 500 clients ≤ 40, a backlog + ≤ 10",
        [Row("idle", "saturation", "idle_mb", "{:.1f}"),
         Row("500 clients at 200/s, most", "clients-500", "peak_mb", "{:.1f}"),
         Row("500 clients at saturation, most", "saturation-500", "peak_mb", "{:.1f}"),
         Row("more than idle with the backlog", "backlog", "backlog_mb", "{:.1f}"),
         Row("more than idle while it drains, most", "backlog", "drained_mb", "{:.1f}")],
        [("idle", None, "saturation", "idle_mb", 20, "≤"),
         ("500 clients at 200/s", None, "clients-500", "peak_mb", 40, "≤"),
         ("backlog", None, "backlog", "backlog_mb", 10, "≤")]),
    "h": Figure(
        "bytes written to disk", "at 20/s ≤ 2 GB a day; at saturation ≤ 2.5 bytes a payload byte",
        writes_rows(),
        [("20/s, GB a day", None, "writes-20", "gb_per_day", 2, "≤"),
         ("saturation, bytes a message of 200", None, "saturation", "written_per_message", 500,
          "≤")]),
    "i": Figure(
        "start-up with a backlog", "≤ 1 s with 10 M",
        [Row("exec to open port, ms", "start-up", "start_up_ms"),
         Row("resident memory then, MB", "start-up", "backlog_mb", "{:.1f}")],
        [("exec to open port, ms", None, "start-up", "start_up_ms", 1_000, "≤")]),
    "j": Figure(
        "bytes an event on the upstream link (MQTT frames, 200-byte payload)",
        "batched ≤ 1.2 × the raw payload",
        [Row("bytes an event", "saturation", "bytes_per_event", "{:.1f}")],
        [("bytes an event", None, "saturation", "bytes_per_event", 240, "≤")]),
    "k": Figure(
        "broker reader, messages/s: Mosquitto to the daemon to the receiver", "≥ 1,000",
        [Row("messages/s", "reader", "end_to_end_per_s"),
         Row("CPU s per 100,000", "reader", "cpu_s_per_100k", "{:.2f}")],
        [("messages/s", None, "reader", "end_to_end_per_s", 1_000, "≥")]),
    "l": Figure(
        "a and c with time added to each sync", "no alarm acknowledged later than two syncs",
        slow_rows(),
        [(f"+{delay} ms, {rate}/s: alarm PUBACK, latest, ms", None, f"slow-{delay}-{rate}",
          "alarms.puback.max_ms", 2 * delay, "≤")
         for delay in DELAYS_MS for rate in (200, 2_000)]),
    "m": Figure(
        "messages/s at subscribers of the gateway itself, 50 publishers at saturation",
        "≥ Mosquitto storing nothing, in at most twice its memory",
        fan_out_rows(),
        [*((f"{count} subscribers, messages/s", ALONE, f"fan-out-{count}", "delivered_per_s", 1, "≥")
           for count in (1, 10, 100)),
         *((f"{count} subscribers, most MB", ALONE, f"fan-out-{count}", "peak_mb", 2, "≤")
           for count in (1, 10, 100)),
         ("retained messages/s to a subscriber", ALONE, "retained", "given_per_s", 1, "≥"),
         ("KiB an idle session", ALONE, "idle-sessions", "kib_a_session", 2, "≤")]),
}

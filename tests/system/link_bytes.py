"""Bytes per event on the link to an upstream: single events, batches, and each way to compress batches.

    WATCHPOST_BUILD=build/release /usr/bin/python3 tests/system/link_bytes.py [events]      prints JSON

`measure` is for the benches. One daemon takes the events once and sends its backlog to many upstreams at
once, each with its own setting, over a proxy that counts what passes: all bytes of MQTT in both
directions, and the segments of TCP. Bytes do not depend on how busy the machine is.
"""
import contextlib
import json
import random
import socket
import struct
import subprocess
import sys

import paho.mqtt.client as mqtt

from doubles import FaultProxy
from harness import BUILD, Daemon, Mosquitto, Publisher, wait_until

PAYLOAD = 200
SEGMENT = 1_448  # payload of a TCP segment on Ethernet
HEADERS = 52     # IPv4, TCP and its timestamps
RAW = ("never", "undecoded", "always")
MODES = {"single": "", "batched": "batch_events = 1000\n",
         "deflate": 'batch_events = 1000\ncompression = "deflate"\n',
         "zstd": 'batch_events = 1000\ncompression = "zstd"\n'}
SIZES = (1, 2, 4, 8, 16, 32, 64)  # KiB


class Cleanups(contextlib.ExitStack):
    """The part of a test that the harness uses."""

    def addCleanup(self, function, *arguments, **named):
        self.callback(function, *arguments, **named)


class CountingProxy(FaultProxy):
    def __init__(self, test, target):
        self.up = self.down = 0
        super().__init__(test, target)
        # Accepted links inherit the limit and announce it to the daemon; loopback alone would take 64 KiB.
        self.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)

    def from_daemon(self, buffer):
        self.up += len(buffer)
        return buffer, b""

    def from_broker(self, buffer):
        self.down += len(buffer)
        return buffer, b""

    def segments(self):
        """tcpi_segs_out and tcpi_segs_in: segments in both directions, bare acknowledgements included."""
        answer = self.links[-1].near.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 144)
        return sum(struct.unpack_from("II", answer, 136))


def payload(device, dice, number):
    """SenML as our own devices send it: a water post with five quantities, exactly 200 bytes."""
    text = (f'[{{"bn":"river-{device:02}:","bt":{1_795_462_867 + number},"n":"level","u":"m",'
            f'"v":{dice.uniform(1, 2):.3f}}},{{"n":"temperature","u":"Cel","v":{dice.uniform(10, 20):.1f}}},'
            f'{{"n":"battery","u":"%EL","v":{dice.randint(10, 99)}}},'
            f'{{"n":"rssi","v":-{dice.randint(50, 99)}}},'
            f'{{"n":"flow","u":"m3/s","v":{dice.uniform(0, 9):.3f}}}]')
    text = text.replace('"n":"flow"', '"n":"flow' + "_of_the_river"[:PAYLOAD - len(text)] + '"')
    assert len(text) == PAYLOAD, len(text)
    return text


def cases(sizes=(16,)):
    return [{"raw": raw, "mode": mode, "batch_kib": size}
            for raw in RAW for mode in MODES for size in (sizes if mode != "single" else (0,))]


def settings(case):
    size = f'batch_bytes = "{case["batch_kib"]} KiB"\n' if case["batch_kib"] else ""
    return MODES[case["mode"]] + size


def measure(wanted, events=5_000):
    """For each of `wanted` (at most 16), what its events cost on the link."""
    with Cleanups() as test:
        broker = Mosquitto(test)
        proxies = [CountingProxy(test, broker.port) for _ in wanted]
        text = "".join(
            f'[[upstream]]\nname = "case-{i}"\nurl = "mqtt://127.0.0.1:{proxy.port}"\n'
            f'raw = "{case["raw"]}"\nreconnect_spread = "0 s"\nreconnect_first = "100 ms"\nreconnect_ceiling = "500 ms"\n'
            + settings(case) for i, (case, proxy) in enumerate(zip(wanted, proxies)))
        daemon = Daemon(test, extra=text).start()
        feed(test, daemon, events)
        broker.start()

        def drained():
            links = daemon.status()["upstreams"]
            return all(sum(link["backlog"].values()) == 0 for link in links)
        wait_until(drained, 300, "empty backlogs")
        results = []
        for case, proxy in zip(wanted, proxies):
            packets = proxy.segments()
            results.append({
                **case, "events": events,
                "mqtt_bytes_per_event": round((proxy.up + proxy.down) / events, 1),
                "tcp_ip_bytes_per_event": round(packets * HEADERS / events, 1),
                "of_payload": round((proxy.up + proxy.down) / events / PAYLOAD, 2)})
        return results


def feed(test, daemon, events):
    publisher = Publisher(test, daemon.port, "sensors", window=500)
    dice = random.Random(7)
    for i in range(events):
        device = i % 20
        publisher.publish(f"wp/in/water/river-{device:02}", payload(device, dice, i), i)
    wait_until(lambda: publisher.outstanding() == 0, 60, "all on disk")


def texts(raw, events=5_000, kib=16):
    """The batches, uncompressed."""
    with Cleanups() as test:
        broker = Mosquitto(test)
        daemon = Daemon(test, extra=(
            f'[[upstream]]\nname = "texts"\nurl = "mqtt://127.0.0.1:{broker.port}"\nraw = "{raw}"\n'
            'reconnect_spread = "0 s"\nreconnect_first = "100 ms"\nreconnect_ceiling = "500 ms"\n'
            + settings({"mode": "batched", "batch_kib": kib}))).start()
        feed(test, daemon, events)
        broker.start()
        found = []
        client = mqtt.Client("texts", protocol=mqtt.MQTTv311)
        client.on_connect = lambda *_: client.subscribe("wp/v1/+/+/+/+/telemetry/#", qos=1)
        client.on_message = lambda _c, _u, message: found.append(message.payload.decode())
        client.connect("127.0.0.1", broker.port)
        client.loop_start()
        test.addCleanup(client.loop_stop)
        test.addCleanup(client.disconnect)
        wait_until(lambda: daemon.backlog() == 0, 60, "an empty backlog")
        return [text for text in list(found) if text.startswith("[")]


def members(batches):
    """Mean bytes of each member of an event, its name and comma included."""
    sums, count = {}, 0
    for text in batches:
        for event in json.loads(text):
            count += 1
            for name, value in event.items():
                if name == "data":
                    for inner, part in value.items():
                        sums["data." + inner] = sums.get("data." + inner, 0) + cost(inner, part)
                else:
                    sums[name] = sums.get(name, 0) + cost(name, value)
    return {name: round(total / count, 1) for name, total in sums.items()}


def cost(name, value):
    return len(json.dumps({name: value}, separators=(",", ":"), ensure_ascii=False).encode()) - 1


def compression(batches):
    answer = subprocess.run([BUILD / "tests/compression_cost"], input="\n".join(batches), text=True,
                            capture_output=True, timeout=300, check=True)
    return json.loads(answer.stdout)


def main():
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    by_size = [{"raw": "always", "mode": mode, "batch_kib": size}
               for mode in ("batched", "zstd") for size in SIZES]
    always = texts("always", events)
    print(json.dumps({"payload_bytes": PAYLOAD, "figure_j": measure(cases(), events),
                      "by_batch_size": measure(by_size, events),
                      "members_of_an_event": members(always),
                      "compression_of_16_kib": compression(always)}, indent=1))


if __name__ == "__main__":
    main()

"""Runs on the network of a box, with this machine's Python and Mosquitto: the street, and sensors that never stop.

    street.py MQTT_PORT STREET_PORT USER PASSWORD RESULT    until standard input ends; then RESULT has the account
"""
import json
import sys
import threading
import time

import paho.mqtt.client as mqtt


class Street:
    def __init__(self, port, user, password):
        self.events = {}
        self.client = mqtt.Client(client_id="street-office", clean_session=False)
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda client, *_: client.subscribe("wp/v1/#", qos=1)
        self.client.on_message = self._took
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _took(self, _client, _data, message):
        try:
            event = json.loads(message.payload)
        except ValueError:
            return
        for one in event if isinstance(event, list) else [event]:
            raw = one.get("data", {}).get("raw")
            if isinstance(raw, dict) and "number" in raw:
                self.events[raw["number"]] = self.events.get(raw["number"], 0) + 1


class Sensor:
    """Publishes a number every few milliseconds, each until it is acknowledged, over a session that is kept."""

    def __init__(self, port):
        self.acknowledged, self.waiting, self.away, self._lost_at = set(), {}, [], None
        self.client = mqtt.Client(client_id="sensor-1", clean_session=False)
        self.client.reconnect_delay_set(0.05, 0.2)
        self.client.max_inflight_messages_set(20)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._disconnected
        self.client.on_publish = self._published
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _connected(self, *_):
        if self._lost_at is not None:
            self.away.append(time.monotonic() - self._lost_at)
            self._lost_at = None

    def _disconnected(self, *_):
        if self._lost_at is None:
            self._lost_at = time.monotonic()

    def _published(self, _client, _data, identifier):
        if identifier in self.waiting:
            self.acknowledged.add(self.waiting.pop(identifier))

    def publish(self, number):
        text = json.dumps({"number": number, "smoke": number % 50 == 0})
        sent = self.client.publish("zigbee2mqtt/kitchen", text, qos=1)
        self.waiting[sent.mid] = number


def main():
    port, street_port, user, password, result = sys.argv[1:]
    street = Street(int(street_port), user, password)
    sensor = Sensor(int(port))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    number = 0
    while not ended.is_set():
        number += 1
        sensor.publish(number)
        ended.wait(0.02)
    until = time.monotonic() + 60
    while time.monotonic() < until and (sensor.waiting or sensor.acknowledged - set(street.events)):
        threading.Event().wait(0.1)
    with open(result, "w", encoding="utf-8") as file:
        json.dump({"published": number, "acknowledged": len(sensor.acknowledged), "arrived": len(street.events),
                   "lost": sorted(sensor.acknowledged - set(street.events))[:20],
                   "longest_away_s": round(max(sensor.away, default=0.0), 2), "times_away": len(sensor.away)}, file)


if __name__ == "__main__":
    main()

"""Client programs as people have them, each with its own library: MQTT.js, Zigbee2MQTT's own class, Home Assistant's way
with Paho, Mosquitto's programs. Packages of npm are fetched into build/npm-clients (tests/clients)."""
import json
import os
import subprocess
import threading
import unittest

import paho.mqtt.client as mqtt

from harness import SOURCE, Daemon, Process, free_port, temp_folder, wait_until
from times import side_by_side

CLIENTS = SOURCE / "tests" / "clients"


def setUpModule():
    subprocess.run([CLIENTS / "fetch"], check=True, timeout=300)


class Node(Process):
    """One of tests/clients/*.js; what it said, line by line."""

    def __init__(self, test, script, *arguments):
        modules = SOURCE / "build" / "npm-clients" / "node_modules"
        super().__init__(test, ["node", CLIENTS / script, *arguments], temp_folder(test) / "said",
                         env={**os.environ, "NODE_PATH": str(modules)})

    def said(self, what):
        lines = [line for line in self.log().split("\n")[:-1] if line.startswith("{")]
        return [one for one in map(json.loads, lines) if one["what"] == what]

    def ends_well(self, test, seconds=60):
        wait_until(lambda: not self.is_running(), seconds, "the program to end")
        test.assertEqual(self.child.returncode, 0, self.log())


class MqttJs(unittest.TestCase):
    def exchange(self, url, version):
        program = Node(self, "mqtt_js.js", "exchange", url, version)
        program.ends_well(self)
        self.assertEqual(program.said("granted"), [{"what": "granted", "qos": [2, 2]}])
        # In the order of each topic. Between topics MQTT.js has its own: it tells of QoS 2 at the PUBREL.
        got = sorted(program.said("message"), key=lambda message: message["topic"])
        self.assertEqual([(m["topic"], m["payload"], m["qos"], m["retain"]) for m in got],
                         [("hall/fan/state", "kept", 1, False), ("hall/lamp/state", "at 0", 0, False),
                          ("hall/lamp/state", "at 1", 1, False), ("hall/lamp/state", "at 2", 2, False),
                          ("siren/state", "offline", 1, False)])
        self.assertEqual(sorted((m["topic"], m["payload"], m["retain"]) for m in program.said("late")),
                         [("hall/fan/state", "kept", True), ("siren/state", "offline", True)])

    def test_it_exchanges_messages_of_each_qos_and_its_will(self):
        side_by_side(*(lambda version=version: self.exchange(f"mqtt://127.0.0.1:{Daemon(self).start().port}", version)
                       for version in ("3", "4", "5")))

    def test_over_websocket_too(self):
        port = free_port()
        daemon = Daemon(self, extra=f'\n[[listener]]\nprotocol = "websocket"\naddress = "127.0.0.1"\nport = {port}\n')
        daemon.start()
        self.exchange(f"ws://127.0.0.1:{port}/mqtt", "5")

    def endure(self, version):
        daemon = Daemon(self).start()
        program = Node(self, "mqtt_js.js", "endure", f"mqtt://127.0.0.1:{daemon.port}", version, "300")
        for messages in (60, 150, 220):
            wait_until(lambda: len(program.said("message")) > messages or not program.is_running())
            daemon.kill()
            daemon.start()
        program.ends_well(self)
        got = [m["payload"] for m in program.said("message")]
        acknowledged = {m["payload"] for m in program.said("acknowledged")}
        self.assertEqual(acknowledged - set(got), set())
        self.assertEqual(len(acknowledged) + len(program.said("given up")), 300)
        self.assertGreater(len(acknowledged), 200, "what MQTT.js gives up is little")
        twice = [m["payload"] for m in program.said("message") if m["qos"] == 2]
        self.assertEqual(len(twice), len(set(twice)), f"QoS 2 came twice over MQTT {version}")
        self.assertEqual({one["present"] for one in program.said("connected")}, {True})

    def test_nothing_acknowledged_is_missing_over_kills_of_the_daemon(self):
        side_by_side(lambda: self.endure("4"), lambda: self.endure("5"))


class Zigbee2Mqtt(unittest.TestCase):
    def test_its_own_class_lives_with_the_daemon(self):
        for version in ("4", "5"):
            with self.subTest(version=version):
                daemon = Daemon(self).start()
                program = Node(self, "zigbee2mqtt.js", f"mqtt://127.0.0.1:{daemon.port}", version)
                home = HomeAssistant(self, daemon.port)
                wait_until(lambda: home.said("zigbee2mqtt/bridge/state"), what="Zigbee2MQTT to be online")

                def obeyed():
                    # It says that it is online before it subscribes.
                    home.client.publish("zigbee2mqtt/lamp/set", '{"state":"OFF"}')
                    return program.said("message")
                wait_until(obeyed, what="the command at Zigbee2MQTT", every=0.2)
                self.assertEqual(program.said("message")[0]["topic"], "zigbee2mqtt/lamp/set")
                wait_until(lambda: home.said("zigbee2mqtt/bridge/devices"))
                daemon.kill()
                daemon.start()
                before = len(home.said("zigbee2mqtt/lamp"))
                wait_until(lambda: len(home.said("zigbee2mqtt/lamp")) > before, what="states after the restart")
                program.terminate()
                wait_until(lambda: home.said("zigbee2mqtt/bridge/state")[-1] == '{"state":"offline"}')


class HomeAssistant:
    """Its MQTT integration in small: Paho, a birth and a will, discovery that is retained, and everything again after a
    lost connection."""

    def __init__(self, test, port):
        self.got = []
        self.online = threading.Event()
        self.client = mqtt.Client(f"homeassistant-{port}", clean_session=True, protocol=mqtt.MQTTv311)
        self.client.will_set("homeassistant/status", "offline", qos=0, retain=False)
        self.client.reconnect_delay_set(1, 2)
        self.client.on_connect = self.connected
        self.client.on_message = lambda _client, _data, message: self.got.append(message)
        self.client.connect("127.0.0.1", port, keepalive=60)
        self.client.loop_start()
        test.addCleanup(self.client.loop_stop)
        test.addCleanup(self.client.disconnect)
        test.assertTrue(self.online.wait(20))

    def connected(self, client, *_):
        client.subscribe([("homeassistant/+/+/config", 0), ("homeassistant/+/+/+/config", 0)])
        client.subscribe([("zigbee2mqtt/#", 0), ("siren/#", 1)])
        client.publish("homeassistant/status", "online", qos=0, retain=False)
        self.online.set()

    def said(self, topic):
        return [m.payload.decode() for m in list(self.got) if m.topic == topic]


class HomeAssistantsWay(unittest.TestCase):
    def test_discovery_availability_and_birth(self):
        daemon = Daemon(self).start()
        births = []
        device = mqtt.Client("siren-1")
        device.will_set("siren/availability", "offline", qos=1, retain=True)
        device.on_message = lambda _client, _data, message: births.append(message.payload)
        device.connect("127.0.0.1", daemon.port)
        device.loop_start()
        self.addCleanup(device.loop_stop)
        device.subscribe([("homeassistant/status", 0), ("siren/set", 1)])
        device.publish("homeassistant/siren/siren_1/config", '{"command_topic":"siren/set"}', qos=1, retain=True)
        device.publish("siren/availability", "online", qos=1, retain=True).wait_for_publish(20)
        home = HomeAssistant(self, daemon.port)
        wait_until(lambda: b"online" in births, what="the birth at the device")
        wait_until(lambda: home.said("homeassistant/siren/siren_1/config") and home.said("siren/availability"))
        home.client.publish("siren/set", "ON", qos=1)
        wait_until(lambda: b"ON" in births)

        daemon.kill()
        daemon.start()
        wait_until(lambda: len(home.said("homeassistant/siren/siren_1/config")) == 2,
                   what="the retained discovery after the restart")
        device.loop_stop()
        device.socket().close()
        wait_until(lambda: home.said("siren/availability")[-1] == "offline", what="the will of the device")


class MosquittoPrograms(unittest.TestCase):
    def test_a_request_gets_its_response(self):
        daemon = Daemon(self).start()
        port = str(daemon.port)
        answering = subprocess.Popen(["mosquitto_sub", "-p", port, "-V", "5", "-t", "ask", "-C", "1", "-F", "%R %D"],
                                     stdout=subprocess.PIPE, text=True)
        self.addCleanup(answering.stdout.close)
        self.addCleanup(answering.wait)
        self.addCleanup(answering.kill)
        wait_until(lambda: daemon.status()["subscribers"]["subscriptions"] == 1)
        asking = subprocess.Popen(["mosquitto_rr", "-p", port, "-V", "5", "-t", "ask", "-e", "answers", "-m", "level?",
                                   "-D", "publish", "correlation-data", "7", "-W", "20"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(asking.kill)
        self.assertEqual(answering.communicate(timeout=20)[0].split(), ["answers", "7"])
        subprocess.run(["mosquitto_pub", "-p", port, "-t", "answers", "-m", "3.2 m"], check=True, timeout=20)
        self.assertEqual(asking.communicate(timeout=20)[0].strip(), "3.2 m")

    def test_what_is_told_below_sys_is_there_for_those_who_ask_and_for_nobody_else(self):
        daemon = Daemon(self).start()
        port = str(daemon.port)
        everything = Process(self, ["mosquitto_sub", "-p", port, "-t", "#", "-v"], temp_folder(self) / "all")
        told = Process(self, ["mosquitto_sub", "-p", port, "-t", "$SYS/broker/#", "-v"], temp_folder(self) / "sys")
        wait_until(lambda: "$SYS/broker/uptime" in told.log() and "$SYS/broker/version Watchpost " in told.log())
        subprocess.run(["mosquitto_pub", "-p", port, "-V", "5", "-q", "1", "-t", "$SYS/broker/uptime", "-m", "forged"],
                       check=False, timeout=20)
        subprocess.run(["mosquitto_pub", "-p", port, "-q", "1", "-t", "hall", "-m", "end"], check=True, timeout=20)
        wait_until(lambda: "hall end" in everything.log())
        self.assertNotIn("$SYS", everything.log())
        self.assertNotIn("forged", told.log())
        # It is told again every ten seconds.
        wait_until(lambda: told.log().count("$SYS/broker/uptime") >= 2, seconds=25)


if __name__ == "__main__":
    unittest.main(verbosity=2)

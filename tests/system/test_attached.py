"""A street's server that comes to the box itself: its session is the cursor over the log."""
import json
import shutil
import subprocess
import unittest

import paho.mqtt.client as mqtt

from harness import BUILD, Daemon, Publisher, nonce_of, senml, smoke, smoke_topic, temp_folder, wait_until

# The comment keeps the harness from naming an MQTT client of ours: none connects.
SECTION = ('\n[[upstream]]  # it comes to us\nname = "street"\nurl = "listener"\nclient_id = "street-server"\n'
           'username = "street"\nraw = "always"\n')


class Street:
    """The server at the street, as a client of the box."""

    def __init__(self, test, port, user="street", topics=(("wp/v1/#", 1),), client_id="street-server",
                 answers=True):
        self.got = []
        self.granted = False
        self.client = mqtt.Client(client_id, clean_session=False)
        if not answers:
            self.client._send_puback = lambda _mid: mqtt.MQTT_ERR_SUCCESS
        self.client.username_pw_set(user, user)
        self.client.on_connect = lambda client, *_: client.subscribe(list(topics))
        self.client.on_subscribe = lambda *_: setattr(self, "granted", True)
        self.client.on_message = lambda _c, _d, message: self.got.append(message)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        test.addCleanup(self.leave)
        wait_until(lambda: self.granted, what="SUBACK")

    def events(self):
        return [json.loads(m.payload) for m in list(self.got)]

    def nonces(self):
        return {nonce_of(event) for event in self.events() if event.get("wpclass") == "telemetry"}

    def leave(self):
        if self.client.socket():
            self.client.disconnect()
        self.client.loop_stop()

    def vanish(self):
        """As a program that is killed: without DISCONNECT."""
        self.client.loop_stop()
        self.client._sock_close()  # does nothing where it is closed


class Attached(unittest.TestCase):
    def box(self, extra=SECTION):
        folder = temp_folder(self)
        passwords = folder / "clients"
        create = "-c"
        for user in ("street", "sensor", "thief"):
            subprocess.run([shutil.which("mosquitto_passwd"), "-b", *([create] if create else []), passwords, user,
                            user], check=True, capture_output=True)
            create = None
        return Daemon(self, extra=extra,
                      listener_extra=f'anonymous = true\npassword_file = "{passwords}"\n').start()

    def link(self, daemon):
        return daemon.status()["upstreams"][0]

    def publish(self, daemon, nonces, alarm=False):
        publisher = Publisher(self, daemon.port, f"sensor-{nonces[0]}")
        for nonce in nonces:
            publisher.publish(smoke_topic(nonce) if alarm else "wp/in/water/pond",
                              smoke(nonce) if alarm
                              else senml("pond", "level", 1.5, nonce), nonce)
        wait_until(lambda: publisher.acknowledged >= set(nonces), what="the acknowledgements")

    def ids(self, street, kind="telemetry"):
        return [event["id"] for event in street.events() if event.get("wpclass") == kind]

    def test_what_came_while_the_server_was_away_is_sent_from_the_log_once(self):
        daemon = self.box()
        self.publish(daemon, [f"early{i}" for i in range(50)])
        self.assertEqual(self.link(daemon)["backlog"]["telemetry"], 50)
        self.assertIn("street-server", self.link(daemon)["failure"])
        street = Street(self, daemon.port)
        wait_until(lambda: len(self.ids(street)) == 50, what="the backlog")
        wait_until(lambda: self.link(daemon)["backlog"]["telemetry"] == 0, what="the cursor")
        street.leave()
        self.publish(daemon, [f"away{i}" for i in range(20)])
        self.publish(daemon, ["alarm"], alarm=True)
        daemon.stop()
        daemon.start()
        again = Street(self, daemon.port)
        wait_until(lambda: len(self.ids(again)) == 20 and self.ids(again, "alarm"), what="what came meanwhile")
        first = next(m for m in again.got if "/alarm/" in m.topic or "/telemetry/" in m.topic)
        self.assertIn("/alarm/fire/", first.topic, "the alarm did not come first")
        self.assertFalse(set(self.ids(again)) & set(self.ids(street)))

    def test_what_the_server_has_not_acknowledged_is_kept_and_comes_again(self):
        daemon = self.box()
        silent = Street(self, daemon.port, answers=False)
        self.publish(daemon, ["one"], alarm=True)
        wait_until(lambda: self.ids(silent, "alarm"), what="the alarm")
        self.assertEqual(self.link(daemon)["backlog"]["alarm"], 2)
        silent.vanish()
        daemon.kill()
        daemon.start()
        again = Street(self, daemon.port)
        wait_until(lambda: self.ids(again, "alarm"), what="the alarm again")
        self.assertEqual(set(self.ids(again, "alarm")), set(self.ids(silent, "alarm")))
        wait_until(lambda: self.link(daemon)["backlog"]["alarm"] == 0, what="the cursor")

    def test_an_alarm_that_no_filter_takes_is_not_delivered(self):
        daemon = self.box()
        street = Street(self, daemon.port, topics=[("wp/v1/+/+/+/+/telemetry/#", 1)])
        self.publish(daemon, ["quiet"], alarm=True)
        self.publish(daemon, ["reading"])
        wait_until(lambda: self.ids(street), what="the reading")
        self.assertEqual(self.link(daemon)["backlog"]["alarm"], 2)
        wait_until(lambda: any("subscribed" in json.dumps(each) for each in daemon.status()["troubles"]),
                   what="a trouble that nobody has subscribed")
        street.client.subscribe("wp/v1/#", 1)
        wait_until(lambda: self.ids(street, "alarm"), 40, what="the alarm")

    def test_another_account_gets_nothing_and_moves_no_cursor(self):
        daemon = self.box()
        self.publish(daemon, ["secret"], alarm=True)
        thief = Street(self, daemon.port, user="thief")
        wait_until(lambda: "not as the user street" in self.link(daemon)["failure"], what="the trouble")
        self.assertEqual(thief.got, [])
        self.assertEqual(self.link(daemon)["backlog"]["alarm"], 2)
        thief.leave()
        street = Street(self, daemon.port)
        wait_until(lambda: self.ids(street, "alarm"), what="the alarm")

    def test_at_qos_0_nothing_is_delivered(self):
        daemon = self.box()
        street = Street(self, daemon.port, topics=[("wp/v1/#", 0)])
        self.publish(daemon, ["x"], alarm=True)
        wait_until(lambda: "QoS 1" in self.link(daemon)["failure"], what="the trouble")
        self.assertEqual(street.got, [])

    def test_nothing_is_missing_over_kills_while_the_server_comes_and_goes(self):
        daemon = self.box()
        sent, had = [], set()
        for round_ in range(6):
            street = Street(self, daemon.port)
            nonces = [f"r{round_}-{i}" for i in range(40)]
            self.publish(daemon, nonces)
            sent += nonces
            if round_ % 2:
                street.vanish()
            daemon.kill()
            street.vanish()
            had |= street.nonces()
            daemon.start()
        last = Street(self, daemon.port)
        wait_until(lambda: sum(self.link(daemon)["backlog"].values()) == 0, 30, what="everything")
        had |= last.nonces()
        self.assertEqual(set(sent) - had, set())

    def test_mistakes_are_refused_with_words(self):
        listener = '[[listener]]\nport = 1884\n'
        for text, words in (
                ('[[upstream]]\nname = "s"\nurl = "listener"\nusername = "u"\n', "which client it is"),
                ('[[upstream]]\nname = "s"\nurl = "listener"\nclient_id = "c"\n', "would count as delivered"),
                (SECTION, "no [[listener]] asks for accounts"),
                (SECTION + 'keep_alive = "60 s"\n', "keep_alive says nothing"),
                ('[[broker]]\nurl = "listener"\ntopics = ["a/#"]\n', "by connecting to it")):
            said = subprocess.run([BUILD / "watchpostd", "--check-config", "--config", "/dev/stdin"],
                                  input=listener + text, text=True, capture_output=True, timeout=20)
            self.assertEqual(said.returncode, 2, said.stdout + said.stderr)
            self.assertIn(words, said.stdout + said.stderr)


if __name__ == "__main__":
    unittest.main()

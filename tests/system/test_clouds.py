"""Servers with rules of their own: the examples for clouds pass --check-config and deliver; what a server
does not take is given up by itself, once, with a word; what ends each link is named with the likely rule."""
import re
import subprocess
import threading

from certificates import Authority
from doubles import (AliyunIot, AwsIotCore, AzureIotHub, Emqx, FakeBroker, HiveMq, Script,
                     TencentIotHub, connack)
from harness import BUILD, SOURCE, Daemon, nonce_of, smoke, smoke_topic, temp_folder, wait_until
from mqtt_wire import MAXIMUM_QOS, RETAIN_AVAILABLE, SERVER_REFERENCE
from upstream_case import UpstreamCase, run_in_parallel, upstream

EXAMPLES = SOURCE / "docs" / "examples" / "clouds"
CLOUDS = {"aws-iot-core": AwsIotCore, "azure-iot-hub": AzureIotHub, "aliyun-iot": AliyunIot,
          "tencent-iot-hub": TencentIotHub, "emqx": Emqx, "hivemq": HiveMq}
PASSWORDS = {"azure": "SharedAccessSignature sr=contoso&sig=x&se=2524608000"}
WITHOUT_WILL = "takes no will from this box"
WITHOUT_RETAINED = "so the state of this box is not kept there"
WITHOUT_PRESENCE = "ended each connection over the state of this box"
GIVEN_UP = (WITHOUT_WILL, WITHOUT_RETAINED, WITHOUT_PRESENCE)


def section_of(name):
    """The [[upstream]] section of an example, without its heading."""
    return (EXAMPLES / f"{name}.toml").read_text().partition("[[upstream]]\n")[2]


class CloudCase(UpstreamCase):
    def nonces(self, broker):
        return {nonce_of(p.event) for p in list(broker.accepted)} - {None}

    def alarm_arrives(self, daemon, broker, nonce="a0", seconds=40):
        publisher = self.publisher(daemon)
        self.publish(publisher, [nonce])
        wait_until(lambda: nonce in self.nonces(broker), seconds, f"alarm {nonce} there")
        return publisher

    def given_up(self, daemon):
        return [words for words in GIVEN_UP if words in daemon.process.log()]

    def troubles(self, daemon):
        return [trouble["code"] for trouble in daemon.status()["troubles"]]


class Examples(CloudCase):
    def test_each_example_passes_check_config_once_its_files_are_there(self):
        names = sorted(path.stem for path in EXAMPLES.glob("*.toml"))
        self.assertEqual(names, sorted(CLOUDS))
        folder = temp_folder(self)
        certificate, key = Authority(folder).issue("zhaoxiang-03")
        self.assertTrue(certificate.exists() and key.exists())
        for name in names:
            text = (EXAMPLES / f"{name}.toml").read_text()
            config = folder / f"{name}.toml"
            config.write_text(text)
            for secret in re.findall(r'password_file = "(.+)"', text):
                (folder / secret).write_text("secret\n")
                (folder / secret).chmod(0o600)
            answer = subprocess.run([BUILD / "watchpostd", "--check-config", "--config", config],
                                    capture_output=True, text=True, timeout=20)
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def start(self, name, without_keys=False):
        cloud = CLOUDS[name]()
        broker = FakeBroker(self, cloud)
        text = section_of(name)
        upstream_name = re.search(r'name += "(.+)"', text)[1]
        text = re.sub(r'url +=.*', f'url = "mqtt://127.0.0.1:{broker.port}"', text)
        text = re.sub(r'^(cert_file|key_file) +=.*\n', "", text, flags=re.M)
        if without_keys:
            text = re.sub(r'^(presence|will) +=.*\n', "", text, flags=re.M)
        text += 'reconnect_first = "100 ms"\nreconnect_ceiling = "400 ms"\nreconnect_spread = "0 s"\n'
        daemon = Daemon(self, extra="[[upstream]]\n" + text)
        for secret in re.findall(r'password_file = "(.+)"', text):
            (daemon.folder / secret).write_text(PASSWORDS.get(upstream_name, "secret") + "\n")
        return cloud, broker, daemon.start()

    def test_with_its_example_each_cloud_gets_alarms_over_the_first_link(self):
        for name in CLOUDS:
            cloud, broker, daemon = self.start(name)
            self.alarm_arrives(daemon, broker)
            if name == "hivemq":  # its operator has turned off what the example has on
                continue
            self.assertEqual((name, cloud.broken), (name, []))
            self.assertEqual(self.given_up(daemon), [])
            wait_until(lambda: sum(self.link(daemon, daemon.status()["upstreams"][0]["name"])
                                   ["backlog"].values()) == 0, what=f"{name}: all delivered")

    def test_without_the_keys_each_cloud_gets_alarms_once_the_rest_is_given_up(self):
        expected = {"aws-iot-core": [WITHOUT_RETAINED], "azure-iot-hub": [],
                    "aliyun-iot": [WITHOUT_WILL, WITHOUT_RETAINED],
                    "tencent-iot-hub": [WITHOUT_WILL, WITHOUT_RETAINED], "emqx": [],
                    "hivemq": [WITHOUT_RETAINED]}
        for name, words in expected.items():
            cloud, broker, daemon = self.start(name, without_keys=True)
            self.alarm_arrives(daemon, broker)
            wait_until(lambda: self.given_up(daemon) == words, 20, f"{name}: {words} in the log")
            for each in words:
                self.assertEqual(daemon.process.log().count(each), 1, f"{name}: said once")
            log = daemon.process.log()
            print(f"{name}: rules broken {len(cloud.broken)} times, given up: "
                  f"{[line for line in log.splitlines() if any(w in line for w in words)]}")


class TakesFewLevels(Script):
    def __init__(self, most):
        self.most = most

    def publish(self, link, publication):
        if publication.topic.count("/") >= self.most:
            return link.hang_up()
        link.accept(publication)


class Rules(CloudCase):
    def test_too_many_levels_are_named_and_a_topic_with_fewer_delivers(self):
        broker = FakeBroker(self, TakesFewLevels(8))
        short = 'topic = "wp/{area}/{gateway}/{class}/{domain}/{device}"'
        deep = Daemon(self, extra=upstream("street", broker.port)).start()
        publisher = self.publisher(deep)
        self.publish(publisher, ["a0"])
        print(self.wait_for_failure(deep, "Probably the topic has too many levels", "it has 9",
                                    seconds=40))
        self.assertEqual(self.nonces(broker), set())
        deep.stop()
        deep.config.write_text(deep.config.read_text().replace(
            'name = "street"\n', f'name = "street"\n{short}\n'))
        deep.start()
        wait_until(lambda: "a0" in self.nonces(broker), 20, "the alarm over fewer levels")
        topics = {p.topic for p in broker.accepted}
        self.assertIn("wp/310118106203/zhaoxiang-03/alarm/fire/hall-a0", topics)
        self.assertIn("wp/310118106203/zhaoxiang-03/status/gateway/online", topics)
        self.check_healed(deep)

    def test_events_batches_and_the_will_follow_the_form(self):
        class OpensLate(Script):
            is_open = threading.Event()

            def connect(self, link):
                self.is_open.wait(20)
                super().connect(link)
        broker = FakeBroker(self, OpensLate())
        daemon = Daemon(self, extra=upstream(
            "street", broker.port, 'topic = "s/{gateway}/{class}/{domain}/{device}"\n'
            'batch_events = 50\n')).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0"] + [f"t{i}" for i in range(60)])
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements")
        OpensLate.is_open.set()
        wait_until(lambda: any(p.topic == "s/zhaoxiang-03/telemetry/batch" for p in broker.arrived),
                   20, "a batch")
        self.assertEqual(broker.links[0].said.will.topic, "s/zhaoxiang-03/status/gateway/online")
        wait_until(lambda: any(p.topic in ("s/zhaoxiang-03/alarm/fire/hall-a0", "s/zhaoxiang-03/alarm/batch")
                               for p in broker.arrived),
                   20, "the alarm")
        self.assertEqual({p.topic.split("/")[0] for p in broker.arrived}, {"s"})

    def test_a_will_and_a_state_that_are_off_are_not_sent(self):
        broker = FakeBroker(self, Script())
        daemon = Daemon(self, extra=upstream("street", broker.port,
                                             'presence = "off"\nwill = false')).start()
        self.alarm_arrives(daemon, broker)
        self.assertIsNone(broker.links[0].said.will)
        self.assertEqual({p.topic.rsplit("/", 1)[1] for p in broker.arrived}, {"hall-a0"})
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual({p.topic.rsplit("/", 1)[1] for p in broker.arrived}, {"hall-a0"})

    def test_a_state_that_a_server_never_takes_holds_up_no_alarm(self):
        class ForbidsState(Script):
            def publish(self, link, publication):
                if publication.topic.endswith("/online"):
                    return link.hang_up()
                link.accept(publication)
        broker = FakeBroker(self, ForbidsState())
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        self.alarm_arrives(daemon, broker)
        wait_until(lambda: self.given_up(daemon) == [WITHOUT_PRESENCE], 10, "the word")
        self.assertIn("upstream_without_presence", self.troubles(daemon))
        self.check_healed(daemon)

    def test_a_server_that_only_restarts_keeps_getting_will_and_retained_state(self):
        broker = FakeBroker(self, Script())
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        for _ in range(6):
            self.wait_for_state(daemon, "connected")
            before = len(broker.links)
            broker.drop_links()
            # Not the state is waited for: the link may stand again between two looks at it.
            wait_until(lambda: len(broker.links) > before, what="the next link")
        self.wait_for_state(daemon, "connected")
        self.assertEqual(self.given_up(daemon), [])
        self.assertTrue(broker.links[-1].said.will.retain)

    def test_maximum_qos_0_is_named_and_nothing_is_sent(self):
        class Qos0(Script):
            def connect(self, link):
                link.send(connack(0, link.version, ((MAXIMUM_QOS, 0),)))
        broker = FakeBroker(self, Qos0())
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        self.publish(self.publisher(daemon), ["a0"])
        print(self.wait_for_failure(daemon, "Maximum QoS 0", "max_qos"))
        self.assertEqual(broker.arrived, [])

    def test_retain_available_0_is_obeyed_and_told(self):
        class NoRetain(Script):
            def connect(self, link):
                link.send(connack(0, link.version, ((RETAIN_AVAILABLE, 0),)))
        broker = FakeBroker(self, NoRetain())
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        self.alarm_arrives(daemon, broker)
        self.assertFalse(any(p.retain for p in broker.arrived))
        self.assertIn("upstream_without_retained", self.troubles(daemon))

    def test_a_server_that_has_moved_names_the_new_one(self):
        class Moved(Script):
            def connect(self, link):
                link.send(connack(0x9D, link.version, ((SERVER_REFERENCE, "new.street.example:8883"),)))
                link.hang_up()
        broker = FakeBroker(self, Moved())
        daemon = Daemon(self, extra=upstream("street", broker.port)).start()
        print(self.wait_for_failure(daemon, "it has moved", "new.street.example:8883", "set url"))

    def test_a_message_that_ends_each_link_is_named_with_size_and_likely_rule(self):
        class TakesSmall(Script):
            def publish(self, link, publication):
                if publication.size > 20_000:
                    return link.hang_up()
                link.accept(publication)
        broker = FakeBroker(self, TakesSmall())
        daemon = Daemon(self, extra=upstream("street", broker.port, 'protocol = "3.1.1"')).start()
        self.alarm_arrives(daemon, broker)
        publisher = self.publisher(daemon, "large")
        large = smoke("a-large")[:-1] + ',{"n":"note","vs":"' + "x" * 40_000 + '"}]'
        publisher.publish(smoke_topic("a-large"), large, "a-large")
        words = wait_until(lambda: next((line for line in daemon.process.log().splitlines()
                                         if "Each connection ends when we send" in line), None),
                           40, "the word in the log")
        print(words)
        for part in ("/alarm/#", "Probably the message is too large", "KiB"):
            self.assertIn(part, words)


if __name__ == "__main__":
    run_in_parallel(6)

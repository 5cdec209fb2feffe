"""Stand-ins for services with rules of their own, as their documents have them (docs/examples/clouds).

Each closes the connection over what it does not take, as these services do, unless its documents
name a reason code.
"""
from fake_broker import Script, connack, puback
from mqtt_wire import PACKET_SIZE, RETAIN_AVAILABLE, V311, V5

NO_SUBSCRIBERS, NOT_AUTHORIZED, RETAIN_NOT_SUPPORTED = 0x10, 0x87, 0x9A


class Cloud(Script):
    """Notes which of its rules were broken, and how often."""

    def __init__(self):
        self.broken = []

    def close_over(self, link, rule):
        self.broken.append(rule)
        link.hang_up()

    def login_fault(self, said):
        return None

    def publish_fault(self, said, publication):
        return None

    def connect(self, link):
        fault = self.login_fault(link.said)
        if fault:
            return self.close_over(link, fault)
        self.welcome(link)

    def welcome(self, link):
        link.send(connack(0, link.version))

    def publish(self, link, publication):
        fault = self.publish_fault(link.said, publication)
        if fault:
            return self.close_over(link, fault)
        link.accept(publication)


class AwsIotCore(Cloud):
    keeps_retained = False  # a policy without iot:RetainPublish

    def login_fault(self, said):
        return "the client is no thing" if said.client_id != "zhaoxiang-03" else None

    def publish_fault(self, said, publication):
        if publication.topic.count("/") > 7:
            return "more than 7 slashes"
        if len(publication.topic.encode()) > 256 or publication.size > 128 * 1024:
            return "too large"
        return "retained" if publication.retain and not self.keeps_retained else None

    def publish(self, link, publication):
        if self.publish_fault(link.said, publication) or link.version == V311:
            return super().publish(link, publication)
        link.broker.accepted.append(publication)
        link.send(puback(publication.packet_id, NO_SUBSCRIBERS))  # a rule took it


class AzureIotHub(Cloud):
    def login_fault(self, said):
        if said.version != V311:
            return "not MQTT 3.1.1"
        if said.user != f"contoso.azure-devices.net/{said.client_id}/?api-version=2021-04-12":
            return "user name"
        if not (said.password or "").startswith("SharedAccessSignature "):
            return "password"
        return self.topic_fault(said, said.will.topic) if said.will else None

    @staticmethod
    def topic_fault(said, topic):
        ours = topic.startswith(f"devices/{said.client_id}/messages/events/") and topic.count("/") == 4
        return None if ours else "topic"

    def publish_fault(self, said, publication):
        return self.topic_fault(said, publication.topic)


class KeepsNothing(Cloud):
    """Neither wills nor retained messages, and topics with a prefix."""
    prefix = client_id = user = None

    def login_fault(self, said):
        if (said.client_id, said.user) != (self.client_id, self.user) or not said.password:
            return "login"
        return "will" if said.will else None

    def publish_fault(self, said, publication):
        if publication.retain:
            return "retained"
        declared = [f"{self.prefix}{word}" for word in self.words]
        return "topic" if publication.topic not in declared else None


class AliyunIot(KeepsNothing):
    client_id = "zhaoxiang-03|securemode=2,signmethod=hmacsha256,timestamp=2524608000000|"
    user = "zhaoxiang-03&a1B2c3D4e5F"
    prefix = "/a1B2c3D4e5F/zhaoxiang-03/user/"
    words = ("alarm", "patrol", "status", "telemetry")


class TencentIotHub(KeepsNothing):
    client_id = "1A17RZR3XXzhaoxiang-03"
    user = "1A17RZR3XXzhaoxiang-03;12010126;a1b2c;2524608000"
    prefix = "1A17RZR3XX/zhaoxiang-03/"
    words = ("event", "data")


class WithAccount(Cloud):
    props = ()

    def connect(self, link):
        if (link.said.user, link.said.password) != ("zhaoxiang-03", "secret"):
            link.send(connack(NOT_AUTHORIZED, link.version))
            return link.hang_up()
        super().connect(link)

    def welcome(self, link):
        link.send(connack(0, link.version, self.props if link.version == V5 else ()))

    def publish_fault(self, said, publication):
        ours = publication.topic.startswith("wp/v1/310118/106/203/zhaoxiang-03/")
        return None if ours else "topic"


class Emqx(WithAccount):
    props = ((PACKET_SIZE, 1024 * 1024), (RETAIN_AVAILABLE, 1))

    def publish_fault(self, said, publication):
        if publication.topic.count("/") >= 128:
            return "max_topic_levels"
        return super().publish_fault(said, publication)


class HiveMq(WithAccount):
    """Its operator has turned retained messages off (retained-messages, enabled: false)."""
    props = ((RETAIN_AVAILABLE, 0),)

    def welcome(self, link):
        if link.said.will and link.said.will.retain:
            self.broken.append("retained will")
            link.send(connack(RETAIN_NOT_SUPPORTED, link.version))
            return link.hang_up()
        super().welcome(link)

    def publish_fault(self, said, publication):
        return "retained" if publication.retain else super().publish_fault(said, publication)

#include "cli/mqtt_client_session.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::cli;
using protocol::PacketType;
using protocol::ReasonCode;
using protocol::Version;

namespace {

class Owner final : public MqttClientListener {
 public:
  void connected(bool session_present) override { connects.push_back(session_present); }
  void acknowledged(const Acknowledged& one) override { acknowledgements.push_back(one); }
  void arrived(const protocol::Publish& publish) override {
    arrivals.emplace_back(publish.payload);
  }
  std::vector<bool> connects;
  std::vector<Acknowledged> acknowledgements;
  std::vector<std::string> arrivals;
};

// Plays the server: gives the client packets, and takes apart what it sends.
class Exchange {
 public:
  explicit Exchange(std::uint16_t window = 3, Version version = Version::v5) : version_(version) {
    MqttClientOptions options;
    options.client_id = "c";
    options.window = window;
    options.version = version;
    session.emplace(options, owner);
  }
  void connect(bool session_present, protocol::Properties properties = {}) {
    std::string ignored;
    session->connect(false, ignored);
    protocol::Connack connack;
    connack.session_present = session_present;
    connack.properties = std::move(properties);
    REQUIRE(give(protocol::Packet{connack}).empty());
  }
  std::string give(const protocol::Packet& packet) {
    std::string bytes;
    protocol::encode(packet, version_, bytes);
    const auto frame = protocol::first_frame(bytes, 1'000'000);
    REQUIRE(frame.has_value());
    REQUIRE(frame->has_value());
    return session->receive(**frame, out);
  }
  template <class Packet>
  void acknowledge(std::uint16_t id, ReasonCode code = ReasonCode::success) {
    Packet packet;
    packet.packet_id = PacketId{id};
    packet.code = code;
    REQUIRE(give(protocol::Packet{packet}).empty());
  }
  bool publish(std::string_view payload, Qos qos, std::uint64_t tag) {
    return session->publish(Outgoing{"t", payload, qos, tag}, out);
  }
  // "PUBLISH 1 a", with " DUP" where it is set.
  std::vector<std::string> sent() {
    std::vector<std::string> lines;
    std::string_view rest = out;
    while (!rest.empty()) {
      const auto frame = protocol::first_frame(rest, 1'000'000);
      REQUIRE(frame.has_value());
      REQUIRE(frame->has_value());
      const auto packet = protocol::decode(**frame, version_);
      REQUIRE(packet.has_value());
      lines.push_back(line_of(*packet, (*frame)->type));
      const auto* end = (*frame)->body.data() + (*frame)->body.size();
      rest = std::string_view(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
    }
    out.clear();
    return lines;
  }

  Owner owner;
  std::optional<MqttClientSession> session;
  std::string out;

 private:
  static std::string line_of(const protocol::Packet& packet, PacketType type) {
    std::string line(protocol::to_string(type));
    if (const auto* publish = std::get_if<protocol::Publish>(&packet)) {
      line += " " + std::to_string(publish->packet_id.value) + " " + std::string(publish->payload);
      if (publish->dup) line += " DUP";
    }
    return line;
  }
  Version version_;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the window bounds what is unacknowledged", "[cli][unit]") {
  Exchange exchange(2);
  REQUIRE_FALSE(exchange.publish("early", Qos::at_least_once, 1));
  exchange.connect(false);
  REQUIRE(exchange.publish("a", Qos::at_least_once, 1));
  REQUIRE(exchange.publish("b", Qos::exactly_once, 2));
  REQUIRE_FALSE(exchange.publish("c", Qos::at_least_once, 3));

  exchange.acknowledge<protocol::Puback>(1);

  REQUIRE(exchange.owner.acknowledgements.size() == 1);
  REQUIRE(exchange.owner.acknowledgements[0].tag == 1);
  REQUIRE(exchange.publish("c", Qos::at_least_once, 3));
}

TEST_CASE("the server's Receive Maximum narrows the window", "[cli][unit]") {
  Exchange exchange(10);
  protocol::Properties properties;
  properties.add(protocol::PropertyId::receive_maximum, 1);
  exchange.connect(false, properties);
  REQUIRE(exchange.publish("a", Qos::at_least_once, 1));
  REQUIRE_FALSE(exchange.publish("b", Qos::at_least_once, 2));
}

TEST_CASE("what was unacknowledged goes again, in order, with DUP where the session lived",
          "[cli][unit]") {
  Exchange exchange(3);
  exchange.connect(false);
  exchange.publish("a", Qos::at_least_once, 1);
  exchange.publish("b", Qos::exactly_once, 2);
  exchange.acknowledge<protocol::Puback>(1);
  exchange.publish("c", Qos::at_least_once, 3);  // takes the packet id of "a"
  exchange.out.clear();

  exchange.session->lost();
  exchange.connect(true);
  REQUIRE(exchange.sent() == Lines{"PUBLISH 2 b DUP", "PUBLISH 1 c DUP"});

  exchange.session->lost();
  exchange.connect(false);
  REQUIRE(exchange.sent() == Lines{"PUBLISH 2 b", "PUBLISH 1 c"});
}

TEST_CASE("QoS 2 is custody with PUBREC, and its PUBREL goes again", "[cli][unit]") {
  Exchange exchange;
  exchange.connect(false);
  exchange.publish("a", Qos::exactly_once, 9);
  exchange.acknowledge<protocol::Pubrec>(1);
  REQUIRE(exchange.sent() == Lines{"PUBLISH 1 a", "PUBREL"});

  exchange.session->lost();
  exchange.connect(true);
  REQUIRE(exchange.sent() == Lines{"PUBREL"});
  exchange.acknowledge<protocol::Pubcomp>(1);

  REQUIRE(exchange.owner.acknowledgements.size() == 2);
  REQUIRE(exchange.owner.acknowledgements[0].by == PacketType::pubrec);
  REQUIRE(exchange.owner.acknowledgements[1].by == PacketType::pubcomp);
  REQUIRE(exchange.session->in_flight() == 0);
}

TEST_CASE("a refusal frees its place in the window and is told", "[cli][unit]") {
  Exchange exchange(1);
  exchange.connect(false);
  exchange.publish("a", Qos::exactly_once, 1);
  exchange.acknowledge<protocol::Pubrec>(1, ReasonCode::quota_exceeded);
  REQUIRE(exchange.owner.acknowledgements.back().code == ReasonCode::quota_exceeded);
  REQUIRE(exchange.session->can_publish());
}

TEST_CASE("an answer that comes twice counts once", "[cli][unit]") {
  Exchange exchange;
  exchange.connect(false);
  exchange.publish("a", Qos::at_least_once, 1);
  exchange.acknowledge<protocol::Puback>(1);
  exchange.acknowledge<protocol::Puback>(1);
  exchange.acknowledge<protocol::Puback>(777);
  REQUIRE(exchange.owner.acknowledgements.size() == 1);
}

TEST_CASE("a QoS 2 message that arrives twice is reported once", "[cli][unit]") {
  Exchange exchange;
  exchange.connect(false);
  protocol::Publish publish;
  publish.qos = Qos::exactly_once;
  publish.topic = "t";
  publish.packet_id = PacketId{4};
  publish.payload = "x";
  REQUIRE(exchange.give(protocol::Packet{publish}).empty());
  publish.dup = true;
  REQUIRE(exchange.give(protocol::Packet{publish}).empty());
  exchange.acknowledge<protocol::Pubrel>(4);
  REQUIRE(exchange.owner.arrivals == Lines{"x"});
  REQUIRE(exchange.sent() == Lines{"PUBREC", "PUBREC", "PUBCOMP"});
}

TEST_CASE("a refused connection says why", "[cli][unit]") {
  Exchange exchange(1, Version::v3_1_1);
  protocol::Connack connack;
  connack.code = ReasonCode::not_authorized;
  REQUIRE(exchange.give(protocol::Packet{connack}).find("Not authorized") != std::string::npos);
  REQUIRE_FALSE(exchange.session->ready());
}

TEST_CASE("a PUBACK that is left to the owner leaves when the owner says so", "[cli][unit]") {
  Owner owner;
  MqttClientOptions options;
  options.client_id = "c";
  options.owner_acknowledges = true;
  options.receive_maximum = 4'096;
  MqttClientSession session(options, owner);
  std::string out;
  session.connect(false, out);
  const auto connect = protocol::first_frame(out, 1'000);
  const auto sent = protocol::decode_connect(**connect);
  REQUIRE(sent->properties.number(protocol::PropertyId::receive_maximum) == 4'096U);
  out.clear();
  const auto give = [&](const protocol::Packet& packet) {
    std::string bytes;
    protocol::encode(packet, Version::v5, bytes);
    const auto frame = protocol::first_frame(bytes, 1'000);
    REQUIRE(session.receive(**frame, out).empty());
  };
  // Without a connection there is nobody to acknowledge to.
  session.acknowledge(PacketId{7}, out);
  REQUIRE(out.empty());
  give(protocol::Packet{protocol::Connack{}});
  protocol::Publish publish;
  publish.topic = "t";
  publish.payload = "x";
  publish.qos = Qos::at_least_once;
  publish.packet_id = PacketId{7};
  give(protocol::Packet{publish});
  REQUIRE(owner.arrivals.size() == 1);
  REQUIRE(out.empty());
  session.acknowledge(PacketId{7}, out);
  std::string expected;
  protocol::encode_acknowledgement(PacketType::puback, PacketId{7}, expected);
  REQUIRE(out == expected);
}

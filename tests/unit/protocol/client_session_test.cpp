#include "protocol/client_session.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::protocol;

namespace {

class Owner final : public ClientObserver {
 public:
  void connected(bool session_present) override { connects.push_back(session_present); }
  void acknowledged(const Acknowledged& one) override { acknowledgements.push_back(one); }
  void arrived(const Publish& publish) override { arrivals.emplace_back(publish.payload); }
  std::vector<bool> connects;
  std::vector<Acknowledged> acknowledgements;
  std::vector<std::string> arrivals;
};

// Plays the server: gives packets to the client, and decodes what the client sends.
class Exchange {
 public:
  explicit Exchange(std::uint16_t window = 3, Version version = Version::v5) : version_(version) {
    ClientOptions options;
    options.client_id = "c";
    options.window = window;
    options.version = version;
    session.emplace(options, owner);
  }
  void connect(bool session_present, Properties properties = {}) {
    std::string ignored;
    session->connect(false, ignored);
    Connack connack;
    connack.session_present = session_present;
    connack.properties = std::move(properties);
    REQUIRE_FALSE(give(Packet{connack}));
  }
  std::optional<CloseReason> give(const Packet& packet) {
    std::string bytes;
    encode(packet, version_, bytes);
    const auto frame = first_frame(bytes, 1'000'000);
    REQUIRE(frame.has_value());
    REQUIRE(frame->has_value());
    return session->receive(**frame, out);
  }
  template <class Packet>
  void acknowledge(std::uint16_t id, ReasonCode code = ReasonCode::success) {
    Packet packet;
    packet.packet_id = PacketId{id};
    packet.code = code;
    REQUIRE_FALSE(give(Packet{packet}));
  }
  bool publish(std::string_view payload, Qos qos, std::uint64_t tag) {
    return session->publish(Outgoing{"t", payload, qos, tag}, out) == ClientSession::Taking::taken;
  }
  // The packets that the client sent: "PUBLISH 1 a", with " DUP" where that flag is set.
  std::vector<std::string> sent() {
    std::vector<std::string> lines;
    std::string_view rest = out;
    while (!rest.empty()) {
      const auto frame = first_frame(rest, 1'000'000);
      REQUIRE(frame.has_value());
      REQUIRE(frame->has_value());
      const auto packet = decode(**frame, version_);
      REQUIRE(packet.has_value());
      lines.push_back(line_of(*packet, (*frame)->type));
      const auto* end = (*frame)->body.data() + (*frame)->body.size();
      rest = std::string_view(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
    }
    out.clear();
    return lines;
  }

  Owner owner;
  std::optional<ClientSession> session;
  std::string out;

 private:
  static std::string line_of(const Packet& packet, PacketType type) {
    std::string line(to_string(type));
    if (const auto* publish = std::get_if<Publish>(&packet)) {
      line += " " + std::to_string(publish->packet_id.value) + " " + std::string(publish->payload);
      if (publish->dup) line += " DUP";
    }
    return line;
  }
  Version version_;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the window bounds what is unacknowledged", "[protocol][unit]") {
  Exchange exchange(2);
  REQUIRE_FALSE(exchange.publish("early", Qos::at_least_once, 1));
  exchange.connect(false);
  REQUIRE(exchange.publish("a", Qos::at_least_once, 1));
  REQUIRE(exchange.publish("b", Qos::exactly_once, 2));
  REQUIRE_FALSE(exchange.publish("c", Qos::at_least_once, 3));

  exchange.acknowledge<Puback>(1);

  REQUIRE(exchange.owner.acknowledgements.size() == 1);
  REQUIRE(exchange.owner.acknowledgements[0].tag == 1);
  REQUIRE(exchange.publish("c", Qos::at_least_once, 3));
}

TEST_CASE("the server's Receive Maximum narrows the window", "[protocol][unit]") {
  Exchange exchange(10);
  Properties properties;
  properties.add(PropertyId::receive_maximum, 1);
  exchange.connect(false, properties);
  REQUIRE(exchange.publish("a", Qos::at_least_once, 1));
  REQUIRE_FALSE(exchange.publish("b", Qos::at_least_once, 2));
}

TEST_CASE("what was unacknowledged goes again, in order, with DUP where the session lived",
          "[protocol][unit]") {
  Exchange exchange(3);
  exchange.connect(false);
  exchange.publish("a", Qos::at_least_once, 1);
  exchange.publish("b", Qos::exactly_once, 2);
  exchange.acknowledge<Puback>(1);
  exchange.publish("c", Qos::at_least_once, 3);  // takes the place of "a"
  exchange.out.clear();

  exchange.session->lost();
  exchange.connect(true);
  REQUIRE(exchange.sent() == Lines{"PUBLISH 2 b DUP", "PUBLISH 4 c DUP"});

  exchange.session->lost();
  exchange.connect(false);
  REQUIRE(exchange.sent() == Lines{"PUBLISH 2 b", "PUBLISH 4 c"});
}

TEST_CASE("QoS 2 is custody with PUBREC, and its PUBREL goes again", "[protocol][unit]") {
  Exchange exchange;
  exchange.connect(false);
  exchange.publish("a", Qos::exactly_once, 9);
  exchange.acknowledge<Pubrec>(1);
  REQUIRE(exchange.sent() == Lines{"PUBLISH 1 a", "PUBREL"});

  exchange.session->lost();
  exchange.connect(true);
  REQUIRE(exchange.sent() == Lines{"PUBREL"});
  exchange.acknowledge<Pubcomp>(1);

  REQUIRE(exchange.owner.acknowledgements.size() == 2);
  REQUIRE(exchange.owner.acknowledgements[0].by == PacketType::pubrec);
  REQUIRE(exchange.owner.acknowledgements[1].by == PacketType::pubcomp);
  REQUIRE(exchange.session->in_flight() == 0);
}

TEST_CASE("a refusal frees its place in the window and is told", "[protocol][unit]") {
  Exchange exchange(1);
  exchange.connect(false);
  exchange.publish("a", Qos::exactly_once, 1);
  exchange.acknowledge<Pubrec>(1, ReasonCode::quota_exceeded);
  REQUIRE(exchange.owner.acknowledgements.back().code == ReasonCode::quota_exceeded);
  REQUIRE(exchange.session->in_flight() == 0);
}

TEST_CASE("an answer that comes twice counts once", "[protocol][unit]") {
  Exchange exchange;
  exchange.connect(false);
  exchange.publish("a", Qos::at_least_once, 1);
  exchange.acknowledge<Puback>(1);
  exchange.acknowledge<Puback>(1);
  exchange.acknowledge<Puback>(777);
  REQUIRE(exchange.owner.acknowledgements.size() == 1);
}

TEST_CASE("a QoS 2 message that arrives twice is reported once", "[protocol][unit]") {
  Exchange exchange;
  exchange.connect(false);
  Publish publish;
  publish.qos = Qos::exactly_once;
  publish.topic = "t";
  publish.packet_id = PacketId{4};
  publish.payload = "x";
  REQUIRE_FALSE(exchange.give(Packet{publish}));
  publish.dup = true;
  REQUIRE_FALSE(exchange.give(Packet{publish}));
  exchange.acknowledge<Pubrel>(4);
  REQUIRE(exchange.owner.arrivals == Lines{"x"});
  REQUIRE(exchange.sent() == Lines{"PUBREC", "PUBREC", "PUBCOMP"});
}

TEST_CASE("a refused connection says why", "[protocol][unit]") {
  Exchange exchange(1, Version::v3_1_1);
  Connack connack;
  connack.code = ReasonCode::not_authorized;
  const auto trouble = exchange.give(Packet{connack});
  REQUIRE(trouble);
  REQUIRE(trouble->kind == CloseReason::Kind::refused);
  REQUIRE(trouble->code == ReasonCode::not_authorized);
  REQUIRE_FALSE(exchange.session->ready());
}

TEST_CASE("a PUBACK that is left to the owner leaves when the owner says so", "[protocol][unit]") {
  Owner owner;
  ClientOptions options;
  options.client_id = "c";
  options.owner_acknowledges = true;
  options.receive_maximum = 4'096;
  ClientSession session(options, owner);
  std::string out;
  session.connect(false, out);
  const auto connect = first_frame(out, 1'000);
  const auto sent = decode_connect(**connect);
  REQUIRE(sent->properties.number(PropertyId::receive_maximum) == 4'096U);
  out.clear();
  const auto give = [&](const Packet& packet) {
    std::string bytes;
    encode(packet, Version::v5, bytes);
    const auto frame = first_frame(bytes, 1'000);
    REQUIRE_FALSE(session.receive(**frame, out));
  };
  // Without a connection an acknowledgement has no receiver.
  session.acknowledge(PacketId{7}, out);
  REQUIRE(out.empty());
  give(Packet{Connack{}});
  Publish publish;
  publish.topic = "t";
  publish.payload = "x";
  publish.qos = Qos::at_least_once;
  publish.packet_id = PacketId{7};
  give(Packet{publish});
  REQUIRE(owner.arrivals.size() == 1);
  REQUIRE(out.empty());
  session.acknowledge(PacketId{7}, out);
  std::string expected;
  encode_acknowledgement(PacketType::puback, PacketId{7}, expected);
  REQUIRE(out == expected);
}

TEST_CASE("an answer to an earlier publish of the same slot answers nothing", "[protocol][unit]") {
  Exchange exchange(1);
  exchange.connect(false);
  for (std::uint64_t tag = 1; tag <= 5; ++tag) {
    REQUIRE(exchange.publish("a", Qos::at_least_once, tag));
    for (std::uint16_t id = 1; id < tag; ++id) exchange.acknowledge<Puback>(id);
    REQUIRE(exchange.owner.acknowledgements.size() == tag - 1);
    exchange.acknowledge<Puback>(static_cast<std::uint16_t>(tag));
    REQUIRE(exchange.owner.acknowledgements.size() == tag);
  }
}

TEST_CASE("packet ids come round again, and 0 and that of SUBSCRIBE are never used",
          "[protocol][unit]") {
  Exchange exchange(3);
  exchange.connect(false);
  std::uint16_t id = 1;
  for (std::uint64_t tag = 1; tag < 25'000; ++tag) {
    REQUIRE(exchange.publish("a", Qos::at_least_once, tag));
    REQUIRE(exchange.sent() == Lines{"PUBLISH " + std::to_string(id) + " a"});
    exchange.acknowledge<Puback>(id);
    id = id + 3U > 65'534U ? 1 : static_cast<std::uint16_t>(id + 3U);
  }
}

TEST_CASE("without sending again what is unacknowledged is forgotten with the link",
          "[protocol][unit]") {
  Owner owner;
  ClientOptions options;
  options.window = 2;
  options.resends = false;
  ClientSession session(options, owner);
  std::string out;
  const auto give = [&](const Packet& packet) {
    std::string bytes;
    encode(packet, Version::v5, bytes);
    return session.receive(**first_frame(bytes, 1'000), out);
  };
  session.connect(true, out);
  REQUIRE_FALSE(give(Packet{Connack{}}));
  REQUIRE(session.publish({"t", "a", Qos::at_least_once, 1}, out) == ClientSession::Taking::taken);
  REQUIRE(session.publish({"t", "b", Qos::at_least_once, 2}, out) == ClientSession::Taking::taken);
  session.lost();
  REQUIRE(session.in_flight() == 0);

  out.clear();
  session.connect(true, out);
  REQUIRE_FALSE(give(Packet{Connack{}}));
  out.clear();
  REQUIRE(session.publish({"t", "c", Qos::at_least_once, 3}, out) == ClientSession::Taking::taken);
  Puback late;
  late.packet_id = PacketId{1};
  REQUIRE_FALSE(give(Packet{late}));
  REQUIRE(owner.acknowledgements.empty());
}

TEST_CASE("what is above the server's Maximum Packet Size is not sent", "[protocol][unit]") {
  Exchange exchange;
  Properties properties;
  properties.add(PropertyId::maximum_packet_size, 20);
  exchange.connect(false, std::move(properties));
  const std::string large(40, 'x');
  REQUIRE(exchange.session->publish({"t", large}, exchange.out) ==
          ClientSession::Taking::too_large);
  REQUIRE(exchange.out.empty());
  REQUIRE(exchange.session->in_flight() == 0);
  REQUIRE(exchange.publish("small", Qos::at_least_once, 1));
}

TEST_CASE("a content type and encoding travel with a publish", "[protocol][unit]") {
  Exchange exchange;
  exchange.connect(false);
  Outgoing outgoing{"t", "x"};
  outgoing.content_type = "application/json";
  outgoing.content_encoding = "deflate";
  REQUIRE(exchange.session->publish(outgoing, exchange.out) == ClientSession::Taking::taken);
  const auto frame = first_frame(exchange.out, 1'000);
  const auto publish = decode_publish(**frame, Version::v5);
  REQUIRE(publish->properties.text(PropertyId::content_type) == "application/json");
  REQUIRE(publish->properties.find(PropertyId::user_property)->text == "content-encoding");
  REQUIRE(publish->properties.find(PropertyId::user_property)->value == "deflate");
}

TEST_CASE("a server that breaks the protocol, or says goodbye, ends the connection",
          "[protocol][unit]") {
  Exchange exchange;
  REQUIRE(exchange.give(Packet{Pingresp{}})->kind == CloseReason::Kind::broken);  // before CONNACK
  exchange.connect(false);
  REQUIRE(exchange.give(Packet{Connack{}})->kind == CloseReason::Kind::broken);
  REQUIRE(exchange.give(Packet{Pingreq{}})->kind == CloseReason::Kind::broken);
  Publish alias;
  alias.topic = "t";
  alias.properties.add(PropertyId::topic_alias, 1);
  REQUIRE(exchange.give(Packet{alias})->code == ReasonCode::topic_alias_invalid);
  Disconnect goodbye;
  goodbye.code = ReasonCode::session_taken_over;
  const auto ended = exchange.give(Packet{goodbye});
  REQUIRE(ended->kind == CloseReason::Kind::ended);
  REQUIRE(ended->what == "Session taken over");
}

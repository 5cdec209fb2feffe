// Fuzzes the session with a stream of frames from a client, which may subscribe to what it
// publishes. The two low bits of the first byte choose the version of a CONNECT that comes first,
// the other bits when and how hand-overs are settled.
#include <algorithm>
#include <deque>

#include "protocol/session.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::protocol;

class Everybody final : public Authoriser {
 public:
  [[nodiscard]] bool may_publish(const Identity&, const Topic&) const override { return true; }
};

struct Run {
  SessionOptions options;
  Everybody everybody;
  SessionRegistry registry{{2}, 1};
  RetainedMessages retained;
  Session session{ConnectionId(1), {options, registry, everybody, retained}, SteadyTime{}};
  std::deque<TicketNumber> tickets;

  void take(Actions& actions) {
    for (const protocol::Action& action : actions) {
      if (const auto* hand_over = std::get_if<HandOver>(&action)) {
        route(hand_over->message);
        add(hand_over->ticket);
      }
      if (const auto* commit = std::get_if<Commit>(&action)) add(commit->ticket);
      if (std::holds_alternative<Authenticate>(action)) let_in();
    }
  }
  // What the client publishes comes back to it, as far as it has subscribed.
  void route(const Message& message) {
    auto publication = std::make_shared<LocalMessage>();
    publication->topic = message.topic.text();
    publication->payload = message.payload;
    publication->qos = message.qos;
    if (message.properties) publication->properties = *message.properties;
    if (message.retain) retained.keep(publication);
    Actions actions;
    for (const auto& match : registry.subscriptions().match(message.topic, "")) {
      const Delivery delivery{publication, std::min(publication->qos, match.maximum_qos),
                              publication->retain, match.identifiers};
      if (delivery.qos == Qos::at_most_once) {
        session.subscriber()->deliver(delivery, {}, actions);
      } else {
        auto& outbox = match.session->outbox_now();
        outbox.add(outbox.next_number(), delivery);
        session.subscriber()->send_outbox({}, actions);
      }
    }
  }
  void let_in() {
    Actions actions;
    session.authenticated(Identity{}, {}, actions);
    take(actions);
  }
  void add(TicketNumber ticket) {
    if (ticket != TicketNumber{}) tickets.push_back(ticket);
  }
  void settle(bool well) {
    const auto ticket = tickets.front();
    tickets.pop_front();
    Actions actions;
    const Failure failure{Failure::Kind::storage, "broken", ""};
    session.settled(ticket, well ? Result<void>() : Result<void>(failure), {}, actions);
    take(actions);
  }
  // While CONNACK waits for its commit, the session reads nothing.
  void finish_opening(bool well) {
    while (!session.is_connected() && !session.is_closed() && !tickets.empty()) settle(well);
  }
};

void connect(Run& run, std::uint8_t choice) {
  if ((choice & 2) == 0) return;
  Connect packet;
  packet.version = (choice & 1) != 0 ? Version::v5 : Version::v3_1_1;
  packet.clean_start = false;
  packet.client_id = "fuzz";
  packet.properties.add(PropertyId::session_expiry_interval, 10);
  std::string bytes;
  encode(packet, packet.version, bytes);
  Actions actions;
  run.session.received(**first_frame(bytes, 1'000), {}, actions);
  run.take(actions);
  run.finish_opening(true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  Run run;
  run.options.max_received_ids = 3;
  connect(run, bytes[0]);
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  for (unsigned step = 0;; ++step) {
    const auto frame = first_frame(rest, 64 * 1024);
    Actions actions;
    if (!frame) run.session.malformed(frame.error(), {}, actions);
    if (!frame || !*frame) break;
    rest = rest.substr(
        static_cast<std::size_t>((*frame)->body.data() + (*frame)->body.size() - rest.data()));
    run.session.received(**frame, {}, actions);
    run.take(actions);
    run.finish_opening((bytes[0] >> 2 & 1) == 0);
    const bool now = (bytes[0] >> (2 + step % 3) & 1) != 0;
    if (now && !run.tickets.empty()) run.settle((bytes[0] >> (5 + step % 3) & 1) != 0);
  }
  Actions actions;
  run.session.connection_lost({}, actions);
  run.take(actions);
  while (!run.tickets.empty()) run.settle(true);
  return 0;
}

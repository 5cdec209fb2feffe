// Fuzzes sequences of connections, time and commits of three clients that share the registry of one
// listener, against a model of who has a session until when, and of whose will is due. Each step is
// two bytes: what is done by which client, and its argument.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "protocol/session.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::protocol;
using std::chrono::seconds;

constexpr std::size_t kClients = 3;

void demand(bool is_so) {
  if (!is_so) std::abort();
}

class Everybody final : public Authoriser {
 public:
  [[nodiscard]] bool may_publish(const Identity&, const Topic&) const override { return true; }
};

// What the model knows of a client: whether a session may be there, and wills that are out.
struct Known {
  bool may_be_there = false;             // a session was granted, and did not certainly end
  SteadyTime until = SteadyTime::max();  // while it is away
  seconds expiry{0};
  std::size_t wills_given = 0;
  std::size_t wills_heard = 0;
};

class Run {
 public:
  void step(std::uint8_t what, std::uint8_t argument) {
    const std::size_t who = (what >> 3U) % kClients;
    switch (what & 7U) {
      case 0:
      case 1:
        return connect(who, argument);
      case 2:
        return lose(who);
      case 3:
        return disconnect(who, argument);
      case 4:
        return settle(argument);
      case 5:
        return pass(argument);
      case 6:
        return subscribe(who, argument);
      default:
        return publish(who, argument);
    }
  }
  void finish() {
    for (std::size_t i = 0; i < kClients; ++i) lose(i);
    while (!tickets_.empty()) settle(1);
    demand(registry_.waiting_bytes() == 0);
    // After the longest expiry nothing is left: no session, no subscription, no will.
    now_ += seconds{1'000};
    tick();
    for (int i = 0; i < 3; ++i) {
      while (!tickets_.empty()) settle(1);
      tick();
    }
    demand(registry_.size() == 0);
    demand(registry_.subscriptions().empty());
    for (const Known& one : known_) demand(one.wills_heard <= one.wills_given);
  }

 private:
  struct Link {
    ConnectionId id;
    std::size_t who = 0;
    std::unique_ptr<Session> session;
    bool is_over = false;
    bool may_find_a_session = false;
  };
  struct Ticket {
    std::shared_ptr<Link> link;
    TicketNumber number;
    std::string ended;  // client id of a CommitEnd
  };

  void connect(std::size_t who, std::uint8_t argument) {
    Connect packet;
    packet.version = (argument & 1U) != 0 ? Version::v5 : Version::v3_1_1;
    packet.clean_start = (argument & 2U) != 0;
    const std::string id = name(who);
    packet.client_id = id;
    seconds expiry{0};
    if (packet.version == Version::v5) {
      expiry = seconds{(argument >> 2U & 3U) * 10};
      if (expiry.count() != 0) {
        packet.properties.add(PropertyId::session_expiry_interval,
                              static_cast<std::uint32_t>(expiry.count()));
      }
    } else if (!packet.clean_start) {
      expiry = options_.session_expiry_maximum;
    }
    if ((argument & 0x10U) != 0) {
      Will will;
      will.topic = id;
      will.payload = "lost";
      if (packet.version == Version::v5) {
        will.properties.add(PropertyId::will_delay_interval,
                            static_cast<std::uint32_t>(argument >> 5U) * 4);
      }
      packet.will = will;
    }
    std::string bytes;
    encode(packet, packet.version, bytes);
    auto link = std::make_shared<Link>();
    link->id = ConnectionId(++last_);
    link->who = who;
    link->session = std::make_unique<Session>(
        link->id, Session::Surroundings{options_, registry_, everybody_, retained_}, now_);
    links_[last_] = link;
    demand(link->session->may_read(true, now_));
    asked_ = Asked{who, packet.clean_start, expiry, packet.will.has_value()};
    Actions actions;
    link->session->received(**first_frame(bytes, 2'000), now_, actions);
    perform(actions, link);
  }

  void let_in(const std::shared_ptr<Link>& link) {
    Known& known = known_[link->who];
    const Asked asked = asked_;
    link->may_find_a_session = !asked.clean && known.may_be_there && now_ < known.until;
    Actions actions;
    link->session->authenticated(Identity{}, now_, actions);
    // Whoever was connected is sent away by what was just asked for, before anything else.
    perform(actions, link);
    if (link->session->is_closed()) return;
    const SessionState* const after = registry_.find(name(link->who));
    demand(after != nullptr && after->connection == link->id);
    if (asked.has_will) ++known.wills_given;
    known.may_be_there = true;
    known.until = SteadyTime::max();
    known.expiry = asked.expiry;
  }

  void lose(std::size_t who) {
    for (const auto& link : links_of(who)) {
      Actions actions;
      link->session->connection_lost(now_, actions);
      perform(actions, link);
      forget(link);
    }
  }

  void disconnect(std::size_t who, std::uint8_t argument) {
    for (const auto& link : links_of(who)) {
      if (!link->session->is_connected()) continue;
      Disconnect packet;
      const bool is_5 = link->session->agreement().version == Version::v5;
      if (is_5 && (argument & 1U) != 0) packet.code = ReasonCode::disconnect_with_will_message;
      seconds expiry = known_[who].expiry;
      if (is_5 && (argument & 2U) != 0) {
        expiry = seconds{(argument >> 2U & 3U) * 10};
        packet.properties.add(PropertyId::session_expiry_interval,
                              static_cast<std::uint32_t>(expiry.count()));
      }
      const bool revives = known_[who].expiry.count() == 0 && expiry.count() != 0;
      if (!revives) known_[who].expiry = expiry;
      std::string bytes;
      encode(packet, link->session->agreement().version, bytes);
      send(link, bytes);
      demand(link->session->is_closed());
      forget(link);
    }
  }

  void subscribe(std::size_t who, std::uint8_t argument) {
    for (const auto& link : links_of(who)) {
      if (!link->session->is_connected() || !link->session->may_read(true, now_)) continue;
      const std::string filter = argument % 4 == 3 ? "#" : name(argument % 4);
      std::string bytes;
      if ((argument & 0x80U) != 0) {
        Unsubscribe packet;
        packet.packet_id = PacketId(7);
        packet.filters.push_back(filter);
        encode(packet, link->session->agreement().version, bytes);
      } else {
        Subscribe packet;
        packet.packet_id = PacketId(7);
        packet.subscriptions.push_back({filter, static_cast<Qos>(argument >> 4U & 1U)});
        encode(packet, link->session->agreement().version, bytes);
      }
      send(link, bytes);
    }
  }

  void publish(std::size_t who, std::uint8_t argument) {
    for (const auto& link : links_of(who)) {
      if (!link->session->is_connected() || !link->session->may_read(true, now_)) continue;
      const std::string topic = name(argument % kClients);
      std::string bytes;
      if ((argument & 0x80U) != 0) {
        Pubrel packet;
        packet.packet_id = PacketId(static_cast<std::uint16_t>(1 + (argument >> 4U & 3U)));
        encode(packet, link->session->agreement().version, bytes);
      } else {
        Publish packet;
        packet.topic = topic;
        packet.payload = "said";
        packet.qos = static_cast<Qos>(std::min(argument >> 2U & 3U, 2U));
        packet.dup = packet.qos != Qos::at_most_once && (argument & 0x40U) != 0;
        if (packet.qos != Qos::at_most_once) {
          packet.packet_id = PacketId(static_cast<std::uint16_t>(1 + (argument >> 4U & 3U)));
        }
        encode(packet, link->session->agreement().version, bytes);
      }
      send(link, bytes);
    }
  }

  void send(const std::shared_ptr<Link>& link, const std::string& bytes) {
    Actions actions;
    link->session->received(**first_frame(bytes, 2'000), now_, actions);
    perform(actions, link);
  }

  void settle(std::uint8_t argument) {
    if (tickets_.empty()) return;
    const Ticket ticket = tickets_.front();
    tickets_.pop_front();
    const bool is_well = argument % 4 != 0;
    if (!ticket.link) return registry_.ended(ticket.ended, is_well);
    Actions actions;
    const Failure failure{Failure::Kind::storage, "broken", ""};
    ticket.link->session->settled(ticket.number, is_well ? Result<void>() : Result<void>(failure),
                                  now_, actions);
    perform(actions, ticket.link);
  }

  void pass(std::uint8_t argument) {
    now_ += std::chrono::milliseconds{100 * argument};
    for (const auto& [id, link] : std::map(links_)) {
      Actions actions;
      link->session->on_time(now_, actions);
      perform(actions, link);
    }
    tick();
  }

  void tick() {
    Actions actions;
    registry_.expire(now_, actions);
    perform(actions, nullptr);
    for (const auto& [id, link] : links_) demand(!link->session->is_closed() || link->is_over);
  }

  void perform(const Actions& actions, const std::shared_ptr<Link>& by) {
    for (const protocol::Action& action : actions) {
      if (const auto* hand_over = std::get_if<HandOver>(&action)) {
        hear(*hand_over);
        add(by, hand_over->ticket);
      } else if (const auto* commit = std::get_if<Commit>(&action)) {
        add(by, commit->ticket);
      } else if (const auto* end = std::get_if<CommitEnd>(&action)) {
        tickets_.push_back({nullptr, {}, end->client_id});
      } else if (const auto* other = std::get_if<TakeOver>(&action)) {
        take_over(*other);
      } else if (std::holds_alternative<Authenticate>(action)) {
        let_in(by);
      } else if (const auto* sent = std::get_if<Send>(&action)) {
        demand(by && !by->is_over);
        const bool is_connack = static_cast<std::uint8_t>(sent->bytes[0]) == 0x20;
        const bool is_present = is_connack && (sent->bytes[2] & 1) != 0;
        demand(!is_present || by->may_find_a_session);
      } else if (std::holds_alternative<Close>(action)) {
        demand(by && !by->is_over);  // closed once
        by->is_over = true;
        away(*by);
      }
    }
  }

  void hear(const HandOver& hand_over) {
    if (hand_over.message.payload != "lost") return;
    for (std::size_t i = 0; i < kClients; ++i) {
      if (name(i) != hand_over.message.topic.text()) continue;
      ++known_[i].wills_heard;
      // What was asked for last may have been heard already, before it counts as given.
      demand(known_[i].wills_heard <= known_[i].wills_given + 1);
    }
  }

  void take_over(const TakeOver& other) {
    const auto found = links_.find(other.connection.value);
    demand(found != links_.end());
    const auto link = found->second;
    Actions actions;
    link->session->taken_over(now_, actions);
    perform(actions, link);
    forget(link);
  }

  // The session of a closed connection counts down, if it was still this connection's.
  void away(const Link& link) {
    const SessionState* const state = registry_.find(name(link.who));
    if (state == nullptr) {
      known_[link.who].may_be_there = false;
      return;
    }
    if (state->connection) return;
    known_[link.who].until = std::min(known_[link.who].until, state->ends_at);
  }

  void add(const std::shared_ptr<Link>& link, TicketNumber ticket) {
    if (ticket != TicketNumber{}) tickets_.push_back({link, ticket, {}});
  }
  void forget(const std::shared_ptr<Link>& link) { links_.erase(link->id.value); }
  [[nodiscard]] std::deque<std::shared_ptr<Link>> links_of(std::size_t who) const {
    std::deque<std::shared_ptr<Link>> all;
    std::size_t connected = 0;
    for (const auto& [id, link] : links_) {
      if (link->who != who) continue;
      all.push_back(link);
      connected += link->session->is_connected() ? 1U : 0U;
    }
    demand(connected <= 1);
    return all;
  }
  [[nodiscard]] static std::string name(std::size_t who) { return "c" + std::to_string(who); }

  struct Asked {
    std::size_t who = 0;
    bool clean = true;
    seconds expiry{0};
    bool has_will = false;
  };
  SessionOptions options_ = [] {
    SessionOptions options;
    options.session_expiry_maximum = seconds{60};
    options.max_received_ids = 2;
    options.receive_maximum = 2;
    return options;
  }();
  Everybody everybody_;
  SessionRegistry registry_{{kClients}, 1};
  RetainedMessages retained_;
  SteadyTime now_{};
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::shared_ptr<Link>> links_;
  std::deque<Ticket> tickets_;
  std::array<Known, kClients> known_;
  Asked asked_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size > 1'024) return 0;
  Run run;
  for (std::size_t i = 0; i + 1 < size; i += 2) run.step(bytes[i], bytes[i + 1]);
  run.finish();
  return 0;
}

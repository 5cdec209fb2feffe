#include "upstream/uplink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
namespace {

// The gateway's own state; the forwarder's tokens begin at 1.
constexpr PublishToken kStateToken{0};
// One slot for the state beside the records, and one below Paho's own limit.
constexpr std::size_t kSlotsKeptFree = 2;
// A link that lived this long was a good one: the next attempt is quick again.
constexpr std::chrono::seconds kGoodLink{10};
constexpr std::chrono::seconds kReadRetry{1};
constexpr Backoff::Options kRefusalBackoff{std::chrono::seconds{5}, std::chrono::minutes{5}};
// Header, packet id and properties of a PUBLISH, generously.
constexpr std::size_t kPublishOverhead = 32;
constexpr ReasonCode kPacketTooLarge{0x95};

std::string_view meaning_of(ReasonCode code) {
  switch (code.value) {
    case 0x83:
      return "implementation specific error";
    case 0x87:
      return "not authorized";
    case 0x90:
      return "topic name invalid";
    case 0x91:
      return "packet identifier in use";
    case 0x95:
      return "packet too large";
    case 0x97:
      return "quota exceeded";
    case 0x99:
      return "payload format invalid";
    default:
      return "unspecified error";
  }
}

PerClass<Seq> cursors_of(const spool::Spool& spool, const std::string& name) {
  PerClass<Seq> cursors;
  for (const EventClass event_class : kEventClasses) {
    cursors[index_of(event_class)] = spool.cursor(name, event_class);
  }
  return cursors;
}

}  // namespace

Uplink::Uplink(Surroundings surroundings, UplinkOptions options, EventContext context,
               std::unique_ptr<Publisher> publisher)
    : around_(std::move(surroundings)),
      options_(std::move(options)),
      context_(std::move(context)),
      publisher_(std::move(publisher)),
      forwarder_(options_.forwarding, cursors_of(around_.spool, options_.name),
                 around_.spool.heads().newest),
      reconnect_(options_.reconnect),
      refusal_(kRefusalBackoff),
      self_(std::make_shared<Uplink*>(this)),
      timer_(around_.io) {
  publisher_->observe(*this);
  around_.spool.on_committed([weak = std::weak_ptr(self_)](const spool::Heads& heads) {
    const auto self = weak.lock();
    if (!self) return;
    (*self)->forwarder_.committed(heads.newest);
    (*self)->pump();
  });
}

Uplink::~Uplink() = default;

void Uplink::start() {
  connect();
  pump();
}

void Uplink::enter(UplinkState state) {
  state_ = state;
  since_ = around_.clock.steady();
}

void Uplink::connect() {
  attempt_at_.reset();
  enter(UplinkState::connecting);
  link_id_ = around_.random();
  Will will;
  will.topic = online_topic(context_.gateway);
  will.payload = online_event(context_, LinkState::offline, link_id_);
  publisher_->connect(will);
  arm_timer();
}

void Uplink::connected(const LinkTerms& terms) {
  if (state_ != UplinkState::connecting) return;
  terms_ = terms;
  const std::size_t most = terms.receive_maximum;
  forwarder_.limit_window(most > kSlotsKeptFree ? most - kSlotsKeptFree : 1);
  enter(UplinkState::connected);
  failure_.clear();
  around_.log.info("Upstream {} is connected", options_.name);
  publish_state(LinkState::online);
  pump();
}

void Uplink::link_lost(const Failure& why) {
  if (state_ == UplinkState::stopped) return;
  wait_and_reconnect(why);
}

void Uplink::wait_and_reconnect(const Failure& why) {
  const SteadyTime now = around_.clock.steady();
  publisher_->drop();
  outstanding_.clear();
  forwarder_.link_lost();
  if (state_ == UplinkState::stopping) return finish_stop();
  if (state_ == UplinkState::connected && now - since_ >= kGoodLink) {
    reconnect_.reset();
    // Perhaps the broker comes back with what it lacked.
    forwarder_.retry_refused();
  }
  // Every attempt against a dead link fails the same way; it is said once.
  if (std::exchange(failure_, why.sentence()) != failure_) {
    around_.log.warning("Upstream {} is not connected: {}", options_.name, failure_);
  }
  enter(UplinkState::waiting);
  attempt_at_ = now + reconnect_.next(around_.random());
  pump();
}

void Uplink::pump() {
  // A reader that answers at once, or a commit, may call back while we are at it.
  if (std::exchange(pumping_, true)) {
    pump_again_ = true;
    return;
  }
  do {
    pump_again_ = false;
    pump_once();
  } while (pump_again_);
  pumping_ = false;
  arm_timer();
}

void Uplink::pump_once() {
  if (state_ == UplinkState::stopped) return;
  ask_log();
  while (state_ == UplinkState::connected) {
    auto next = forwarder_.next();
    if (!next) break;
    publish(std::move(*next));
    ask_log();
  }
  save_cursors();
  if (forwarder_.has_failed_read() && !reads_at_) {
    reads_at_ = around_.clock.steady() + kReadRetry;
  }
  say_farewell();
}

void Uplink::ask_log() {
  // Without a link nothing is fetched, so that several dead upstreams cost no memory.
  if (state_ != UplinkState::connected) return;
  while (const auto request = forwarder_.next_read()) {
    around_.reader.read(*request, [weak = std::weak_ptr(self_), asked = request->event_class](
                                      Result<std::vector<Record>> answer) {
      const auto self = weak.lock();
      if (!self) return;
      (*self)->note_read(answer);
      (*self)->forwarder_.answered(asked, std::move(answer));
      (*self)->pump();
    });
  }
}

// Read again every second while the disk fails; said once.
void Uplink::note_read(const Result<std::vector<Record>>& answer) {
  auto sentence = answer.has_error() ? "its backlog cannot be read: " + answer.error().sentence()
                                     : std::string();
  if (std::exchange(read_failure_, std::move(sentence)) == read_failure_) return;
  if (read_failure_.empty()) {
    around_.log.info("Upstream {}: its backlog can be read again", options_.name);
  } else {
    around_.log.error("Upstream {}: {}", options_.name, read_failure_);
  }
}

void Uplink::publish(Forwarder::Next next) {
  Publication publication;
  publication.token = next.token;
  publication.topic = event_topic(context_.gateway, next.record);
  append_event(publication.payload, context_, next.record);
  const std::size_t size = publication.topic.size() + publication.payload.size() + kPublishOverhead;
  // Sent all the same, it would cost us the link (MQTT 5.0 section 3.2.2.3.6) and with it every
  // class.
  if (size > terms_.maximum_packet_size) return refuse(next.token, kPacketTooLarge);
  outstanding_.emplace(next.token, around_.clock.steady());
  ++published_;
  publisher_->publish(std::move(publication));
}

void Uplink::publish_state(LinkState state) {
  Publication publication;
  publication.token = kStateToken;
  publication.topic = online_topic(context_.gateway);
  publication.payload = online_event(context_, state, link_id_);
  publication.retain = terms_.retain_available;
  outstanding_.insert_or_assign(kStateToken, around_.clock.steady());
  publisher_->publish(std::move(publication));
}

void Uplink::acknowledged(PublishToken token, ReasonCode code) {
  outstanding_.erase(token);
  if (token == kStateToken) {
    if (is_failure(code)) {
      around_.log.warning(
          "Upstream {} refuses the gateway's own state (0x{:02X}, {}). Allow {} there",
          options_.name, code.value, meaning_of(code), online_topic(context_.gateway));
    }
  } else if (is_failure(code)) {
    refuse(token, code);
  } else if (const auto place = forwarder_.acknowledged(token)) {
    ++acknowledged_;
    note_accepted(place->event_class);
  }
  pump();
}

// All is well again only when what was refused has been accepted, not when something else was.
void Uplink::note_accepted(EventClass event_class) {
  Seq& refused = refused_up_to_[index_of(event_class)];
  if (refused == Seq{} || forwarder_.cursor(event_class) < refused) return;
  refused = Seq{};
  refusal_failures_[index_of(event_class)].clear();
  if (refused_up_to_ != PerClass<Seq>{}) return;
  around_.log.info("Upstream {} accepts everything again", options_.name);
  refusal_.reset();
}

void Uplink::refuse(PublishToken token, ReasonCode code) {
  const auto place = forwarder_.refused(token);
  if (!place) return;
  Seq& refused = refused_up_to_[index_of(place->event_class)];
  refused = std::max(refused, place->seq);
  ++refusals_;
  if (!refused_until_) {
    refused_until_ = around_.clock.steady() + refusal_.next(around_.random());
  }
  auto sentence = fmt::format(
      "it refuses {} events (0x{:02X}, {}). They are kept and tried again; ask the operator of its "
      "broker to allow {}# for this user, and events of their size",
      to_string(place->event_class), code.value, meaning_of(code), context_.gateway.topic_prefix());
  std::string& said = refusal_failures_[index_of(place->event_class)];
  if (std::exchange(said, std::move(sentence)) == said) return;
  around_.log.error("Upstream {}: {}", options_.name, said);
}

void Uplink::message_arrived(const std::string& topic, const std::string&) {
  // Receipts and commands come here once they are subscribed to; nothing is subscribed to yet.
  around_.log.debug("Upstream {} sent a message on {} that nobody asked for", options_.name, topic);
}

void Uplink::save_cursors() {
  for (const EventClass event_class : kEventClasses) {
    if (const auto moved = forwarder_.take_moved(event_class)) {
      around_.spool.advance(options_.name, event_class, *moved);
    }
  }
}

void Uplink::stop(std::chrono::milliseconds within, std::function<void()> stopped) {
  WATCHPOST_INVARIANT(!stopped_);
  stopped_ = std::move(stopped);
  const bool linked = state_ == UplinkState::connected;
  attempt_at_.reset();
  stop_at_ = around_.clock.steady() + within;
  enter(UplinkState::stopping);
  if (!linked) return finish_stop();
  farewell_ = Farewell::draining;
  pump();
}

void Uplink::say_farewell() {
  if (farewell_ == Farewell::draining && outstanding_.empty()) {
    farewell_ = Farewell::saying_offline;
    publish_state(LinkState::offline);
  } else if (farewell_ == Farewell::saying_offline && outstanding_.empty()) {
    farewell_ = Farewell::closing;
    publisher_->disconnect(std::chrono::milliseconds{0});
  }
}

void Uplink::disconnected() {
  if (state_ == UplinkState::stopping) finish_stop();
}

void Uplink::finish_stop() {
  publisher_->drop();
  outstanding_.clear();
  farewell_ = Farewell::none;
  stop_at_.reset();
  enter(UplinkState::stopped);
  timer_.cancel();
  around_.log.info("Upstream {} is stopped", options_.name);
  boost::asio::post(around_.io, std::move(stopped_));
}

void Uplink::check_deadlines() {
  const SteadyTime now = around_.clock.steady();
  armed_for_.reset();
  const auto due = [now](const std::optional<SteadyTime>& at) { return at && *at <= now; };
  if (due(stop_at_)) return finish_stop();
  if (due(attempt_at_)) connect();
  if (due(reads_at_)) {
    reads_at_.reset();
    forwarder_.retry_reads();
  }
  if (due(refused_until_)) {
    refused_until_.reset();
    forwarder_.retry_refused();
  }
  if (state_ == UplinkState::connecting && since_ + options_.connect_timeout <= now) {
    const Failure silent{
        Failure::Kind::unavailable,
        fmt::format("it has not answered a connect for {} ms", options_.connect_timeout.count()),
        "It is tried again by itself; if this repeats, look at the broker"};
    return wait_and_reconnect(silent);
  }
  const bool late = state_ == UplinkState::connected && !outstanding_.empty() &&
                    outstanding_.begin()->second + options_.acknowledge_timeout <= now;
  if (late) {
    const Failure silent{Failure::Kind::unavailable,
                         fmt::format("it has not acknowledged a message for {} ms",
                                     options_.acknowledge_timeout.count()),
                         "The link is set up again by itself; if this repeats, look at the broker"};
    return wait_and_reconnect(silent);
  }
  pump();
}

std::optional<SteadyTime> Uplink::next_deadline() const {
  std::optional<SteadyTime> earliest;
  const auto consider = [&earliest](const std::optional<SteadyTime>& at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  consider(stop_at_);
  consider(attempt_at_);
  consider(reads_at_);
  consider(refused_until_);
  if (state_ == UplinkState::connecting) consider(since_ + options_.connect_timeout);
  if (state_ == UplinkState::connected && !outstanding_.empty()) {
    consider(outstanding_.begin()->second + options_.acknowledge_timeout);
  }
  return earliest;
}

void Uplink::arm_timer() {
  const auto deadline = next_deadline();
  // An earlier alarm clock is as good: it looks again. So the timer is not set for every message.
  if (!deadline || (armed_for_ && *armed_for_ <= *deadline)) return;
  armed_for_ = deadline;
  timer_.expires_after(std::max(*deadline - around_.clock.steady(), SteadyDuration::zero()));
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) (*self)->check_deadlines();
  });
}

}  // namespace watchpost::upstream

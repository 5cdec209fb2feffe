#include "upstream/uplink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
namespace {

// One slot for the state beside the records, and one below Paho's own limit.
constexpr std::size_t kSlotsKeptFree = 2;
// A link that lived this long was a good one: the next attempt is quick again.
constexpr std::chrono::seconds kGoodLink{10};

// Publications of records.
std::size_t most_under_way(const LinkTerms& terms, std::size_t window) {
  const std::size_t most = terms.receive_maximum;
  return std::min(most > kSlotsKeptFree ? most - kSlotsKeptFree : 1, window);
}

PerClass<Seq> cursors_of(const spool::Spool& spool, const std::string& name) {
  PerClass<Seq> cursors;
  for (const EventClass event_class : kEventClasses) {
    cursors[index_of(event_class)] = spool.cursor(name, event_class);
  }
  return cursors;
}

ForwarderOptions forwarding_of(const UplinkOptions& options, const Epoch& epoch) {
  ForwarderOptions forwarding = options.forwarding;
  forwarding.epoch = epoch;
  return forwarding;
}

}  // namespace

Uplink::Uplink(Surroundings surroundings, UplinkOptions options, EventContext context,
               std::unique_ptr<Publisher> publisher)
    : around_(std::move(surroundings)),
      options_(std::move(options)),
      context_(std::move(context)),
      publisher_(std::move(publisher)),
      batch_(context_, options_.batch_bytes, options_.compression),
      forwarder_(forwarding_of(options_, context_.epoch), cursors_of(around_.spool, options_.name),
                 around_.spool.heads().newest),
      reconnect_(options_.reconnect, options_.reconnect_spread),
      receipts_(options_.receipt_timeout),
      unheard_(forwarder_),
      rate_(options_.max_rate),
      self_(std::make_shared<Uplink*>(this)),
      timer_(around_.io) {
  publisher_->observe(*this);
  around_.spool.on_committed([weak = std::weak_ptr(self_)](const spool::Heads& heads) {
    if (const auto self = weak.lock()) (*self)->committed(heads);
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
  news_ = {};
  news_.state = LinkState::offline;
  news_.link = around_.random();
  Will will;
  will.topic = online_topic(context_.gateway);
  will.payload = online_event(context_, news_);
  publisher_->connect(will);
}

void Uplink::connected(const LinkTerms& terms) {
  if (state_ != UplinkState::connecting) return;
  const SteadyTime now = around_.clock.steady();
  terms_ = terms;
  batch_.link_up(terms);
  const ForwarderOptions& forwarding = options_.forwarding;
  Pace::Limits events = Pace::kEvents;
  events.first = options_.first_window;
  events.most = most_under_way(terms, forwarding.window) * forwarding.batch_events;
  pace_ = {Pace(events), Pace(Pace::kBytes)};
  has_answered_ = false;
  set_window();
  enter(UplinkState::connected);
  diagnosis_.connected(now);
  tell_link();
  flows_from_ = reconnect_.flows_from(now, around_.random());
  rate_.start_empty(now);
  second_chances_.link_up(now);
  unheard_.link_up(now);
  const bool any_by_receipt = std::any_of(kEventClasses.begin(), kEventClasses.end(),
                                          [this](EventClass each) { return by_receipt(each); });
  if (any_by_receipt) {
    subscription_token_ = forwarder_.draw_token();
    outstanding_.sent(subscription_token_, {now});
    publisher_->subscribe(receipt_topic(context_.gateway));
  }
  publish_state(LinkState::online);
  pump();
}

// As fast as the link, but no further ahead of it than an alarm may wait.
void Uplink::set_window() {
  if (breaker_.one_at_a_time()) return forwarder_.limit_window(1, 1);
  forwarder_.limit_window(most_under_way(terms_, options_.forwarding.window),
                          pace_.events.window());
}

void Uplink::link_lost(const client::LinkEnd& end) {
  if (state_ == UplinkState::stopped) return;
  wait_and_reconnect(end);
}

std::string Uplink::topics_of(EventClass event_class) const {
  return fmt::format("{}{}/#", context_.gateway.topic_prefix(), to_string(event_class));
}

std::optional<client::SentItem> Uplink::first_unanswered() const {
  const auto first = outstanding_.first();
  if (!first) return std::nullopt;
  if (first->token == state_token_) {
    return client::SentItem{online_topic(context_.gateway), 0, first->bytes};
  }
  if (first->token == subscription_token_) {
    return client::SentItem{receipt_topic(context_.gateway), 0, first->bytes};
  }
  const auto place = forwarder_.oldest_unanswered();
  if (!place) return client::SentItem{context_.gateway.topic_prefix() + "#", 0, first->bytes};
  return client::SentItem{topics_of(place->event_class), place->seq.value, first->bytes};
}

// Every attempt against a dead link fails the same way; it is said once.
void Uplink::tell_link() {
  const auto& reason = diagnosis_.reason();
  auto sentence = reason ? client::sentence_of(*reason, options_.client_id) : std::string();
  const bool stands = state_ == UplinkState::connected;
  const bool is_news = std::exchange(troubles_.link, std::move(sentence)) != troubles_.link;
  if (stands && troubles_.link.empty()) {
    around_.log.info("Upstream {} is connected", options_.name);
  } else if (is_news && !troubles_.link.empty()) {
    around_.log.warning("Upstream {} is not connected: {}", options_.name, troubles_.link);
  }
}

void Uplink::wait_and_reconnect(const client::LinkEnd& end) {
  const SteadyTime now = around_.clock.steady();
  publisher_->drop();
  diagnosis_.ended(end, first_unanswered(), now);
  if (state_ == UplinkState::connected) {
    breaker_.link_lost(forwarder_.oldest_unanswered(), has_answered_);
    const auto suspect = breaker_.suspect();
    if (suspect) forwarder_.lane(suspect->event_class).doubt_batches();
  }
  outstanding_.clear();
  forwarder_.link_lost();
  receipts_.link_lost();
  second_chances_.link_lost();
  unheard_.link_lost();
  state_is_old_ = false;
  if (state_ == UplinkState::stopping) return finish_stop();
  if (state_ == UplinkState::connected && now - since_ >= kGoodLink) {
    const bool alarm_waits = forwarder_.backlog(EventClass::alarm) > 0;
    attempt_at_ = reconnect_.after_good_link(now, alarm_waits, around_.random());
    // Perhaps the broker comes back with what it lacked.
    forwarder_.retry_refused();
  } else {
    attempt_at_ = reconnect_.after_failure(now, around_.random());
  }
  enter(UplinkState::waiting);
  tell_link();
  pump();
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

std::optional<client::LinkEnd> Uplink::overdue(SteadyTime now) const {
  using client::LinkEnd;
  if (state_ == UplinkState::connecting && since_ + options_.connect_timeout <= now) {
    return LinkEnd{
        LinkEnd::How::unreached,
        0,
        {Failure::Kind::unavailable,
         fmt::format("it has not answered a connect for {} ms", options_.connect_timeout.count()),
         "It is tried again by itself; if this repeats, look at the network and its "
         "name server"}};
  }
  const auto deadline = outstanding_.deadline(options_.acknowledge_timeout);
  if (state_ == UplinkState::connected && deadline && *deadline <= now) {
    return LinkEnd{LinkEnd::How::silent,
                   0,
                   {Failure::Kind::unavailable,
                    fmt::format("it has not acknowledged a message for {} ms",
                                options_.acknowledge_timeout.count()),
                    "The link is set up again by itself; if this repeats, look at the broker"}};
  }
  return std::nullopt;
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
  if (due(refusals_.retry_at())) {
    refusals_.asked();
    forwarder_.retry_refused();
  }
  if (diagnosis_.look(now)) tell_link();
  if (const auto end = overdue(now)) return wait_and_reconnect(*end);
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
  consider(refusals_.retry_at());
  if (state_ == UplinkState::connecting) consider(since_ + options_.connect_timeout);
  if (state_ != UplinkState::connected) return earliest;
  consider(outstanding_.deadline(options_.acknowledge_timeout));
  consider(second_chances_.next_round());
  consider(unheard_.due_at());
  consider(diagnosis_.due_at());
  for (const EventClass event_class : kEventClasses) consider(receipts_.due_at(event_class));
  if (may_send() && has_bytes_free() && forwarder_.can_send()) {
    consider(std::max(flows_from_, rate_.ready_at()));
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

#include "upstream/uplink.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
namespace {

PerClass<Seq> cursors_of(const spool::Spool& spool, const std::string& name) {
  PerClass<Seq> cursors;
  for (const EventClass event_class : kEventClasses) {
    cursors[index_of(event_class)] = spool.cursor(name, event_class);
  }
  return cursors;
}

Forwarder forwarder_of(const UplinkOptions& options, const Epoch& epoch,
                       const spool::Spool& spool) {
  ForwarderOptions forwarding = options.forwarding;
  forwarding.epoch = epoch;
  return {forwarding, {.cursors = cursors_of(spool, options.name), .heads = spool.heads().newest}};
}

}  // namespace

Uplink::Uplink(Surroundings surroundings, UplinkOptions options, EventContext context,
               std::unique_ptr<client::MqttLink> link)
    : around_(std::move(surroundings)),
      link_(std::move(link)),
      basis_{
          options, context, around_.log, forwarder_of(options, context.epoch, around_.spool), {}},
      turns_(around_.io, around_.clock,
             {[this] { turn(); }, [this] { return due_at(); }, [this] { check_deadlines(); }}),
      self_(std::make_shared<Uplink*>(this)) {
  link_->observe(*this);
  around_.spool.on_committed([weak = std::weak_ptr(self_)](const spool::Heads& heads) {
    if (const auto self = weak.lock()) (*self)->committed(heads);
  });
}

Uplink::~Uplink() = default;

void Uplink::start() {
  connect();
  turns_.now();
}

void Uplink::connect() {
  life_.connecting(around_.clock.steady());
  link_->connect(own_state_.will(around_.random()));
}

void Uplink::connected(const LinkTerms& terms) {
  if (life_.state() != UplinkState::connecting) return;
  if (const auto end = LinkLife::unusable(terms)) return end_link(*end);
  const SteadyTime now = around_.clock.steady();
  flow_.link_up(terms, {.now = now, .flows_from = life_.connected(tick())});
  traffic_.link_up(terms);
  offers_.link_up(now);
  own_state_.link_up(terms);
  topics_.link_up();
  subscribe();
  if (own_state_.is_told()) publish_state(LinkState::online);
  turns_.now();
}

void Uplink::subscribe() {
  const SteadyTime now = around_.clock.steady();
  const auto topics = topics_.take_due(now);
  if (topics.empty()) return;
  flow_.sent(receipts_.subscribe(), {now});
  link_->subscribe(topics);
}

void Uplink::grant(DutyActionSet actions) {
  inbox_.grant(actions);
  turns_.now();
}

void Uplink::link_lost(const client::LinkEnd& end) {
  if (life_.state() != UplinkState::stopped) end_link(end);
}

void Uplink::end_link(const client::LinkEnd& end) {
  link_->drop();
  auto unanswered = topics_.first_unanswered(flow_);
  if (!unanswered) unanswered = traffic_.first_unanswered(receipts_.token());
  LinkLife::End ended{end, std::move(unanswered)};
  const auto first = flow_.first();
  topics_.link_ended(flow_, end, around_.clock.steady());
  arrivals_.link_lost();
  OwnState::Ended state{end, life_.stands(), first && first->token == own_state_.token()};
  if (life_.stands()) refusals_.link_broke(flow_.has_answered());
  flow_.link_lost();
  basis_.forwarder.link_lost();
  receipts_.link_lost();
  offers_.link_lost();
  ended.alarm_waits = basis_.forwarder.backlog(EventClass::alarm) > 0;
  const LinkLife::After after = life_.ended(ended, tick());
  state.held = after == LinkLife::After::good_link;
  own_state_.link_ended(state);
  switch (after) {
    case LinkLife::After::stopping:
      return finish_stop();
    case LinkLife::After::good_link:
      refusals_.good_link_ended();
      break;
    case LinkLife::After::short_link:
      break;
  }
  turns_.now();
}

void Uplink::stop(std::chrono::milliseconds within, std::function<void()> stopped) {
  WATCHPOST_INVARIANT(!stopped_);
  stopped_ = std::move(stopped);
  if (!life_.stop(around_.clock.steady(), within)) return finish_stop();
  flow_.close();
  turns_.now();
}

void Uplink::say_farewell() {
  switch (life_.next_farewell(flow_.all_answered())) {
    case LinkLife::Farewell::none:
      break;
    case LinkLife::Farewell::say_offline:
      if (!own_state_.is_told()) return say_farewell();
      publish_state(LinkState::offline);
      break;
    case LinkLife::Farewell::disconnect:
      link_->disconnect(std::chrono::milliseconds{0});
      break;
  }
}

void Uplink::disconnected() {
  if (life_.state() == UplinkState::stopping) finish_stop();
}

void Uplink::finish_stop() {
  link_->drop();
  flow_.link_lost();
  life_.stopped(around_.clock.steady());
  turns_.no_more();
  around_.log.info("Upstream {} is stopped", basis_.options.name);
  boost::asio::post(around_.io, std::move(stopped_));
}

void Uplink::publish_state(LinkState state) {
  Publication publication = own_state_.publication(state, around_.spool.status(), flow_.terms());
  flow_.sent(publication.token, {around_.clock.steady(), size_of(publication)});
  link_->publish(std::move(publication));
}

void Uplink::acknowledged(PublishToken token, ReasonCode code) {
  if (token == inbox_.token()) {
    flow_.answered_aside(token, around_.clock.steady());
    inbox_.answered(code);
    return turns_.soon();
  }
  if (const auto taken = traffic_.answered(token, code, tick())) {
    around_.spool.take_back(basis_.options.name, *taken);
  }
  turns_.soon();
}

void Uplink::subscribed(std::span<const ReasonCode> codes) {
  const SteadyTime now = around_.clock.steady();
  flow_.answered_aside(receipts_.token(), now);
  topics_.subscribed(codes, now);
  turns_.now();
}

void Uplink::arrived(const client::Arrival& arrival) {
  const std::uint64_t number = arrivals_.arrived(arrival.id);
  if (arrival.topic == inbox_.topic()) {
    if (auto asked = inbox_.arrived(arrival, around_.clock.steady()))
      return obey(std::move(*asked), number);
  } else {
    receipts_.message_arrived({arrival.topic, arrival.payload}, tick());
  }
  settle(number);
}

// The command's PUBACK leaves once it is decided, and what it did is on disk.
void Uplink::obey(CommandInbox::Asked asked, std::uint64_t arrival) {
  const Command command = asked.command;
  // What a village has to answer may take seconds, in which nothing else would be acknowledged.
  if (!command.gateway.empty()) settle(arrival);
  around_.obey(command, [weak = std::weak_ptr(self_), asked = std::move(asked),
                         arrival](const CommandResult& result) {
    const auto self = weak.lock();
    if (!self) return;
    (*self)->inbox_.decided(asked, result, (*self)->around_.clock.steady());
    if (!result.is_repeat && result.refusal == watchpost::Refusal::none)
      (*self)->offers_.replay(asked.command, (*self)->around_.spool.heads().newest);
    (*self)->settle(arrival);
  });
}

void Uplink::settle(std::uint64_t arrival) {
  arrivals_.settled(arrival);
  while (const auto id = arrivals_.take_settled()) link_->acknowledge(*id);
  turns_.now();
}

void Uplink::committed(const spool::Heads& heads) {
  basis_.forwarder.committed(heads.newest);
  refusals_.committed(around_.clock.steady());
  if (basis_.forwarder.backlog(EventClass::alarm) > 0) life_.alarm_waits(tick());
  turns_.now();
}

void Uplink::check_deadlines() {
  const SteadyTime now = around_.clock.steady();
  switch (life_.look(now)) {
    case LinkLife::Due::end_of_stop:
      return finish_stop();
    case LinkLife::Due::attempt:
      connect();
      break;
    case LinkLife::Due::nothing:
      break;
  }
  read_retry_.look(now);
  refusals_.look(now);
  if (const auto end = life_.overdue(now, flow_.answer_by())) return end_link(*end);
  turns_.now();
}

void Uplink::turn() {
  if (life_.state() == UplinkState::stopped) return;
  const Tick now = tick();
  receipts_.look(now);
  offers_.look(now);
  ask();
  while (auto publication = traffic_.next(now)) {
    link_->publish(std::move(*publication));
    if (flow_.is_open()) ask_for_records();
  }
  set_condemned_aside();
  save_cursors();
  ask();
  send_answers();
  if (own_state_.is_old() && flow_.may_send() && !flow_.is_under_way(own_state_.token())) {
    publish_state(LinkState::online);
  }
  read_retry_.look(now.now);
  say_farewell();
}

void Uplink::send_answers() {
  if (!flow_.may_send()) return;
  subscribe();
  auto answer = inbox_.next_answer(flow_.terms());
  if (!answer) return;
  flow_.sent(answer->token, {around_.clock.steady(), size_of(*answer)});
  link_->publish(std::move(*answer));
}

// Without a link nothing is fetched, so that several dead upstreams cost no memory.
void Uplink::ask() {
  if (!flow_.is_open()) return;
  ask_for_records();
  ask_for_offers();
}

void Uplink::ask_for_records() {
  while (const auto request = basis_.forwarder.next_read()) {
    const Seq head = around_.spool.heads().newest[index_of(request->event_class)];
    read(*request, [asked = request->event_class, after = request->after, head](Uplink& uplink,
                                                                                Found answer) {
      uplink.read_retry_.answered(answer);
      // The newest record of a class always stays: where none is there, the end of the log is gone.
      if (answer && answer->empty()) {
        uplink.around_.spool.report_lost(asked, {.first = after.next(), .last = head});
      }
      uplink.basis_.forwarder.answered(asked, std::move(answer));
    });
  }
}

void Uplink::ask_for_offers() {
  if (const auto request = traffic_.next_unheard_read()) {
    read(*request, [request = *request](Uplink& uplink, const Found& answer) {
      uplink.offers_.unheard_read(request, answer);
    });
  }
  if (const auto request = traffic_.next_replay_read()) {
    read(*request, [request = *request](Uplink& uplink, const Found& answer) {
      uplink.offers_.replay_read(request, answer);
    });
  }
  const auto after = traffic_.next_set_aside_read(around_.clock.steady());
  if (!after) return;
  around_.reader.read_set_aside(
      basis_.options.name, *after,
      [weak = std::weak_ptr(self_)](Result<std::vector<spool::SetAside>> answer) {
        const auto self = weak.lock();
        if (!self) return;
        (*self)->offers_.set_aside_read(std::move(answer));
        (*self)->turns_.now();
      });
}

void Uplink::read(const spool::ReadRequest& request, std::function<void(Uplink&, Found)> then) {
  around_.reader.read(request, [weak = std::weak_ptr(self_), then = std::move(then)](Found answer) {
    const auto self = weak.lock();
    if (!self) return;
    then(**self, std::move(answer));
    (*self)->turns_.now();
  });
}

void Uplink::set_condemned_aside() {
  while (const auto condemned = refusals_.next_condemned()) {
    read(RefusalDesk::read_of(*condemned), [condemned = *condemned](Uplink& uplink,
                                                                    const Found& answer) {
      const Record* record = uplink.refusals_.to_keep(condemned, answer);
      spool::Spool& spool = uplink.around_.spool;
      const bool is_kept = record != nullptr && spool.set_aside(uplink.basis_.options.name, *record,
                                                                byte_of(condemned.code));
      uplink.refusals_.set_aside(condemned, {answer, is_kept}, uplink.tick());
    });
  }
}

void Uplink::save_cursors() {
  const SteadyTime now = around_.clock.steady();
  for (const EventClass event_class : kEventClasses) {
    const auto moved = basis_.forwarder.take_moved(event_class);
    if (moved) around_.spool.advance(basis_.options.name, event_class, *moved);
    refusals_.delivered(event_class);
    receipts_.delivered(event_class, moved.has_value(), now);
  }
}

std::optional<SteadyTime> Uplink::due_at() const {
  std::optional<SteadyTime> earliest;
  const auto consider = [&earliest](const std::optional<SteadyTime>& at) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  };
  consider(life_.due_at());
  consider(read_retry_.due_at());
  consider(refusals_.due_at());
  if (!life_.stands()) return earliest;
  consider(flow_.answer_by());
  consider(offers_.due_at());
  consider(receipts_.due_at());
  consider(traffic_.due_at());
  return earliest;
}

UplinkStatus Uplink::status() const {
  const SteadyTime now = around_.clock.steady();
  UplinkStatus status;
  status.name = basis_.options.name;
  status.required = basis_.options.required;
  // The first of these failures is told: of the link, of the disk, of the receipts, of refusals.
  life_.tell(status);
  read_retry_.tell(status);
  receipts_.tell(status);
  refusals_.tell(status);
  own_state_.tell(status);
  offers_.tell(status, now);
  inbox_.tell(status);
  flow_.tell(status, now);
  basis_.tell(status);
  for (const EventClass event_class : kEventClasses) {
    const auto [after, more] = basis_.lane(event_class).undelivered();
    status.backlog[index_of(event_class)] = around_.spool.stored_after(event_class, after) + more;
  }
  return status;
}

}  // namespace watchpost::upstream

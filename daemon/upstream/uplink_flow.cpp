// Uplink, from the log to the broker: what is read, and in which order and at which rate it leaves.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "model/event_id.hpp"
#include "model/event_topic.hpp"
#include "model/relay.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::upstream {
namespace {

constexpr std::chrono::seconds kReadRetry{1};
// A class that rests is asked this soon when an alarm or a patrol has come meanwhile.
constexpr std::chrono::seconds kImpatience{1};

bool exceeds(const Publication& publication, const LinkTerms& terms) {
  return size_of(publication) > terms.maximum_packet_size;
}

// Another gateway's, which the upstream keeps for whoever subscribes later.
bool is_link_state(const Record& record) {
  return is_relayed(record) && is_link_state_topic(record.topic);
}

}  // namespace

void Uplink::committed(const spool::Heads& heads) {
  forwarder_.committed(heads.newest);
  const SteadyTime now = around_.clock.steady();
  if (forwarder_.has_untried()) refusals_.ask_by(now + kImpatience);
  if (attempt_at_ && forwarder_.backlog(EventClass::alarm) > 0) {
    attempt_at_ = reconnect_.hurried(*attempt_at_, now, around_.random());
  }
  pump();
}

void Uplink::pump() {
  // A reader that answers at once, or a commit, may call back while we are at it.
  if (std::exchange(pumping_.now, true)) {
    pumping_.again = true;
    return;
  }
  do {
    pumping_.again = false;
    pump_once();
  } while (pumping_.again);
  pumping_.now = false;
  arm_timer();
}

// Answers come many at a time: what they allow is looked at once for all of them.
void Uplink::pump_soon() {
  if (std::exchange(pumping_.is_posted, true)) return;
  boost::asio::post(around_.io, [weak = std::weak_ptr(self_)] {
    const auto self = weak.lock();
    if (!self) return;
    (*self)->pumping_.is_posted = false;
    (*self)->pump();
  });
}

void Uplink::pump_once() {
  if (state_ == UplinkState::stopped) return;
  const SteadyTime now = around_.clock.steady();
  watch_receipts(now);
  ask_log();
  send_records(now, Forwarder::Which::alarms_only);
  offer_unheard(now);
  send_records(now, Forwarder::Which::any);
  read_condemned();
  save_cursors(now);
  offer_again(now);
  if (state_is_old_ && may_send() && !outstanding_.has(state_token_)) {
    publish_state(LinkState::online);
  }
  if (forwarder_.has_failed_read() && !reads_at_) reads_at_ = now + kReadRetry;
  say_farewell();
}

void Uplink::read(const spool::ReadRequest& request,
                  std::function<void(Uplink&, spool::LogReader::Found)> then) {
  around_.reader.read(request, [weak = std::weak_ptr(self_),
                                then = std::move(then)](spool::LogReader::Found answer) {
    const auto self = weak.lock();
    if (!self) return;
    then(**self, std::move(answer));
    (*self)->pump();
  });
}

void Uplink::ask_log() {
  // Without a link nothing is fetched, so that several dead upstreams cost no memory.
  if (state_ != UplinkState::connected) return;
  while (const auto request = forwarder_.next_read()) {
    const Seq head = around_.spool.heads().newest[index_of(request->event_class)];
    read(*request, [asked = request->event_class, after = request->after, head](
                       Uplink& uplink, spool::LogReader::Found answer) {
      uplink.note_read(answer);
      // The newest record of a class always stays: with none there the end of the log is gone.
      if (answer && answer->empty()) uplink.around_.spool.report_lost(asked, after.next(), head);
      uplink.forwarder_.answered(asked, std::move(answer));
    });
  }
}

// Read again every second while the disk fails; said once.
void Uplink::note_read(const spool::LogReader::Found& answer) {
  auto sentence = answer.has_error() ? "its backlog cannot be read: " + answer.error().sentence()
                                     : std::string();
  if (std::exchange(troubles_.read, std::move(sentence)) == troubles_.read) return;
  if (troubles_.read.empty()) {
    around_.log.info("Upstream {}: its backlog can be read again", options_.name);
  } else {
    around_.log.error("Upstream {}: {}", options_.name, troubles_.read);
  }
}

// Below what the broker says it takes at once, whatever it is that we send.
bool Uplink::may_send() const {
  const std::size_t most = std::max<std::size_t>(terms_.receive_maximum, 2) - 1;
  return state_ == UplinkState::connected && outstanding_.size() < most;
}

bool Uplink::may_flow(SteadyTime now) {
  return now >= flows_from_ && rate_.has_one(now);
}

// Passed by one publication at most, and by alarms. Large events go nearly one by one: the broker's
// answer to a ping waits behind all of them, and an alarm does.
bool Uplink::has_bytes_free() const {
  return outstanding_.bytes() < pace_.bytes.window();
}

void Uplink::send_records(SteadyTime now, Forwarder::Which which) {
  while (may_send()) {
    const bool flows = may_flow(now) && has_bytes_free();
    auto next = forwarder_.next(flows ? which : Forwarder::Which::alarms_only);
    if (!next) return;
    rate_.take(now);
    publish(*next, now);
    ask_log();
  }
}

void Uplink::publish(const Forwarder::Next& next, SteadyTime now) {
  Publication publication = publication_of(context_, *next.record);
  publication.token = next.token;
  publication.retain = is_link_state(*next.record) && terms_.retain_available;
  // Sent all the same, it would cost us the link (MQTT 5.0 section 3.2.2.3.6) and with it every
  // class.
  if (exceeds(publication, terms_)) return refuse(next.token, refusal_of(kPacketTooLarge));
  if (!may_risk(next)) return;
  const std::size_t events = fill(publication, *next.record, now);
  outstanding_.sent(next.token, {now, size_of(publication), events});
  counts_.published += events;
  publisher_->publish(std::move(publication));
}

// What is ready now goes along with the first one; nothing waits for more. How many events it is.
std::size_t Uplink::fill(Publication& publication, const Record& first, SteadyTime now) {
  const EventClass event_class = first.event_class;
  std::size_t events = 1;
  // Relayed events are another gateway's: as they came, and never among ours.
  if (is_relayed(first)) return events;
  while (const Record* record = forwarder_.joinable(event_class)) {
    if (is_relayed(*record) || !rate_.has_one(now) || !batch_.add(publication, *record)) break;
    static_cast<void>(forwarder_.join(event_class));
    rate_.take(now);
    ++events;
  }
  if (events > 1) batch_.finish(publication, event_class);
  return events;
}

// What has broken one link after another is not sent over the next one.
bool Uplink::may_risk(const Forwarder::Next& next) {
  Refusal refusal = refusal_of(kBreaksTheLink);
  switch (breaker_.judge({next.record->event_class, next.record->seq})) {
    case LinkBreaker::Judgement::send:
      return true;
    case LinkBreaker::Judgement::set_aside:
      refusal.verdict = Verdict::set_aside;
      break;
    case LinkBreaker::Judgement::class_waits:
      break;
  }
  refuse(next.token, refusal);
  set_window();
  return false;
}

void Uplink::publish_state(LinkState state) {
  state_is_old_ = false;
  news_.state = state;
  ++news_.number;
  const spool::SpoolStatus spool = around_.spool.status();
  news_.first = spool.first;
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    news_.oldest[i] = forwarder_.cursor(event_class).next();
    // Numbers of ours that other gateways' events have, of which no event upstream tells yet.
    if (spool.relayed[i] > Seq{}) news_.oldest[i] = std::min(news_.oldest[i], spool.relayed[i]);
  }
  state_token_ = forwarder_.draw_token();
  Publication publication;
  publication.token = state_token_;
  publication.topic = online_topic(context_.gateway);
  publication.content_type = kEventContentType;
  publication.payload = online_event(context_, news_);
  publication.retain = terms_.retain_available;
  outstanding_.sent(state_token_, {around_.clock.steady(), size_of(publication)});
  publisher_->publish(std::move(publication));
}

void Uplink::offer_again(SteadyTime now) {
  second_chances_.look(now);
  while (may_send() && forwarder_.is_idle() && may_flow(now)) {
    ask_for_set_aside();
    const auto next = second_chances_.next();
    if (!next) return;
    const PublishToken token = forwarder_.draw_token();
    second_chances_.offered(token);
    send_by_itself(next->record, token, now);
  }
}

// Not retained, whatever it is: the state of a link may be a newer one by now.
void Uplink::send_by_itself(const Record& record, PublishToken token, SteadyTime now) {
  Publication publication = publication_of(context_, record);
  publication.token = token;
  if (exceeds(publication, terms_)) return settle(token, kPacketTooLarge);
  rate_.take(now);
  outstanding_.sent(token, {now, size_of(publication)});
  ++counts_.published;
  publisher_->publish(std::move(publication));
}

// Behind alarms that are sent for the first time, and before everything else.
void Uplink::offer_unheard(SteadyTime now) {
  unheard_.look(now);
  if (unheard_.wants_wait()) unheard_.wait(now, around_.random());
  tell_unheard();
  while (may_send() && has_bytes_free()) {
    ask_for_unheard();
    const SharedRecord record = unheard_.next();
    if (!record) return;
    const PublishToken token = forwarder_.draw_token();
    unheard_.offered(token, *record);
    send_by_itself(*record, token, now);
  }
}

void Uplink::ask_for_unheard() {
  if (const auto request = unheard_.next_read()) {
    read(*request, [request = *request](Uplink& uplink, const Found& answer) {
      uplink.unheard_.answered(request, answer);
    });
  }
}

void Uplink::ask_for_set_aside() {
  const auto after = second_chances_.next_read();
  if (!after) return;
  around_.reader.read_set_aside(
      options_.name, *after,
      [weak = std::weak_ptr(self_)](Result<std::vector<spool::SetAside>> answer) {
        const auto self = weak.lock();
        if (!self) return;
        (*self)->second_chances_.answered(std::move(answer));
        (*self)->pump();
      });
}

void Uplink::save_cursors(SteadyTime now) {
  for (const EventClass event_class : kEventClasses) {
    if (const auto moved = forwarder_.take_moved(event_class)) {
      around_.spool.advance(options_.name, event_class, *moved);
      if (by_receipt(event_class)) confirmed(event_class);
    }
    // All is well again only when what was refused is settled, not when something else was.
    if (refusals_.settled(event_class, forwarder_.lane(event_class).accepted())) {
      around_.log.info("Upstream {} {}", options_.name,
                       refusals_.aside()[index_of(event_class)].empty()
                           ? "accepts everything again"
                           : "goes on: what it refuses is set aside");
    }
    if (by_receipt(event_class)) {
      receipts_.look(event_class, forwarder_.lane(event_class).has_unconfirmed(), now);
    }
  }
}

}  // namespace watchpost::upstream

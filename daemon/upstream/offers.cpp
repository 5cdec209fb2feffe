#include "upstream/offers.hpp"

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::upstream {

void Offers::link_up(SteadyTime now) {
  chances_.link_up(now);
  unheard_.link_up(now);
}

void Offers::link_lost() {
  chances_.link_lost();
  unheard_.link_lost();
  replays_.link_lost();
}

void Offers::look(const Tick& tick) {
  chances_.look(tick.now);
  unheard_.look(tick.now);
  if (unheard_.wants_wait()) unheard_.wait(tick.now, tick.random);
  if (!unheard_.take_news()) return;
  if (const auto nobody_listens = trouble(tick.now)) {
    watchpost::tell(basis_.log, *nobody_listens);
  } else {
    basis_.log.info("Upstream {}: all that nobody had heard has been heard now",
                    basis_.options.name);
  }
}

std::optional<SteadyTime> Offers::due_at() const {
  return earlier(chances_.next_round(), unheard_.due_at());
}

void Offers::first_answer(bool is_heard, SteadyTime now) {
  is_heard ? unheard_.heard(now) : unheard_.unheard(now);
}

std::optional<spool::ReadRequest> Offers::next_unheard_read() {
  return unheard_.next_read();
}

void Offers::unheard_read(const spool::ReadRequest& request,
                          const spool::LogReader::Found& answer) {
  unheard_.answered(request, answer);
}

void Offers::lost_by_receiver(const Replays::Lost& lost, SteadyTime now) {
  const bool is_sent = replays_.ask(lost, now);
  if (!is_sent) return;
  basis_.log.warning(
      "Upstream {}: its receiver has {} up to {} and had confirmed {}: an older copy of its file "
      "was "
      "put back. What this box still keeps of them is sent again",
      basis_.options.name, to_string(lost.event_class), lost.has.value, lost.confirmed.value);
}

void Offers::replay(const Command& command, const PerClass<Seq>& newest) {
  if (command.action != DutyAction::replay || !command.gateway.empty()) return;
  const SeqRange range{command.first,
                       std::min(command.last, newest[index_of(*command.event_class)])};
  if (range.first <= range.last) replays_.ask_range(*command.event_class, range);
}

void Offers::replay_read(const spool::ReadRequest& request, const spool::LogReader::Found& answer) {
  replays_.answered(request, answer);
  tell_replayed();
}

void Offers::tell_replayed() {
  const auto done = replays_.take_done();
  if (!done) return;
  basis_.log.info(
      "Upstream {}: of the {} that its receiver had lost or asked for, {} were sent again and {} "
      "are not kept here any more",
      basis_.options.name, to_string(done->event_class), done->sent, done->gone);
}

std::optional<Offers::Offer> Offers::next_replay() {
  SharedRecord record = replays_.next();
  if (!record) return std::nullopt;
  const PublishToken token = basis_.forwarder.draw_token();
  replays_.offered(token, *record);
  return Offer{token, std::move(record)};
}

std::optional<std::uint64_t> Offers::next_set_aside_read() {
  return chances_.next_read();
}

void Offers::set_aside_read(Result<std::vector<spool::SetAside>> answer) {
  chances_.answered(std::move(answer));
}

std::optional<Offers::Offer> Offers::next_unheard() {
  SharedRecord record = unheard_.next();
  if (!record) return std::nullopt;
  const PublishToken token = basis_.forwarder.draw_token();
  unheard_.offered(token, *record);
  return Offer{token, std::move(record)};
}

std::optional<Offers::Offer> Offers::next_set_aside() {
  auto next = chances_.next();
  if (!next) return std::nullopt;
  const PublishToken token = basis_.forwarder.draw_token();
  chances_.offered(token);
  return Offer{token, std::make_shared<const Record>(std::move(next->record))};
}

std::optional<Offers::Answer> Offers::take_answer(PublishToken token, ReasonCode code) {
  if (chances_.is_offered(token)) return set_aside_answer(code);
  const bool is_heard = !is_failure(code) && hearing_of(code) == Hearing::somebody;
  if (replays_.take_answer(token)) {
    ++(is_heard ? basis_.counts.acknowledged : basis_.counts.refused);
    tell_replayed();
    return Answer{};
  }
  if (!unheard_.take_answer(token, is_heard)) return std::nullopt;
  if (is_heard) ++basis_.counts.acknowledged;
  return Answer{};
}

Offers::Answer Offers::set_aside_answer(ReasonCode code) {
  const auto [id, event_class] = chances_.take_answer();
  const bool is_unheard =
      hearing_of(code) == Hearing::nobody && basis_.lane(event_class).must_be_heard();
  if (is_failure(code) || is_unheard) {
    ++basis_.counts.refused;
    return {};
  }
  ++basis_.counts.acknowledged;
  basis_.log.info("Upstream {} has taken an event that it had refused before", basis_.options.name);
  return {id};
}

std::optional<Trouble> Offers::trouble(SteadyTime now) const {
  if (!unheard_.since()) return std::nullopt;
  return watchpost::trouble<TroubleCode::upstream_nobody_listens>(
      arg<"upstream">(basis_.options.name), arg<"by_class">(unheard_.counts()),
      arg<"age">(std::chrono::duration_cast<std::chrono::seconds>(now - *unheard_.since())),
      arg<"topics">(basis_.context.gateway.topics().all()));
}

}  // namespace watchpost::upstream

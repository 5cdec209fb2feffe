#include "upstream/command_inbox.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/command_json.hpp"
#include "model/command_words.hpp"
#include "model/event_topic.hpp"
#include "model/trouble_catalogue.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {
namespace {

using std::chrono::seconds;
using WhyNot = watchpost::Refusal;

constexpr int kEndsInARow = 2;
constexpr seconds kBetweenLines{60};  // of the log, of one reason

CommandResult refused(WhyNot why, std::int64_t most = 0) {
  CommandResult result;
  result.refusal = why;
  result.most = most;
  return result;
}

std::string code_text(ReasonCode code) {
  return fmt::format("0x{:02X}, {}", byte_of(code), refusal_of(code).meaning);
}

}  // namespace

void CommandInbox::grant(DutyActionSet actions) {
  if (granted_ == actions) return;
  granted_ = actions;
  asks_from_ = {};
  ends_over_subscription_ = ends_over_answer_ = 0;
  trouble_.reset();
}

void CommandInbox::subscribed(ReasonCode code, SteadyTime now) {
  ends_over_subscription_ = 0;
  if (!is_failure(code)) {
    life_.accepted(topic_);
    if (trouble_ && (trouble_->code == TroubleCode::upstream_commands_forbidden ||
                     trouble_->code == TroubleCode::upstream_without_commands)) {
      trouble_.reset();
    }
    return;
  }
  life_.refused(topic_, byte_of(code), now);
  complain(trouble<TroubleCode::upstream_commands_forbidden>(
      arg<"upstream">(basis_.options.name), arg<"topic">(topic_), arg<"code">(code_text(code))));
}

// One a second, and as many at once as have not come in the last minute.
bool CommandInbox::keeps_pace(SteadyTime now) {
  paid_until_ = std::max(paid_until_, now);
  if (paid_until_ - now > seconds{kBurst - 1}) return false;
  paid_until_ += seconds{1};
  return true;
}

CommandInbox::Answer CommandInbox::answer_to(const client::Arrival& arrival) const {
  Answer answer;
  const bool is_allowed = is_command_result_topic(basis_.context.gateway, arrival.response_topic);
  answer.topic = is_allowed ? std::string(arrival.response_topic) : result_topic_;
  if (arrival.correlation_data.size() <= kMostCorrelation)
    answer.correlation_data = arrival.correlation_data;
  return answer;
}

std::optional<CommandInbox::Asked> CommandInbox::arrived(const client::Arrival& arrival,
                                                         SteadyTime now) {
  // A retained message is cleared by an empty one.
  if (arrival.payload.empty()) return std::nullopt;
  if (!keeps_pace(now)) {
    ++basis_.counts.commands_refused;
    if (told_pace_at_ && now - *told_pace_at_ < seconds{1}) return std::nullopt;
    told_pace_at_ = now;
    refuse(answer_to(arrival), refused(WhyNot::too_many, kBurst), now);
    return std::nullopt;
  }
  ++basis_.counts.commands;
  Answer answer = answer_to(arrival);
  const auto refuse_with = [&](const CommandResult& result) {
    ++basis_.counts.commands_refused;
    refuse(std::move(answer), result, now);
  };
  if (arrival.retain) {
    refuse_with(refused(WhyNot::retained_copy));
    return std::nullopt;
  }
  if (arrival.payload.size() > kMostBytes) {
    refuse_with(refused(WhyNot::too_large, kMostBytes));
    return std::nullopt;
  }
  auto command = command_from_json(arrival.payload);
  if (!command) {
    ++basis_.counts.commands_refused;
    say_refused(command.error().sentence(), now);
    answer.text = unreadable_json(command.error());
    add(std::move(answer));
    return std::nullopt;
  }
  command->by.origin = Origin::upstream;
  command->by.from = command->by.from.empty()
                         ? basis_.options.name
                         : fmt::format("{}: {}", basis_.options.name, command->by.from);
  command->granted = granted_;
  if (command->gateway == basis_.context.gateway.id()) command->gateway.clear();
  return Asked{std::move(*command), std::move(answer.topic), std::move(answer.correlation_data)};
}

void CommandInbox::decided(const Asked& asked, const CommandResult& result, SteadyTime now) {
  const Command& command = asked.command;
  if (result.refusal == WhyNot::none) {
    basis_.log.info("Upstream {}: {} asked to {}, which was done{}", basis_.options.name,
                    command.by.who, action_word(command.action, Language::english),
                    result.is_repeat ? " before" : "");
  } else {
    ++basis_.counts.commands_refused;
    say_refused(sentence_of(result, Language::english), now);
  }
  add({answer_json(command, result), asked.topic, asked.correlation_data});
}

void CommandInbox::refuse(Answer answer, const CommandResult& result, SteadyTime now) {
  say_refused(sentence_of(result, Language::english), now);
  answer.text = result_json(result);
  add(std::move(answer));
}

void CommandInbox::add(Answer answer) {
  if (answers_.size() == kMostAnswers) {
    answers_.pop_front();
    if (dropped_++ == 0)
      basis_.log.warning(
          "Upstream {}: more than {} answers to its commands wait, so the oldest are dropped; it "
          "gets them when it asks again under the same key",
          basis_.options.name, kMostAnswers);
  }
  answers_.push_back(std::move(answer));
}

// A sender that goes on with one mistake is told of in the log once a minute.
void CommandInbox::say_refused(std::string reason, SteadyTime now) {
  if (reason == said_reason_ && now - said_at_ < kBetweenLines) return;
  basis_.log.warning("Upstream {}: a command on {} was not done. {}", basis_.options.name, topic_,
                     reason);
  said_reason_ = std::move(reason);
  said_at_ = now;
}

std::optional<Publication> CommandInbox::next_answer(const LinkTerms& terms) {
  while (!is_under_way_ && !answers_.empty()) {
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    Publication publication;
    publication.topic = std::move(answer.topic);
    publication.payload = std::move(answer.text);
    publication.content_type = "application/json";
    publication.correlation_data = std::move(answer.correlation_data);
    if (answers_.empty() && dropped_ > 0) {
      basis_.log.info("Upstream {}: {} answers to its commands were dropped", basis_.options.name,
                      std::exchange(dropped_, 0));
    }
    if (size_of(publication) > terms.maximum_packet_size) continue;
    publication.token = token_ = basis_.forwarder.draw_token();
    is_under_way_ = true;
    return publication;
  }
  return std::nullopt;
}

void CommandInbox::answered(ReasonCode code) {
  is_under_way_ = false;
  ends_over_answer_ = 0;
  const bool is_blamed = trouble_ && trouble_->code == TroubleCode::upstream_refuses_answers;
  if (!is_failure(code)) {
    if (is_blamed) trouble_.reset();
    return;
  }
  complain(trouble<TroubleCode::upstream_refuses_answers>(arg<"upstream">(basis_.options.name),
                                                          arg<"topic">(result_topic_),
                                                          arg<"code">(code_text(code))));
}

void CommandInbox::link_ended(const Ended& link, SteadyTime now) {
  has_asked_ = false;
  // An answer that was under way is not sent again: whoever misses it asks again under its key.
  is_under_way_ = false;
  if (!link.by_server) return;
  ends_over_subscription_ = link.over_subscription ? ends_over_subscription_ + 1 : 0;
  ends_over_answer_ = link.over_answer ? ends_over_answer_ + 1 : 0;
  if (std::max(ends_over_subscription_, ends_over_answer_) < kEndsInARow) return;
  ends_over_subscription_ = ends_over_answer_ = 0;
  asks_from_ = now + kLeftAlone;
  complain(trouble<TroubleCode::upstream_without_commands>(arg<"upstream">(basis_.options.name),
                                                           arg<"topic">(topic_)));
}

void CommandInbox::complain(Trouble trouble) {
  if (trouble_ == trouble) return;
  watchpost::tell(basis_.log, trouble);
  trouble_ = std::move(trouble);
}

void CommandInbox::tell(UplinkStatus& status) const {
  status.commands_trouble = trouble_;
}

}  // namespace watchpost::upstream

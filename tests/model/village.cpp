#include "model/village.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "pipeline/pipeline.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_spool.hpp"

namespace watchpost::model {
namespace {

using std::chrono::seconds;

struct Resident {
  const char* device;
  const char* place;
  Kind kind;
};
constexpr std::array kVillage{
    Resident{"smoke-k", "flat-1", Kind::smoke},   Resident{"smoke-l", "flat-1", Kind::smoke},
    Resident{"radar-1", "flat-2", Kind::fall},    Resident{"sos-1", "flat-2", Kind::sos},
    Resident{"gas-1", "", Kind::combustible_gas}, Resident{"river-1", "", Kind::water_distance},
};

constexpr std::array kStates{DeclaredState::alarm,     DeclaredState::alarm,
                             DeclaredState::alarm,     DeclaredState::suspected,
                             DeclaredState::confirmed, DeclaredState::normal,
                             DeclaredState::normal,    DeclaredState::fault};

constexpr std::array kActions{DutyAction::take,
                              DutyAction::take,
                              DutyAction::take,
                              DutyAction::verify,
                              DutyAction::verify,
                              DutyAction::arrive,
                              DutyAction::note,
                              DutyAction::close,
                              DutyAction::close,
                              DutyAction::close,
                              DutyAction::shelve,
                              DutyAction::unshelve,
                              DutyAction::escalate,
                              DutyAction::turn_real,
                              DutyAction::out_of_service,
                              DutyAction::back_in_service,
                              DutyAction::live_test_start,
                              DutyAction::live_test_end,
                              DutyAction::drill_start,
                              DutyAction::drill_end,
                              DutyAction::silence_siren};

std::shared_ptr<const rules::Conditions::Rules> site_rules() {
  SiteRule high;
  high.name = "high water";
  high.devices = {"river-1"};
  high.test = RuleTest::below;
  high.quantity = "distance";
  high.limit = 800;
  high.deadband = 100;
  high.alarm_kind = Kind::water_level;
  SiteRule silent;
  silent.name = "silent";
  silent.devices = {"gas-1"};
  silent.test = RuleTest::no_data;
  silent.window = std::chrono::minutes{30};
  return std::make_shared<const rules::Conditions::Rules>(
      rules::Conditions::Rules{std::move(high), std::move(silent)});
}

// Answers with what the device said.
struct Decoder final : pipeline::MessageDecoder {
  decode::Decoding decode(const decode::Frame& /*frame*/) override { return answer; }
  decode::Decoding answer;
};

// Who sent a message hears here what became of it.
struct Sender final : CustodySink {
  void settled(TicketNumber number, const Result<void>& outcome) override {
    if (outcome) return;
    const auto found = sent.find(number.value);
    if (found != sent.end()) not_kept.push_back(found->second);
  }
  std::map<std::uint64_t, Observation> sent;  // since the last commit
  std::vector<Observation> not_kept;
};

Failure not_kept() {
  return Failure{Failure::Kind::unavailable, "it was not kept", ""};
}

}  // namespace

struct Village::Gateway {
  explicit Gateway(const Epoch& epoch) : spool(epoch) {}
  Decoder decoder;
  support::MemorySpool spool;
  support::ManualClock clock;
  std::shared_ptr<Sender> sender = std::make_shared<Sender>();
  std::uint64_t tickets = 0;
  pipeline::Pipeline pipeline{decoder, spool, clock};
};

Village::Village(std::uint64_t seed) : random_(seed) {}
Village::~Village() = default;

void Village::begin(const StoredJudgement& stored, const Epoch& epoch) {
  auto next = std::make_unique<Gateway>(epoch);
  if (gateway_) {
    next->clock.wall_time = gateway_->clock.wall_time + seconds{below(600)};
    if (chance(20)) next->clock.clock_quality = ClockQuality::unset;
  }
  gateway_ = std::move(next);
  rules::JudgementOptions options;
  options.epoch = number_of(epoch);
  gateway_->pipeline.judge_on(stored, std::move(options));
  gateway_->pipeline.use_rules(site_rules());
  gateway_->pipeline.watch_silence();
  if (stored.devices.empty()) {
    for (std::size_t i = 0; i < kVillage.size(); ++i) enter();
  }
}

std::vector<spool::Append> Village::next() {
  if (!gateway_) return {};
  for (const Observation& lost : std::exchange(gateway_->sender->not_kept, {})) {
    if (chance(60)) say(lost, true);
  }
  gateway_->sender->sent.clear();
  if (chance(80)) {
    for (auto count = 1 + below(5); count > 0; --count) act();
  }
  std::vector<spool::Append> all;
  for (spool::Append& append : std::exchange(gateway_->spool.waiting, {})) {
    // The daemon's spool keeps no order for these, and no commit has a part in them.
    if (append.is_empty()) {
      if (append.author) append.author->settled(append, {});
    } else {
      all.push_back(std::move(append));
    }
  }
  return all;
}

void Village::settled(const spool::CommitGroup& group, bool is_kept) {
  for (const spool::Append& append : group.appends) {
    if (!is_of_village(append)) continue;
    const bool kept = is_kept && !append.refusal;
    const Result<void> outcome = kept ? Result<void>{} : not_kept();
    append.author->settled(append, outcome);
    append.ticket.settle(outcome);
    if (!kept || !append.steps) continue;
    for (const auto& told : append.steps->transitions) events_.insert(told.transition.event);
    transitions_ += append.steps->transitions.size();
  }
}

void Village::act() {
  const auto dice = below(100);
  if (dice < 40) return hear();
  if (dice < 85) return ask();
  if (dice < 90) return enter();
  pass();
}

void Village::hear() {
  const Resident& from = kVillage[below(kVillage.size())];
  Observation said;
  said.device = from.device;
  said.kind = from.kind;
  said.state = kStates[below(kStates.size())];
  said.history = chance(5);
  if (chance(10)) said.readings.push_back({"low_battery", "", chance(50)});
  if (chance(10)) said.readings.push_back({"tamper", "", chance(50)});
  if (from.kind == Kind::water_distance) {
    said.readings.push_back({"distance", "mm", double(below(3'000))});
    if (chance(30)) said.quality = Quality::suspect;
  }
  say(said, false);
  if (!chance(30)) return;
  // The same once more, or the other one of its place.
  for (const Resident& other : kVillage) {
    const bool is_of_place = *from.place != '\0' && std::string_view(from.place) == other.place;
    if (is_of_place && chance(60)) said.device = other.device;
  }
  say(said, false);
}

void Village::say(const Observation& observation, bool repeated) {
  Gateway& gateway = *gateway_;
  gateway.decoder.answer = {};
  gateway.decoder.answer.outcome = decode::Outcome::decoded;
  gateway.decoder.answer.decoder = "village";
  gateway.decoder.answer.device = observation.device;
  gateway.decoder.answer.observations = {observation};
  Message message{*Topic::parse("village/" + observation.device), std::string(below(200), 'm')};
  message.repeated = repeated;
  message.source = "village";
  gateway.sender->sent[++gateway.tickets] = observation;
  gateway.pipeline.submit(std::move(message), {}, {gateway.sender, TicketNumber{gateway.tickets}});
}

Command Village::wish() {
  Command command;
  command.action = kActions[below(kActions.size())];
  std::vector<SharedAlarm> open;
  gateway_->pipeline.judging().judgement().for_each_open(
      [&open](const SharedAlarm& alarm) { open.push_back(alarm); });
  if (!open.empty()) {
    // They come in no order.
    std::sort(open.begin(), open.end(), [](const SharedAlarm& one, const SharedAlarm& other) {
      return one->number < other->number;
    });
    const SharedAlarm& alarm = open[below(open.size())];
    command.alarm = alarm->number;
    command.seen_revision = alarm->revision;
    // As an alarm goes on where nothing is in the way.
    if (chance(50)) {
      command.action = alarm->owner.empty()                 ? DutyAction::take
                       : alarm->life == Life::close_pending ? DutyAction::close
                                                            : DutyAction::verify;
    }
  }
  command.device = kVillage[below(kVillage.size())].device;
  command.by = {Origin::page, fmt::format("person-{}", ++persons_), "desk"};
  command.granted = all_actions();
  command.key = fmt::format("key-{}", persons_);
  command.note = std::string(1 + below(100), 'n');
  command.is_true = chance(50);
  command.outcome = static_cast<AlarmOutcome>(below(5));
  command.cause = std::string(below(100), 'c');
  command.lasts = std::chrono::minutes{1 + below(60)};
  if (chance(30)) command.scope.devices = {command.device};
  return command;
}

// Some commands come twice under their key, also after a restart.
void Village::ask() {
  constexpr std::size_t kRemembered = 4;
  if (asked_.empty() || chance(85)) {
    asked_.push_back(wish());
    if (asked_.size() > kRemembered) asked_.erase(asked_.begin());
  }
  gateway_->pipeline.obey(asked_[below(asked_.size())], [](const CommandResult&) {});
}

void Village::enter() {
  const Resident& one = kVillage[below(kVillage.size())];
  Device device;
  device.id = one.device;
  device.name = fmt::format("name-{}", below(1'000));
  device.place = one.place;
  gateway_->pipeline.enter(device, {Origin::cli, "clerk", "desk"}, [](const CommandResult&) {});
}

void Village::pass() {
  constexpr std::array<std::int64_t, 7> kSpans{1, 30, 61, 200, 700, 2'000, 30'000};
  gateway_->clock.advance(seconds{kSpans[below(kSpans.size())]});
  gateway_->pipeline.look_after_news();
}

}  // namespace watchpost::model

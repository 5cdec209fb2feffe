#include "app/village_desk.hpp"

#include <boost/json.hpp>
#include <utility>

#include "model/command_json.hpp"
#include "model/event_topic.hpp"
#include "model/local_message.hpp"
#include "model/relay.hpp"
#include "rules/command_table.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;
using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr std::chrono::milliseconds kLookEvery{250};
constexpr std::chrono::seconds kGoodFor{60};
constexpr std::chrono::seconds kReadAgainAfter{5};
constexpr std::size_t kMostCommand = 16'384;  // as a village takes it
constexpr std::size_t kMostVillagesShown = 500;

CommandResult refused(Refusal why, AlarmNumber alarm = {}) {
  CommandResult result;
  result.refusal = why;
  result.alarm = alarm;
  return result;
}

// "SUSPECTED" is for the village to find out.
bool is_untaken(const villages::Mirror& mirror) {
  const bool is_alarm = mirror.condition == to_string(Condition::alarm) ||
                        mirror.condition == to_string(Condition::rule);
  const bool waits = mirror.state == to_string(AlarmState::unack) ||
                     mirror.state == to_string(AlarmState::rtn_unack);
  return is_alarm && waits && !mirror.test && !mirror.exercise;
}

}  // namespace

VillageDesk::VillageDesk(Surroundings around, std::string own_gateway)
    : around_(around),
      own_(std::move(own_gateway)),
      timer_(around.io),
      read_timer_(around.io),
      self_(std::make_shared<VillageDesk*>(this)) {
  around_.pipeline.on_relayed([this](const Record& record) { kept(record); });
}

VillageDesk::~VillageDesk() {
  around_.pipeline.on_relayed({});
}

void VillageDesk::start() {
  const Seq last = around_.spool.heads().newest[index_of(EventClass::alarm)];
  if (last.value == 0) {
    is_read_ = true;
    return;
  }
  const std::uint64_t first = last.value > kMostReadAgain ? last.value - kMostReadAgain + 1 : 1;
  read_on({.first = Seq{first}, .last = last});
}

// What comes meanwhile is newer, and stays.
void VillageDesk::read_on(SeqRange left) {
  if (left.first > left.last) {
    is_read_ = true;
    return;
  }
  spool::ReadRequest request;
  request.event_class = EventClass::alarm;
  request.after = Seq{left.first.value - 1};
  around_.reader.read(
      request, [weak = std::weak_ptr(self_), left](const spool::LogReader::Found& found) {
        const auto self = weak.lock();
        if (!self) return;
        if (!found) return (*self)->read_again(left, found.error());
        if (found->empty()) {
          (*self)->is_read_ = true;
          return;
        }
        for (const SharedRecord& record : *found) {
          if (!is_relayed(*record)) continue;
          const auto word = villages::village_word({record->topic, record->payload});
          if (word)
            (*self)->mirrors_.hear(*word, record->received_at, villages::Mirrors::Source::log);
        }
        (*self)->read_on({.first = found->back()->seq.next(), .last = left.last});
      });
}

void VillageDesk::read_again(SeqRange left, const Failure& why) {
  if (!std::exchange(is_told_, true)) {
    around_.log.warning(
        "What villages told before this start cannot be read, so alarms of theirs may be missing "
        "here until it can: {}",
        why.sentence());
  }
  read_timer_.expires_after(kReadAgainAfter);
  read_timer_.async_wait([this, left](const boost::system::error_code& cancelled) {
    if (!cancelled) read_on(left);
  });
}

void VillageDesk::stop() {
  timer_.cancel();
  read_timer_.cancel();
}

void VillageDesk::kept(const Record& record) {
  const auto word = villages::village_word({record.topic, record.payload});
  if (word) mirrors_.hear(*word, record.received_at, villages::Mirrors::Source::live);
}

void VillageDesk::heard(const Message& message) {
  errands_.heard({message.topic.text(), message.payload});
}

void VillageDesk::obey(Command command, Told told) {
  if (is_here(command)) {
    command.gateway.clear();
    return around_.pipeline.obey(command, std::move(told));
  }
  const CommandResult result = send_down(std::move(command), told);
  if (result.refusal != Refusal::none) told(result);
}

// With `none` it is on its way, and `told` hears later.
CommandResult VillageDesk::send_down(Command command, const Told& told) {
  if (CommandResult result = rules::check_sender(command); result.refusal != Refusal::none)
    return result;
  const villages::Village* const village = mirrors_.find(command.gateway);
  if (village == nullptr) return refused(Refusal::gateway_unknown);
  if (const auto* const mirror = mirrors_.find(*village, command.alarm)) {
    command.alarm = mirror->number;
    // As at the village itself: a person at a terminal names the alarm by what is shown here now.
    if (!command.seen_revision && command.by.origin == Origin::cli)
      command.seen_revision = mirror->revision;
  }
  if (!around_.listener.are_listening(command_topic(village->prefix)))
    return refused(Refusal::gateway_away, command.alarm);
  const ClockReading now = read_clock(around_.clock);
  if (!command.expires) {
    if (now.quality == ClockQuality::unset) return refused(Refusal::clock_unset);
    command.expires = now.wall + kGoodFor;
  }
  command.gateway.clear();
  villages::Errands::Errand errand{village->prefix, command.key, command.alarm,
                                   command_json(command)};
  if (errand.text.size() > kMostCommand) {
    CommandResult result = refused(Refusal::too_large);
    result.most = kMostCommand;
    return result;
  }
  if (!errands_.begin(std::move(errand), now.steady, told)) {
    CommandResult result = refused(Refusal::too_many_below);
    result.most = villages::Errands::kMost;
    return result;
  }
  look();
  return {};
}

void VillageDesk::look() {
  errands_.look(around_.clock.steady(), [this](const villages::Errands::Errand& errand) {
    LocalMessage message;
    message.topic = command_topic(errand.prefix);
    message.payload = errand.text;
    static_cast<void>(
        around_.listener.tell_clients(std::make_shared<const LocalMessage>(std::move(message))));
  });
  if (!errands_.any()) return;
  timer_.expires_after(kLookEvery);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) look();
  });
}

json::object VillageDesk::alarm_json(const villages::Mirror& mirror) const {
  json::object object{{"number", mirror.number.serial.value},
                      {"epoch", epoch_from(mirror.number.epoch)},
                      {"device", mirror.device},
                      {"name", mirror.name},
                      {"kind", mirror.kind},
                      {"condition", mirror.condition},
                      {"place", mirror.place},
                      {"state", mirror.state},
                      {"open", mirror.open},
                      {"level", mirror.level},
                      {"owner", mirror.owner},
                      {"count", mirror.count},
                      {"revision", mirror.revision},
                      {"transition", mirror.transition}};
  if (!mirror.rule.empty()) object["rule"] = mirror.rule;
  if (!mirror.text.empty()) object["text"] = mirror.text;
  if (!mirror.text_zh.empty()) object["text_zh"] = mirror.text_zh;
  if (mirror.peak) object["peak"] = *mirror.peak;
  if (mirror.affects > 0) object["affects"] = mirror.affects;
  if (mirror.test) object["test"] = true;
  if (mirror.exercise) object["exercise"] = true;
  const ClockReading now = read_clock(around_.clock);
  if (!mirror.since) return object;
  object["since"] = to_rfc3339(*mirror.since);
  if (now.quality != ClockQuality::unset)
    object["age_s"] = duration_cast<seconds>(now.wall - *mirror.since).count();
  return object;
}

void VillageDesk::add_villages(json::object& into) const {
  const ClockReading now = read_clock(around_.clock);
  json::array all;
  std::size_t more = 0;
  mirrors_.for_each([&](const std::string& gateway, const villages::Village& village) {
    if (village.open == 0 && village.connected) return;
    if (all.size() == kMostVillagesShown) return void(++more);
    json::array alarms;
    for (const villages::Mirror* mirror : open_alarms(village))
      alarms.push_back(alarm_json(*mirror));
    json::object told{{"gateway", gateway},
                      {"connected", village.connected},
                      {"heard", to_rfc3339(village.heard)},
                      {"alarms", std::move(alarms)}};
    if (now.quality != ClockQuality::unset)
      told["heard_s"] = duration_cast<seconds>(now.wall - village.heard).count();
    all.push_back(std::move(told));
  });
  into["villages"] = std::move(all);
  if (more > 0) into["villages_more"] = more;
  if (mirrors_.beyond() > 0) into["villages_beyond"] = mirrors_.beyond();
  if (!is_read_) into["villages_incomplete"] = true;
}

std::size_t VillageDesk::untaken() const {
  std::size_t count = 0;
  mirrors_.for_each([&count](const std::string&, const villages::Village& village) {
    for (const auto& [number, mirror] : village.alarms)
      count += mirror.open && is_untaken(mirror) ? 1 : 0;
  });
  return count;
}

std::optional<json::object> VillageDesk::alarm(std::string_view name) const {
  const auto slash = name.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto* const village = mirrors_.find(name.substr(0, slash));
  const auto number = alarm_number_from(name.substr(slash + 1));
  if (village == nullptr || !number) return std::nullopt;
  const auto* const mirror = mirrors_.find(*village, *number);
  if (mirror == nullptr) return std::nullopt;
  json::object object = alarm_json(*mirror);
  object["gateway"] = name.substr(0, slash);
  return object;
}

}  // namespace watchpost::app

// SenML JSON (RFC 8428) on wp/in/<domain>/<device>: the format of devices built by ourselves.
// Neighbouring records of one kind and time make one observation; facts about the device (battery,
// rssi) and quantities without a kind of their own (temperature) join it. A detector's `vb: true`
// is an alarm, `checkin` with `vs` is a tag's UID.
#include <algorithm>
#include <forward_list>

#include "danger/conditions.hpp"
#include "danger/values.hpp"
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "sdk/tag_uid.hpp"
#include "senml/meaning.hpp"
#include "senml/resolver.hpp"

namespace watchpost::senml {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

constexpr std::size_t kMostRecords = 1024;  // each may become one observation of its own

// The last colon or slash, which ends a part of a name.
std::size_t last_mark(std::string_view name) {
  const auto at =
      std::find_if(name.rbegin(), name.rend(), [](char c) { return c == ':' || c == '/'; });
  return at == name.rend() ? std::string_view::npos
                           : static_cast<std::size_t>(name.rend() - at) - 1;
}

// What the quantity is called: the name without the part that only names the device.
using Texts = std::forward_list<std::string>;
std::string_view quantity_of(const Record& record, std::string_view device, Texts& keep) {
  const auto last_part = [](std::string_view name) {
    const auto mark = last_mark(name);
    return mark == std::string_view::npos ? name : name.substr(mark + 1);
  };
  if (record.name.empty()) return last_part(record.base_name);
  std::string_view prefix = record.base_name;
  while (!prefix.empty() && (prefix.back() == ':' || prefix.back() == '/')) prefix.remove_suffix(1);
  const bool names_device = prefix.empty() || prefix == device || prefix.starts_with("urn:dev:");
  if (names_device) return record.name;
  return keep.emplace_front(std::string(record.base_name).append(record.name));
}

// A number with a unit, or beyond 0 and 1, is measured.
enum class Said { number, flag, word };
Said says(const Record& record) {
  if (std::holds_alternative<std::string_view>(record.value)) return Said::word;
  const auto* number = std::get_if<double>(&record.value);
  if (number == nullptr)
    return std::holds_alternative<bool>(record.value) ? Said::flag : Said::number;
  return record.unit.empty() && (*number == 0 || *number == 1) ? Said::flag : Said::number;
}

class Pack {
 public:
  Pack(std::string_view device, UnlistedNames& unlisted, Sink& sink)
      : device_(device), unlisted_(unlisted), sink_(sink) {}

  // False with why() where the record means something its value cannot be.
  bool add(const Record& record) {
    const auto quantity = quantity_of(record, device_, names_);
    if (quantity.empty()) return why_ = "a name that names no quantity", false;
    const auto mark = last_mark(quantity);
    const auto name = mark == std::string_view::npos ? quantity : quantity.substr(mark + 1);
    auto meaning = meaning_of(name);
    const bool is_unlisted =
        meaning.role == Role::measured && meaning.kind == WATCHPOST_MEASUREMENT;
    if (is_unlisted && says(record) != Said::number) meaning = unlisted_.meaning_of(name);
    if (meaning.role == Role::statement) {
      const auto* word = std::get_if<std::string_view>(&record.value);
      const Meaning measured{name, Role::measured, WATCHPOST_MEASUREMENT};
      meaning = word == nullptr ? measured : meaning_of_statement({.name = name, .text = *word});
    }
    const bool companion = meaning.role == Role::companion;
    // A quantity without a kind of its own joins the neighbouring record of the same time that has
    // one.
    const bool is_general = meaning.role == Role::measured && meaning.kind == WATCHPOST_MEASUREMENT;
    const bool open_is_general = undecided_ || open_.kind() == WATCHPOST_MEASUREMENT;
    const bool joins = has_open_ && time_ == record.time && !open_.has(quantity) &&
                       (companion || is_general || open_is_general ||
                        (meaning.role == Role::measured && open_.kind() == meaning.kind));
    if (!joins) start(record);
    const bool is_null = std::holds_alternative<std::monostate>(record.value) && !record.sum;
    if (!companion && (undecided_ || !is_general)) {
      open_.kind(meaning.kind);
      undecided_ = false;
    }
    if (is_null && meaning.role != Role::scan) {
      if (meaning.role == Role::detector) open_.state(WATCHPOST_UNKNOWN);
      open_.null({quantity, record.unit});
      return true;
    }
    switch (meaning.role) {
      case Role::detector:
        return add_detector(quantity, record, meaning.kind);
      case Role::perhaps:
        return add_perhaps(quantity, record);
      case Role::scan:
        return add_scan(record);
      case Role::measured:
      case Role::companion:
      case Role::statement:
        return add_value(quantity, record);
    }
    return true;
  }
  void finish() {
    if (has_open_) {
      const auto state = open_.state();
      alarms_ |= state == WATCHPOST_ALARM || state == WATCHPOST_SUSPECTED;
      if (is_partly_read_) open_.flag("partly_read");
      sink_.emit(open_.device(device_));
    }
    has_open_ = false;
  }
  // From here on something of the pack was left out.
  void partly_read() { is_partly_read_ = true; }
  // After finish().
  [[nodiscard]] bool alarms() const { return alarms_; }
  [[nodiscard]] std::string_view why() const { return why_; }

 private:
  void start(const Record& record) {
    finish();
    open_.restart(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    has_open_ = undecided_ = true;
    time_ = record.time;
    open_.observed(record.time, WATCHPOST_TIME_DEVICE);
  }

  bool add_detector(std::string_view quantity, const Record& record, watchpost_kind kind) {
    const auto* number = std::get_if<double>(&record.value);
    const bool is_concentration = kind == WATCHPOST_CO || kind == WATCHPOST_COMBUSTIBLE_GAS;
    switch (says(record)) {
      case Said::number:
        return add_value(quantity, record);
      case Said::flag: {
        if (number != nullptr && is_concentration) return add_value(quantity, record);
        const bool on = number != nullptr ? *number == 1 : std::get<bool>(record.value);
        open_.state(on ? WATCHPOST_ALARM : WATCHPOST_NORMAL).boolean({quantity}, on);
        return true;
      }
      case Said::word:
        break;
    }
    const auto word = std::get<std::string_view>(record.value);
    const auto said = danger::meaning_of_text({.name = quantity, .text = word}).saying;
    if (said == danger::Saying::unread) not_understood(quantity, word);
    open_.state(danger::state_of(said, false)).text({quantity}, word);
    return true;
  }
  bool add_perhaps(std::string_view quantity, const Record& record) {
    const auto* on = std::get_if<bool>(&record.value);
    const auto* number = std::get_if<double>(&record.value);
    const auto* word = std::get_if<std::string_view>(&record.value);
    auto said = danger::Saying::calm;
    if (word != nullptr) said = danger::meaning_of_text({.name = quantity, .text = *word}).saying;
    const bool yes = (on != nullptr && *on) || (number != nullptr && *number == 1);
    if (yes || said == danger::Saying::on) {
      not_understood(quantity, yes ? "true" : *word);
      said = danger::Saying::unread;
    } else if (said == danger::Saying::unread) {
      said = danger::Saying::nothing;  // a setting, most likely
    }
    open_.state(danger::state_of(said, false));
    return add_value(quantity, record);
  }
  // Loud: see plugins/danger.
  void not_understood(std::string_view quantity, std::string_view value) {
    constexpr std::size_t kLongest = 80;
    open_.flag("not_understood");
    sink_.not_understood("\"" + std::string(quantity.substr(0, kLongest)) + "\" says " +
                         std::string(value.substr(0, kLongest)) +
                         ", which may be an alarm and is in no form that is known");
  }
  bool add_scan(const Record& record) {
    std::optional<sdk::TagUid> uid;
    if (const auto* text = std::get_if<std::string_view>(&record.value)) uid = sdk::tag_uid(*text);
    if (const auto* number = std::get_if<double>(&record.value)) {
      uid = sdk::tag_uid(sdk::json::value(*number));
    }
    if (!uid) return why_ = "a check-in whose value is not a tag's UID", false;
    if (!uid->is_certain) open_.flag("uid_uncertain");
    open_.text({"tag_uid"}, open_.own(std::move(uid->hex))).text({"auth"}, "none");
    return true;
  }
  bool add_value(std::string_view quantity, const Record& record) {
    const sdk::Quantity named{quantity, record.unit};
    if (const auto* number = std::get_if<double>(&record.value)) {
      open_.number(named, *number);
    } else if (const auto* on = std::get_if<bool>(&record.value)) {
      open_.boolean(named, *on);
    } else if (const auto* text = std::get_if<std::string_view>(&record.value)) {
      open_.text(named, *text);
    }
    if (record.sum) {
      open_.number({open_.own(std::string(quantity).append("_sum")), record.unit}, *record.sum);
    }
    return true;
  }

  std::string_view device_;
  UnlistedNames& unlisted_;
  Sink& sink_;
  Observation open_{WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO};
  Texts names_;  // quantities that are written nowhere in the payload
  std::optional<std::int64_t> time_;
  bool has_open_ = false;
  bool undecided_ = true;
  bool alarms_ = false;
  bool is_partly_read_ = false;
  std::string_view why_;
};

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto device = sdk::topic_level(frame.topic, 3).value_or("");
    if (!frame.topic.starts_with("wp/in/") || device.empty()) {
      return sink.not_mine("the topic is not wp/in/<domain>/<device>");
    }
    sink.identify(device);
    const auto* root = json_.parse(frame.payload);
    if (root == nullptr) return sink.malformed(json_.why());
    // Another form of JSON may be read by its names.
    if (root->is_object()) return sink.not_mine("SenML is an array of records, and this is none");
    const auto* records = root->if_array();
    if (records == nullptr) return sink.malformed("SenML is an array of records");
    if (records->empty() || records->size() > kMostRecords) {
      return sink.malformed("a SenML pack of no record, or of more than 1024");
    }
    Resolver resolver(frame.received_unix_ns);
    Pack pack(device, unlisted_, sink);
    Record record;
    std::string_view fault;
    bool any = false;
    for (const auto& fields : *records) {
      const auto* object = fields.if_object();
      const auto step =
          object == nullptr ? Resolver::Step::broken : resolver.resolve(*object, record);
      if (step == Resolver::Step::refused) return sink.malformed(resolver.why());
      if (step == Resolver::Step::base_only) continue;
      if (step == Resolver::Step::broken || step == Resolver::Step::partly) {
        pack.partly_read();
        fault = object == nullptr ? "a SenML record is a JSON object" : resolver.why();
        if (step == Resolver::Step::broken) continue;
      }
      if (pack.add(record)) {
        any = true;
      } else {
        pack.partly_read();
        fault = pack.why();
      }
    }
    pack.finish();
    if (!fault.empty()) return with_fault(pack, fault, sink);
    return any ? Verdict::decoded : sink.malformed("a SenML pack without a value");
  }

 private:
  // RFC 8428 refuses a pack with one mistake in it. An alarm in it is heard all the same.
  static Verdict with_fault(const Pack& pack, std::string_view fault, Sink& sink) {
    if (!pack.alarms()) return sink.malformed(fault);
    sink.not_understood(fault);
    return Verdict::decoded;
  }

  UnlistedNames unlisted_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::senml

WATCHPOST_DECODER(watchpost::senml::Decoder, "senml", "1.0")

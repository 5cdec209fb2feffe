// Key and Section: the one description of every key of watchpost.toml.
// Promise: reading, printing, the check for unknown keys and the check of the annotated file all
// come from this table; a key that is not here does not exist. Constant tables; used by the
// configuration only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings/config.hpp"
#include "settings/words.hpp"

namespace watchpost::settings {

using AnySection =
    std::variant<GatewayConfig*, LogConfig*, StoreConfig*, ListenerConfig*, UpstreamConfig*,
                 BrokerConfig*, OutputConfig*, EscalationConfig*, DecoderConfig*, DeviceConfig*,
                 RuleConfig*, LocalTrafficConfig*, PatrolConfig*, SupervisionConfig*, LocalConfig*,
                 ServiceConfig*, BackupConfig*, MetricsConfig*>;

// Of the skeleton that was agreed with tools outside, so a file with it starts this version too,
// which has no web page: what stands below it is not looked at, and a remark says so.
inline constexpr std::string_view kReservedSection = "console";

// A value that is one of a fixed list of names.
struct Choice {
  std::span<const std::string_view> names;
  std::optional<std::size_t> current;
  std::function<void(std::size_t)> choose;
};

// A pointer to the value of a key; its type says how the value is written.
using Slot =
    std::variant<std::string*, std::filesystem::path*, bool*, std::uint16_t*, std::uint32_t*,
                 std::chrono::milliseconds*, std::chrono::minutes*, ByteCount*, MqttUrl*,
                 std::vector<TopicFilter>*, std::vector<std::string>*, PerClass<bool>*,
                 DutyActionSet*, OptionsJson*, Decimal*, std::optional<bool>*, Wanted*, Choice>;

// What a text or a path must be, beyond its type.
enum class Form : std::uint8_t {
  any,
  label,     // [a-z0-9-]
  area,      // 12 digits
  address,   // IPv4 or IPv6 literal
  secret,    // never printed
  file,      // must exist and be readable
  decoder,   // a built-in name, or a .toml or .so file that must exist
  profile,   // any text, or a .toml file that must exist
  topics,    // the form of topics: see model/topic_template.hpp
  or_none,   // a list that may be empty
  names,     // a list of devices
  url_path,  // "/mqtt"
  levels,    // lists of names: of levels of alarms,
  alarms,    // of alarms (model/escalation.hpp),
  places,    // of places,
  outputs,   // of [[output]] sections
  command,   // a list: the absolute path of a program, and its arguments
};

struct Limits {
  std::uint64_t least = 0;  // milliseconds, bytes or a plain number
  std::uint64_t most = 0;   // 0: no limits apply
};

struct Key {
  std::string_view name;
  Slot (*slot)(AnySection);
  std::string_view sentence;
  Limits limits{};
  Form form = Form::any;
  bool required = false;
  bool mqtt_only = false;  // of a [[listener]]: has no meaning where its protocol is another
};
// False where the section is a [[listener]] of a protocol, or an [[output]] of a kind, that has no
// such key.
[[nodiscard]] bool fits(const Key& key, const AnySection& section);

struct Section {
  std::string_view name;
  std::string_view sentence;
  std::span<const Key> keys;
  std::size_t most;  // 1: written [name]; more: written [[name]], at most so many times
  std::vector<AnySection> (*all)(Config&);
  AnySection (*add)(Config&);  // returns the section; of a single section, the one that exists
  void (*clear)(Config&);

  [[nodiscard]] bool repeated() const { return most > 1; }
  [[nodiscard]] std::string heading() const;
};

[[nodiscard]] std::span<const Section> sections();

// Says what the key takes: "a whole number from 1 to 1000", "one of undecoded, always, never", ...
[[nodiscard]] Words accepted_by(const Key& key, const Slot& slot);
// The value as TOML; nothing where the value is not set or must not be shown.
[[nodiscard]] std::optional<std::string> printed(const Key& key, const Slot& slot);

[[nodiscard]] std::span<const Key> listener_keys();
[[nodiscard]] std::span<const Key> upstream_keys();
[[nodiscard]] std::span<const Key> broker_keys();
[[nodiscard]] std::span<const Key> output_keys();
[[nodiscard]] bool fits_output(std::string_view key, OutputKind kind);
[[nodiscard]] std::span<const Key> escalation_keys();
[[nodiscard]] std::span<const Key> device_keys();
[[nodiscard]] std::span<const Key> rule_keys();

}  // namespace watchpost::settings

// slot_of: a pointer to a value, found from a section and a chain of members.
// Promise: an enumeration becomes a Choice by its table of names; everything else is a plain
// pointer. Used by the tables of keys only.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "settings/keys.hpp"

namespace watchpost::settings {

// Milliseconds and bytes, the units of the tables of keys.
constexpr std::uint64_t kSecond = 1'000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;
constexpr std::uint64_t kKiB = 1'024;
constexpr std::uint64_t kMiB = 1'024 * kKiB;
constexpr std::uint64_t kTiB = kMiB * kMiB;

// The names stand in the order of the enumerators.
template <class Enum>
struct NamesOf;
template <>
struct NamesOf<LogLevel> {
  static constexpr std::array<std::string_view, 4> value{"debug", "info", "warning", "error"};
};
template <>
struct NamesOf<LogSink> {
  static constexpr std::array<std::string_view, 3> value{"automatic", "journal", "stderr"};
};
template <>
struct NamesOf<ListenerProtocol> {
  static constexpr std::array<std::string_view, 5> value{"mqtt", "gb26875", "sl651", "gst9000",
                                                         "websocket"};
};
template <>
struct NamesOf<std::optional<Sl651Mode>> {
  static constexpr std::array<std::string_view, 4> value{"m1", "m2", "m3", "m4"};
};
template <>
struct NamesOf<std::optional<Sl651Ending>> {
  static constexpr std::array<std::string_view, 2> value{"eot", "esc"};
};
template <>
struct NamesOf<std::optional<net::ClientCertificates>> {
  static constexpr std::array<std::string_view, 2> value{"required", "optional"};
};
template <>
struct NamesOf<OutputKind> {
  static constexpr std::array<std::string_view, 3> value{"mqtt", "command", "webhook"};
};
template <>
struct NamesOf<OutputFormat> {
  static constexpr std::array<std::string_view, 5> value{"json", "text", "wecom", "dingtalk",
                                                         "feishu"};
};
template <>
struct NamesOf<Language> {
  static constexpr std::array<std::string_view, 2> value{"en", "zh-CN"};
};
template <>
struct NamesOf<MqttVersion> {
  static constexpr std::array<std::string_view, 2> value{"5", "3.1.1"};
};
template <>
struct NamesOf<MqttLibrary> {
  static constexpr std::array<std::string_view, 2> value{"watchpost", "paho"};
};
template <>
struct NamesOf<RawPolicy> {
  static constexpr std::array<std::string_view, 3> value{"undecoded", "always", "never"};
};
template <>
struct NamesOf<Custody> {
  static constexpr std::array<std::string_view, 2> value{"broker", "receipt"};
};
template <>
struct NamesOf<Presence> {
  static constexpr std::array<std::string_view, 3> value{"retained", "plain", "off"};
};
template <>
struct NamesOf<ContentCoding> {
  static constexpr std::array<std::string_view, 3> value{"none", "deflate", "zstd"};
};
template <>
struct NamesOf<Qos> {
  static constexpr std::array<std::string_view, 3> value{"0", "1", "2"};
};
template <>
struct NamesOf<std::optional<Domain>> {
  static constexpr std::array<std::string_view, 7> value{"fire",   "water",   "fall", "patrol",
                                                         "device", "gateway", "other"};
};

template <>
struct NamesOf<LevelReading> {
  static constexpr std::array<std::string_view, 2> value{"elevation", "depth"};
};

template <class Value>
inline constexpr bool kIsOptional = false;
template <class Value>
inline constexpr bool kIsOptional<std::optional<Value>> = std::is_enum_v<Value>;

template <class Section, auto... Members>
Slot slot_of(AnySection any) {
  auto& value = (*std::get<Section*>(any).*....*Members);
  using Value = std::remove_reference_t<decltype(value)>;
  if constexpr (kIsOptional<Value>) {
    std::optional<std::size_t> current;
    if (value) current = static_cast<std::size_t>(*value);
    return Choice{NamesOf<Value>::value, current, [&value](std::size_t index) {
                    value = static_cast<typename Value::value_type>(index);
                  }};
  } else if constexpr (std::is_enum_v<Value>) {
    return Choice{NamesOf<Value>::value, static_cast<std::size_t>(value),
                  [&value](std::size_t index) { value = static_cast<Value>(index); }};
  } else {
    return &value;
  }
}

}  // namespace watchpost::settings

// Mapping: a decoder as a table, for devices whose messages need no code.
// Promise: it holds what the TOML file says and nothing else; load() names file and line of what is
// wrong. The file's keys are described in config/mappings/README.md. Built once at start-up, read
// on the I/O thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "model/observation.hpp"
#include "model/topic.hpp"

namespace watchpost::decode {

enum class PayloadFormat : std::uint8_t { json, bytes, hex, text };

enum class ByteType : std::uint8_t {
  u8,
  i8,
  u16le,
  u16be,
  i16le,
  i16be,
  u24le,
  u24be,
  u32le,
  u32be,
  i32le,
  i32be,
  f32le,
  f32be,
  ascii,
};

// Where in a payload a value stands.
struct PayloadPlace {
  std::optional<std::string> pointer;  // JSON, RFC 6901
  std::optional<int> offset;           // bytes from the start; negative from the end
  ByteType type = ByteType::u8;
  int length = 0;                     // of ascii
  std::optional<std::uint64_t> mask;  // applied first
  std::optional<int> bit;             // then one bit as true or false
};

struct MappedReading {
  PayloadPlace place;
  std::string quantity;
  std::string unit;
  double scale = 1;
  double add = 0;
  bool must_exist = false;
  std::string strip_prefix;
  std::string text_unit;          // that must stand behind the number in a text; empty: any
  std::vector<double> sentinels;  // unscaled numbers that mean "no value"
  std::vector<std::pair<std::string, std::string>> words;  // enum: value as text -> text
};

// Fits where the value is what it says: equal to a text, or a number within the bounds that are
// given.
struct StateRule {
  PayloadPlace place;
  std::optional<std::string> equals;  // the value as text: "1", "true", "on"
  std::optional<double> at_least;     // of the number as it is in the payload
  std::optional<double> at_most;
  std::optional<double> above;
  std::optional<double> below;
  DeclaredState state = DeclaredState::alarm;
  int line = 0;  // of the file
  [[nodiscard]] bool compares() const { return !equals.has_value(); }
};

// What one message says of one kind.
struct MappedPart {
  Kind kind = Kind::measurement;
  DeclaredState state = DeclaredState::info;
  std::vector<MappedReading> readings;
  std::vector<StateRule> rules;  // the first that fits decides
};

// A list in a JSON payload, whose elements are read one after the other. What an element does not
// have is looked for in the whole message.
struct Each {
  static constexpr std::size_t kMost = 1024;
  std::string pointer;
  bool history = false;  // its elements are late records: kept at their own time, no alarm
};

struct DeviceSource {
  std::optional<int> topic_level;
  std::optional<PayloadPlace> place;
  std::string fixed;
};

enum class TimeFormat : std::uint8_t { iso, epoch };

struct Check {
  std::optional<int> length;
  std::string starts_with;  // bytes
  std::string ends_with;
  std::optional<int> crc16_modbus_at;  // high byte first, over all bytes before it
};

// How the configuration names it. As the profile of a device it reads that device, so that the file
// need not say where the device's name comes from.
enum class MappingUse : std::uint8_t { decoder, profile };

// The text of a mapping file, and the name by which messages call the file.
struct MappingText {
  std::string toml;
  std::string file;
  MappingUse use = MappingUse::decoder;
};

struct Mapping {
  std::string name;
  PayloadFormat format = PayloadFormat::json;
  DeviceSource device;
  bool adds = false;                          // what the decoders behind it read is kept too
  std::vector<std::string> requires_members;  // JSON pointers; where one is absent: not mine
  Check check;
  std::optional<PayloadPlace> time;
  TimeFormat time_format = TimeFormat::iso;
  std::optional<Each> each;
  std::vector<std::uint32_t> ports;          // of a LoRaWAN device (fPort); empty: any
  std::vector<std::uint32_t> ignored_ports;  // what comes there (settings) is nothing to read
  std::vector<TopicFilter> topics;           // as a profile: of these only; empty: of any
  std::vector<std::string> own_words;        // quantities and units that are no slip
  std::vector<Complaint> notes;              // what is accepted, and perhaps not meant
  // The first is of the file itself, the others are its [[also]].
  std::vector<MappedPart> parts{1};

  [[nodiscard]] static Result<Mapping> load(const std::string& file,
                                            MappingUse use = MappingUse::decoder);
  [[nodiscard]] static Result<Mapping> parse(const MappingText& text);
};

}  // namespace watchpost::decode

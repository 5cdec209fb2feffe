#include "decode/mapping_payload.hpp"

#include <array>
#include <bit>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cmath>

#include "base/encoding.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;

struct Layout {
  std::size_t size;
  bool big_endian;
  bool is_signed;
};

Layout layout_of(ByteType type) {
  switch (type) {
    case ByteType::u8:
      return {1, true, false};
    case ByteType::i8:
      return {1, true, true};
    case ByteType::u16le:
      return {2, false, false};
    case ByteType::u16be:
      return {2, true, false};
    case ByteType::i16le:
      return {2, false, true};
    case ByteType::i16be:
      return {2, true, true};
    case ByteType::u24le:
      return {3, false, false};
    case ByteType::u24be:
      return {3, true, false};
    case ByteType::u32le:
    case ByteType::f32le:
      return {4, false, false};
    case ByteType::u32be:
    case ByteType::f32be:
      return {4, true, false};
    case ByteType::i32le:
      return {4, false, true};
    case ByteType::i32be:
      return {4, true, true};
    case ByteType::ascii:
      return {0, true, false};
  }
  return {1, true, false};
}

std::uint64_t raw_number(std::string_view bytes, bool big_endian) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char byte = big_endian ? bytes[i] : bytes[bytes.size() - 1 - i];
    number = number << 8 | static_cast<std::uint8_t>(byte);
  }
  return number;
}

// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): bits, then how many bytes
double signed_number(std::uint64_t raw, std::size_t size) {
  const auto top = std::uint64_t{1} << (size * 8 - 1);
  const auto value = static_cast<std::int64_t>(raw);
  return static_cast<double>((raw & top) != 0 ? value - static_cast<std::int64_t>(top << 1)
                                              : value);
}

// What a device's text may have between its digits: "A5 01", "a5:01", "0xA501".
std::string hex_digits(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits(text);
  std::erase_if(digits, [](char c) { return c == ' ' || c == ':' || c == '-'; });
  return digits;
}

// The value behind mask and bit. What is no whole number from 0 on is left as it is, for the
// decoder to refuse.
Reading::Value masked(const PayloadPlace& place, Reading::Value value) {
  if (!place.mask && !place.bit) return value;
  constexpr double kEnd = 9007199254740992;  // 2^53: whole numbers below it are exact
  auto number = std::get_if<double>(&value) != nullptr ? std::optional(std::get<double>(value))
                                                       : std::nullopt;
  if (const auto* text = std::get_if<std::string>(&value)) number = sdk::number_from(*text);
  if (!number || *number < 0 || *number >= kEnd || *number != std::trunc(*number)) return value;
  auto bits = static_cast<std::uint64_t>(*number);
  if (place.mask) bits &= *place.mask;
  if (place.bit) return (bits >> *place.bit & 1) != 0;
  return static_cast<double>(bits);
}

std::uint16_t crc16_modbus(std::string_view bytes) {
  unsigned crc = 0xFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int i = 0; i < 8; ++i) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
  }
  return static_cast<std::uint16_t>(crc);
}

// A negative offset counts from the end.
// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): in that order everywhere in this file
std::optional<std::size_t> position(int offset, std::size_t size) {
  if (offset >= 0) return static_cast<std::size_t>(offset);
  const auto back = static_cast<std::size_t>(-offset);
  return back > size ? std::nullopt : std::optional<std::size_t>(size - back);
}

}  // namespace

MappingPayload::MappingPayload(const Mapping& mapping, std::string_view payload)
    : format_(mapping.format) {
  switch (format_) {
    case PayloadFormat::json:
      parse_json(payload);
      return;
    case PayloadFormat::bytes:
      bytes_ = payload;
      break;
    case PayloadFormat::hex: {
      auto bytes = from_hex(hex_digits(sdk::trim(payload)));
      if (!bytes) {
        broken_ = "the payload is not hexadecimal";
        return;
      }
      bytes_ = std::move(*bytes);
      break;
    }
    case PayloadFormat::text:
      bytes_ = sdk::trim(payload);
      if (!is_utf8(bytes_)) broken_ = "the payload is no UTF-8 text";
      return;
  }
  check(mapping.check);
}

void MappingPayload::parse_json(std::string_view payload) {
  boost::system::error_code error;
  auto value = json::parse(payload, error, &memory_);
  if (error) {
    broken_ = "not valid JSON: " + error.message();
    return;
  }
  json_.emplace(std::move(value));
}

void MappingPayload::check(const Check& check) {
  if (check.length && bytes_.size() != static_cast<std::size_t>(*check.length)) {
    broken_ = "the payload has " + std::to_string(bytes_.size()) + " bytes, not " +
              std::to_string(*check.length);
  } else if (!bytes_.starts_with(check.starts_with) || !bytes_.ends_with(check.ends_with)) {
    broken_ = "the payload does not begin or end as it should";
  } else if (check.crc16_modbus_at) {
    const auto at = position(*check.crc16_modbus_at, bytes_.size());
    const std::string_view bytes = bytes_;
    if (!at || *at + 2 > bytes.size() ||
        raw_number(bytes.substr(*at, 2), true) != crc16_modbus(bytes.substr(0, *at))) {
      broken_ = "the checksum (CRC-16/MODBUS) is wrong";
    }
  }
}

const json::value* MappingPayload::find(const std::string& pointer) const {
  if (!json_) return nullptr;
  boost::system::error_code error;
  if (element_ != nullptr) {
    if (const auto* found = element_->find_pointer(pointer, error)) return found;
  }
  return json_->find_pointer(pointer, error);
}

std::optional<std::size_t> MappingPayload::size_of(const std::string& list) const {
  const auto* found = find(list);
  if (found == nullptr || !found->is_array()) return std::nullopt;
  return found->get_array().size();
}

void MappingPayload::enter(const std::string& list, std::size_t element) {
  element_ = nullptr;
  element_ = &find(list)->get_array().at(element);
}

bool MappingPayload::has(const std::string& pointer) const {
  return find(pointer) != nullptr;
}

std::optional<Reading::Value> MappingPayload::bytes_at(const PayloadPlace& place) const {
  const auto [fixed_size, big_endian, is_signed] = layout_of(place.type);
  const bool ascii = place.type == ByteType::ascii;
  const std::size_t size = ascii ? static_cast<std::size_t>(place.length) : fixed_size;
  const auto at = position(place.offset.value_or(0), bytes_.size());
  if (!at || *at > bytes_.size() || size > bytes_.size() - *at) return std::nullopt;
  const auto bytes = std::string_view(bytes_).substr(*at, size);
  if (ascii) {
    if (!is_utf8(bytes)) return std::nullopt;
    return Reading::Value(std::string(bytes.substr(0, bytes.find('\0'))));
  }
  auto raw = raw_number(bytes, big_endian);
  if (place.mask) raw &= *place.mask;
  if (place.bit) return Reading::Value((raw >> *place.bit & 1) != 0);
  if (place.type == ByteType::f32le || place.type == ByteType::f32be) {
    const double real = std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    return std::isfinite(real) ? Reading::Value(real) : Reading::Value();
  }
  return Reading::Value(is_signed ? signed_number(raw, size) : static_cast<double>(raw));
}

std::optional<Reading::Value> MappingPayload::at(const PayloadPlace& place) const {
  switch (format_) {
    case PayloadFormat::bytes:
    case PayloadFormat::hex:
      return bytes_at(place);
    case PayloadFormat::text:
      return masked(place, bytes_);
    case PayloadFormat::json:
      break;
  }
  const auto* value = find(place.pointer.value_or(""));
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return Reading::Value();
  if (value->is_bool()) return Reading::Value(value->get_bool());
  if (value->is_string()) return masked(place, std::string(value->get_string()));
  if (!value->is_number()) return std::nullopt;
  const auto number = value->to_number<double>();
  return std::isfinite(number) ? std::optional(masked(place, number)) : std::nullopt;
}

std::string value_text(const Reading::Value& value) {
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) {
    if (*number == std::trunc(*number) && std::abs(*number) < 1e15) {
      return std::to_string(static_cast<std::int64_t>(*number));
    }
    std::array<char, 32> text{};  // the shortest that is this number
    const auto end = std::to_chars(text.data(), text.data() + text.size(), *number).ptr;
    return {text.data(), end};
  }
  return "null";
}

}  // namespace watchpost::decode

#include "decode/mapping_places.hpp"

namespace watchpost::decode {
namespace {

const std::vector<std::string_view> kTypes{"u8",    "i8",    "u16le", "u16be", "i16le",
                                           "i16be", "u24le", "u24be", "u32le", "u32be",
                                           "i32le", "i32be", "f32le", "f32be", "ascii"};

int small(TableReader& reader, std::string_view key, std::int64_t value) {
  if (value < -65'535 || value > 65'535) {
    reader.fail({.what = "\"" + std::string(key) + "\" is out of range",
                 .remedy = "Payloads end at 65535 bytes",
                 .chinese = "\"" + std::string(key) + "\" 超出范围。报文最长 65535 字节"});
  }
  return static_cast<int>(value);
}

// How many bits the number there has; 0: its type has none.
int width_of(const PayloadPlace& place, bool binary) {
  if (!binary) return 32;
  const auto name = kTypes.at(static_cast<std::size_t>(place.type));
  if (name.front() != 'u' && name.front() != 'i') return 0;
  const auto digits = name.substr(1);
  return digits.starts_with('8')    ? 8
         : digits.starts_with("16") ? 16
         : digits.starts_with("24") ? 24
                                    : 32;
}

// A bit or a mask beyond the number is never set: a danger that hangs on it would never be heard.
void check_bits(const TableReader& reader, const PayloadPlace& place, bool binary) {
  if (!place.bit && !place.mask) return;
  const int width = width_of(place, binary);
  if (width == 0) {
    reader.fail({.what = "this type has no bits",
                 .remedy = "Write type = \"u8\", or leave mask and bit out",
                 .chinese = "这种 type 没有位。请写 type = \"u8\"，或删掉 mask 和 bit"});
  }
  const auto last = std::to_string(width - 1);
  if (place.bit && (*place.bit < 0 || *place.bit >= width)) {
    reader.fail(
        {.what = "\"bit\" is 0 to " + last + " here",
         .remedy = "Count from the lowest bit of the value, or write a wider type",
         .chinese = "这里 \"bit\" 是 0 到 " + last + "。请从值的最低位数起，或写更宽的 type"});
  }
  if (place.mask && (*place.mask == 0 || *place.mask >> width != 0)) {
    reader.fail({.what = "\"mask\" has no bit of this number, or bits that it does not have",
                 .remedy = "Write a mask of at most " + std::to_string(width) +
                           " bits, such as 0x0F, or a wider type",
                 .chinese = "\"mask\" 与这个数没有共同的位，或超出了它的位数。请写不超过 " +
                            std::to_string(width) + " 位的掩码，例如 0x0F，或写更宽的 type"});
  }
}

}  // namespace

std::optional<int> small_number(TableReader& reader, std::string_view key) {
  const auto value = reader.integer(key);
  return value ? std::optional<int>(small(reader, key, *value)) : std::nullopt;
}

PayloadPlace place_in(TableReader& reader, PayloadFormat format) {
  PayloadPlace place;
  place.pointer = reader.text("pointer");
  place.offset = small_number(reader, "offset");
  const auto type = reader.word("type", kTypes);
  if (type) place.type = static_cast<ByteType>(*type);
  place.length = small_number(reader, "length").value_or(0);
  if (const auto mask = reader.integer("mask")) place.mask = static_cast<std::uint64_t>(*mask);
  place.bit = small_number(reader, "bit");
  const bool binary = format == PayloadFormat::bytes || format == PayloadFormat::hex;
  if (format == PayloadFormat::json && (!place.pointer || place.offset || type)) {
    reader.fail({.what = "a place in a JSON payload is a pointer",
                 .remedy = "Write pointer = \"/member\"",
                 .chinese = "JSON 报文中的位置用 pointer 表示。请写 pointer = \"/member\""});
  }
  if (place.pointer && !place.pointer->empty() && place.pointer->front() != '/') {
    reader.fail(
        {.what = "a JSON pointer begins with '/' (RFC 6901)",
         .remedy = "Write \"/" + *place.pointer + "\"",
         .chinese = "JSON pointer 以 '/' 开头（RFC 6901）。请写 \"/" + *place.pointer + "\""});
  }
  if (binary && (!place.offset || place.pointer)) {
    reader.fail({.what = "a place in a binary payload is an offset",
                 .remedy = "Write offset = 0, type = \"u16be\"",
                 .chinese = "二进制报文中的位置用 offset 表示。请写 offset = 0, type = \"u16be\""});
  }
  if (format == PayloadFormat::text && (place.pointer || place.offset)) {
    reader.fail({.what = "a text payload is one value",
                 .remedy = "Leave pointer and offset out",
                 .chinese = "文本报文只有一个值。请删掉 pointer 和 offset"});
  }
  if (place.type == ByteType::ascii && place.length <= 0) {
    reader.fail({.what = "ascii needs a length",
                 .remedy = "Write length = 12",
                 .chinese = "ascii 需要长度。请写 length = 12"});
  }
  check_bits(reader, place, binary);
  return place;
}

}  // namespace watchpost::decode

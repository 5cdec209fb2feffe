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
  if (place.bit && (*place.bit < 0 || *place.bit > 31)) {
    reader.fail({.what = "\"bit\" is 0 to 31",
                 .remedy = "Count from the lowest bit of the value",
                 .chinese = "\"bit\" 是 0 到 31。请从值的最低位数起"});
  }
  return place;
}

}  // namespace watchpost::decode

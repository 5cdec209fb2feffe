// The UID of a tag, in the forms in which readers write it.
// Promise: bytes in the order of ISO 14443 and ISO 15693, as upper-case hexadecimal digits. Where
// the text can be read in more than one way, the likelier one is taken and `is_certain` is false; a
// word, a small number and a UID of zeros only are nothing. Pure.
//
// Sources: tasmota docs RC522, PN532, RDM6300, Wiegand; ESPHome rc522; esp-rfid; the labels 8H10D,
// 6H8D, 10H13D, 2H3D.4H5D and 4H5D.4H5D by which makers of 125 kHz readers name their decimal
// forms; ISO/IEC 14443-3 section 6.5.4 (4, 7 or 10 bytes; NXP's begin with 04 at 7), ISO/IEC
// 15693-3 section 4.1 (8 bytes that begin with E0, sent last byte first).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::sdk {

struct TagUid {
  std::string hex;
  bool is_certain = true;
};

// What a site says of a reader's form; `free`: to be told from the text.
enum class UidForm : std::uint8_t { free, hex, hex_reversed, decimal, decimal_reversed };
[[nodiscard]] std::optional<UidForm> uid_form_from(std::string_view word);

[[nodiscard]] std::optional<TagUid> tag_uid(std::string_view text, UidForm form = UidForm::free);
// Also a number and a list of bytes.
[[nodiscard]] std::optional<TagUid> tag_uid(const json::value& value, UidForm form = UidForm::free);

}  // namespace watchpost::sdk

// SUN: the link that an NTAG 424 DNA makes anew at each tap, and its proof (NXP AN12196 sections
// 3.3 and 3.4; NT4H2421Gx data sheet sections 9.3.2 to 9.3.9).
// Promise: a link is proven only by its code (SDMMAC) under a key of the keys file, compared in
// constant time; nothing of it is believed before. Which members it has is told by their shapes,
// since sites name them as they like: 32 digits are encrypted PICC data, 14 and 6 a plain UID and
// counter, 16 the code, further blocks of 32 the encrypted part of the file. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tag_reader/tag_keys.hpp"

namespace watchpost::tag_reader {

struct SunLink {
  // Encrypted members in the order of the link, each of whole blocks; PICC data is one of the
  // first two.
  std::vector<std::string_view> encrypted;
  std::string_view uid;          // 14 digits; empty where it is encrypted
  std::string_view counter;      // 6 digits; empty where it is encrypted or not mirrored
  std::string_view code;         // 16 digits
  std::string_view before_code;  // of the link: what the code may be about is an end of this
  bool is_lrp = false;           // 48 digits: PICC data of the other mode of the tag
};

// Nothing where `link` is not of that form. `link` outlives what is returned.
[[nodiscard]] std::optional<SunLink> sun_link(std::string_view link);

enum class SunProof : std::uint8_t {
  proven,
  no_key,      // the keys file has none for this tag
  wrong_code,  // made up, changed, or the key in the file is another
  not_opened,  // no key opens the encrypted PICC data
  no_counter,  // the code is right, but the tag counts nothing: the link is the same each time
  no_uid,      // the tag does not say which it is
  lrp,         // a mode of the tag that is not read
};

struct SunTap {
  SunProof proof = SunProof::no_key;
  std::string uid;            // 7 bytes, upper-case digits; empty where it is not known
  std::uint32_t counter = 0;  // how often the tag was read
  std::string content;        // of the encrypted part of the file
};

[[nodiscard]] SunTap prove(const SunLink& link, const TagKeys& keys);
// For people; empty for `proven`.
[[nodiscard]] std::string_view why_not(SunProof proof);

}  // namespace watchpost::tag_reader

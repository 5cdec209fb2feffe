#include "tag_reader/sun.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"

namespace watchpost::tag_reader {
namespace {

constexpr std::size_t kLongestLink = 1024;  // what a reader may make of it
constexpr std::size_t kTagFile = 256;       // in which the link stands
constexpr std::size_t kUidBytes = 7;
constexpr std::size_t kCounterBytes = 3;

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Runs of hexadecimal digits that are a whole value: "=" or "x" or another sign stands before and
// behind.
std::vector<std::string_view> values_of(std::string_view link) {
  std::vector<std::string_view> values;
  for (std::size_t at = 0; at < link.size();) {
    if (!is_hex_digit(link[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < link.size() && is_hex_digit(link[end])) ++end;
    const auto is_letter = [](char c) {
      return (c >= 'g' && c <= 'w') || (c >= 'G' && c <= 'W') || c == 'y' || c == 'z' || c == 'Y' ||
             c == 'Z' || c == '.' || c == '-' || c == '_';
    };
    const bool is_part_of_word =
        (at > 0 && is_letter(link[at - 1])) || (end < link.size() && is_letter(link[end]));
    if (!is_part_of_word) values.push_back(link.substr(at, end - at));
    at = end;
  }
  return values;
}

std::string bytes_of(std::string_view hex) {
  return from_hex(hex).value_or(std::string());
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// What PICC data holds (data sheet, table 3), or a plain mirror says.
struct Picc {
  std::string uid;                     // 7 bytes; empty: not mirrored
  std::optional<std::string> counter;  // 3 bytes, least significant first
};

std::optional<Picc> opened(std::string_view encrypted, const AesKey& meta) {
  const auto clear = meta.decrypt_cbc({std::string(kAesBlock, '\0'), bytes_of(encrypted)});
  if (clear.size() != kAesBlock) return std::nullopt;
  const auto tag = static_cast<unsigned char>(clear.front());
  const bool has_uid = (tag & 0x80) != 0;
  const bool has_counter = (tag & 0x40) != 0;
  const std::size_t uid_bytes = tag & 0x0F;
  // Of a wrong key one in 128 looks so; then the code is wrong.
  if ((tag & 0x30) != 0 || (has_uid ? uid_bytes != kUidBytes : uid_bytes != 0)) return std::nullopt;
  Picc picc;
  std::size_t at = 1;
  if (has_uid) picc.uid = clear.substr(at, kUidBytes), at += kUidBytes;
  if (has_counter) picc.counter = clear.substr(at, kCounterBytes);
  return picc;
}

// SV1 and SV2 of the data sheet, section 9.3.9.1.
std::string session_vector(std::string_view label, const Picc& picc) {
  std::string vector(label);
  vector += picc.uid;
  if (picc.counter) vector += *picc.counter;
  while (vector.size() % kAesBlock != 0) vector.push_back('\0');
  return vector;
}

// Every second byte of the whole CMAC (data sheet, section 9.1.3).
std::string short_code(const std::string& whole) {
  std::string code;
  for (std::size_t i = 1; i < whole.size(); i += 2) code.push_back(whole[i]);
  return code;
}

// Where the input of the code begins is a setting of the tag (SDMMACInputOffset): the beginning is
// tried at each place. All are compared, so that the time tells nothing.
bool code_fits(const SunLink& link, const AesKey& file, const Picc& picc) {
  using namespace std::string_view_literals;
  const auto session = file.cmac(session_vector("\x3C\xC3\x00\x01\x00\x80"sv, picc));
  if (session.size() != kAesBlock) return false;
  const AesKey key(session);
  const auto wanted = bytes_of(link.code);
  bool fits = false;
  const std::size_t most = std::min(link.before_code.size(), kTagFile);
  for (std::size_t length = 0; length <= most; ++length) {
    const auto whole = key.cmac(link.before_code.substr(link.before_code.size() - length));
    fits |= whole.size() == kAesBlock && equal_in_constant_time(short_code(whole), wanted);
  }
  return fits;
}

std::string content_of(std::string_view encrypted, const AesKey& file, const Picc& picc) {
  using namespace std::string_view_literals;
  const auto session = file.cmac(session_vector("\xC3\x3C\x00\x01\x00\x80"sv, picc));
  if (session.size() != kAesBlock || !picc.counter) return {};
  const AesKey key(session);
  auto first = *picc.counter;
  first.resize(kAesBlock, '\0');
  return key.decrypt_cbc({key.encrypt_block(first), bytes_of(encrypted)});
}

std::uint32_t number_of(const std::string& counter) {
  std::uint32_t number = 0;
  for (std::size_t i = counter.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(counter[i]);
  }
  return number;
}

struct Candidate {
  Picc picc;
  const TagKey* key = nullptr;
  std::string_view content;  // encrypted
};

// Everything that the link may mean under the keys of the file.
std::vector<Candidate> candidates(const SunLink& link, const TagKeys& keys, bool& is_opened) {
  std::vector<Candidate> all;
  const auto add = [&](const Picc& picc, std::string_view content, const TagKey* opener) {
    is_opened = true;
    for (const TagKey* key : keys.of(picc.uid)) {
      if (opener == nullptr || !key->meta || *key->meta == *opener->meta)
        all.push_back({picc, key, content});
    }
  };
  if (!link.uid.empty()) {
    Picc picc{bytes_of(link.uid), std::nullopt};
    if (!link.counter.empty()) {
      auto counter = bytes_of(link.counter);  // most significant first, as people write
      std::reverse(counter.begin(), counter.end());
      picc.counter = std::move(counter);
    }
    add(picc, link.encrypted.empty() ? std::string_view{} : link.encrypted.front(), nullptr);
    return all;
  }
  for (std::size_t i = 0; i < link.encrypted.size() && i < 2; ++i) {
    if (link.encrypted[i].size() != 2 * kAesBlock) continue;
    const auto other = link.encrypted.size() < 2 ? std::string_view{} : link.encrypted[1 - i];
    std::vector<const AesKey*> tried;
    for (const TagKey& key : keys.all()) {
      if (!key.meta) continue;
      const bool again = std::any_of(tried.begin(), tried.end(),
                                     [&](const AesKey* each) { return *each == *key.meta; });
      if (again) continue;
      tried.push_back(&*key.meta);
      if (const auto picc = opened(link.encrypted[i], *key.meta)) add(*picc, other, &key);
    }
  }
  return all;
}

SunTap tap_of(const Candidate& candidate, const AesKey& file) {
  SunTap tap;
  tap.uid = upper(to_hex(candidate.picc.uid));
  if (candidate.picc.counter) tap.counter = number_of(*candidate.picc.counter);
  tap.proof = candidate.picc.uid.empty() ? SunProof::no_uid
              : !candidate.picc.counter  ? SunProof::no_counter
                                         : SunProof::proven;
  if (!candidate.content.empty() && tap.proof == SunProof::proven)
    tap.content = content_of(candidate.content, file, candidate.picc);
  return tap;
}

}  // namespace

std::optional<SunLink> sun_link(std::string_view link) {
  if (link.size() > kLongestLink) return std::nullopt;
  SunLink sun;
  for (const auto value : values_of(link)) {
    if (value.size() == 16) {
      sun.code = value;  // the last one: the code is about what stands before it
    } else if (value.size() == 48 && sun.encrypted.empty()) {
      sun.is_lrp = true;
    } else if (value.size() % 32 == 0) {
      sun.encrypted.push_back(value);
    } else if (value.size() == 14 && sun.uid.empty()) {
      sun.uid = value;
    } else if (value.size() == 6 && !sun.uid.empty() && sun.counter.empty()) {
      sun.counter = value;
    }
  }
  if (sun.code.empty()) return std::nullopt;
  sun.before_code = link.substr(0, static_cast<std::size_t>(sun.code.data() - link.data()));
  const bool says_which = sun.is_lrp || !sun.uid.empty() || !sun.encrypted.empty();
  return says_which ? std::optional(sun) : std::nullopt;
}

SunTap prove(const SunLink& link, const TagKeys& keys) {
  SunTap tap;
  tap.uid = upper(std::string(link.uid));
  if (link.is_lrp) return tap.proof = SunProof::lrp, tap;
  bool is_opened = false;
  const auto all = candidates(link, keys, is_opened);
  for (const Candidate& candidate : all) {
    const AesKey file = TagKeys::file_key(*candidate.key, candidate.picc.uid);
    if (code_fits(link, file, candidate.picc)) return tap_of(candidate, file);
  }
  if (!link.counter.empty()) {
    std::from_chars(link.counter.data(), link.counter.data() + link.counter.size(), tap.counter,
                    16);
  }
  tap.proof = !all.empty() ? SunProof::wrong_code
              : !is_opened ? SunProof::not_opened
                           : SunProof::no_key;
  return tap;
}

std::string_view why_not(SunProof proof) {
  switch (proof) {
    case SunProof::proven:
      return {};
    case SunProof::no_key:
      return "no key for this tag in the file that patrol.tag_keys names";
    case SunProof::wrong_code:
      return "the code in the tag's link is wrong: the link was made up or changed, or the file "
             "that patrol.tag_keys names has another key for this tag";
    case SunProof::not_opened:
      return "no key in the file that patrol.tag_keys names opens the tag's link (key \"meta\")";
    case SunProof::no_counter:
      return "the tag's link has no counter, so a copy of it cannot be told from a tap: switch on "
             "SDMReadCtr when the tag is written";
    case SunProof::no_uid:
      return "the tag's link does not say which tag it is: switch on the UID mirror when the tag "
             "is written";
    case SunProof::lrp:
      return "the tag works in LRP mode, which is not read here: write it in AES mode";
  }
  return {};
}

}  // namespace watchpost::tag_reader

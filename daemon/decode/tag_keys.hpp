// The file of the keys of NTAG 424 DNA tags (patrol.tag_keys).
// Promise: only a plain file is read that belongs to root or to this process's user and that others
// can neither read nor change, since who has the keys can make visits up; no key stands in a
// message. Form (TOML), one table for each tag or for all tags:
//   [[key]]
//   uid    = "04DE5F1EACC040"  # absent: every tag that has no table of its own
//   meta   = "32 hex digits"   # opens encrypted PICC data; absent where the UID is plain
//   file   = "32 hex digits"   # proves the link; or
//   master = "32 hex digits"   # the key of each tag is made of it and the UID (NXP AN10922)
//   input  = "hex digits"      # behind the UID in the diversification input: application, key
//                              # number, system identifier; absent: the UID alone
// Start-up only.
#pragma once

#include <string>

#include "base/result.hpp"

namespace watchpost::decode {

// The tables as a JSON list, for RegistryOptions::tag_keys_json.
[[nodiscard]] Result<std::string> load_tag_keys(const std::string& file);
struct TagKeysText {
  std::string file;  // as mistakes name it
  std::string toml;
};
[[nodiscard]] Result<std::string> parse_tag_keys(const TagKeysText& text);

}  // namespace watchpost::decode

// TagKeys: the AES keys of NTAG 424 DNA tags, as the host hands them over from the keys file
// (daemon/decode/tag_keys.hpp reads and checks it).
// Promise: an entry with a UID is for that tag only and is asked first; one without is for every
// tag. A key of a tag is written out, or made of a master key and the tag's UID (NXP AN10922,
// section 2.2). No key leaves this class as text. Built once; I/O thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/aes.hpp"
#include "sdk/json.hpp"

namespace watchpost::tag_reader {

struct TagKey {
  std::string uid;             // 7 bytes; empty: every tag
  std::optional<AesKey> meta;  // opens encrypted PICC data (SDMMetaReadKey)
  AesKey file;                 // or the master key it is made of (SDMFileReadKey)
  bool is_master = false;
  std::string input_after_uid;  // of the diversification input
};

class TagKeys {
 public:
  // [{"uid":"hex","meta":"hex","file":"hex" | "master":"hex","input":"hex"}]; throws
  // std::invalid_argument, without the keys.
  [[nodiscard]] static TagKeys parse(const sdk::json::array& list);

  [[nodiscard]] bool empty() const { return keys_.empty(); }
  [[nodiscard]] bool can_open_picc_data() const;
  // The file key that `key` gives the tag.
  [[nodiscard]] static AesKey file_key(const TagKey& key, std::string_view uid);
  // Those that may be of this tag, the tag's own first.
  [[nodiscard]] std::vector<const TagKey*> of(std::string_view uid) const;
  [[nodiscard]] const std::vector<TagKey>& all() const { return keys_; }

 private:
  std::vector<TagKey> keys_;
};

// AN10922 section 2.2: the key of `input` (1 to 31 bytes), made of a master key.
[[nodiscard]] AesKey diversified(const AesKey& master, std::string_view input);

}  // namespace watchpost::tag_reader

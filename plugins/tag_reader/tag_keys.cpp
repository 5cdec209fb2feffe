#include "tag_reader/tag_keys.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.hpp"

namespace watchpost::tag_reader {
namespace {

std::string bytes_at(const sdk::json::object& entry, std::string_view name) {
  const auto text = sdk::text_at(entry, name);
  if (!text) return {};
  const auto bytes = from_hex(*text);
  if (!bytes) throw std::invalid_argument("a tag key that is not hexadecimal");
  return *bytes;
}

AesKey key_of(std::string_view bytes) {
  if (bytes.size() != kAesBlock) throw std::invalid_argument("a tag key that has not 16 bytes");
  return AesKey(bytes);
}

// Twice `block` in the field of CMAC (NIST SP 800-38B section 6.1).
std::string doubled(std::string block) {
  unsigned carry = 0;
  for (std::size_t i = block.size(); i-- > 0;) {
    const unsigned twice = static_cast<unsigned char>(block[i]) << 1U | carry;
    block[i] = static_cast<char>(twice & 0xFF);
    carry = twice >> 8;
  }
  if (carry != 0) block.back() = static_cast<char>(static_cast<unsigned char>(block.back()) ^ 0x87);
  return block;
}

}  // namespace

// Always two blocks: a short input is filled to 32 bytes, which plain CMAC would not do.
AesKey diversified(const AesKey& master, std::string_view input) {
  std::string blocks = "\x01" + std::string(input);
  const bool is_padded = blocks.size() < 2 * kAesBlock;
  if (is_padded) blocks.push_back(static_cast<char>(0x80));
  blocks.resize(2 * kAesBlock, '\0');
  std::string mask = doubled(master.encrypt_block(std::string(kAesBlock, '\0')));
  if (is_padded) mask = doubled(std::move(mask));
  for (std::size_t i = 0; i < kAesBlock; ++i) {
    char& octet = blocks[kAesBlock + i];
    octet = static_cast<char>(octet ^ mask[i]);
  }
  const auto chained = master.encrypt_cbc({std::string(kAesBlock, '\0'), blocks});
  return key_of(std::string_view(chained).substr(kAesBlock));
}

TagKeys TagKeys::parse(const sdk::json::array& list) {
  TagKeys keys;
  for (const auto& each : list) {
    if (!each.is_object()) throw std::invalid_argument("an entry of the tag keys is no object");
    const auto& entry = each.get_object();
    TagKey key;
    key.uid = bytes_at(entry, "uid");
    if (const auto meta = bytes_at(entry, "meta"); !meta.empty()) key.meta = key_of(meta);
    const auto master = bytes_at(entry, "master");
    key.is_master = !master.empty();
    key.file = key_of(key.is_master ? master : bytes_at(entry, "file"));
    key.input_after_uid = bytes_at(entry, "input");
    keys.keys_.push_back(std::move(key));
  }
  std::stable_partition(keys.keys_.begin(), keys.keys_.end(),
                        [](const TagKey& key) { return !key.uid.empty(); });
  return keys;
}

bool TagKeys::can_open_picc_data() const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [](const TagKey& key) { return key.meta.has_value(); });
}

AesKey TagKeys::file_key(const TagKey& key, std::string_view uid) {
  if (!key.is_master) return key.file;
  return diversified(key.file, std::string(uid).append(key.input_after_uid));
}

std::vector<const TagKey*> TagKeys::of(std::string_view uid) const {
  std::vector<const TagKey*> fitting;
  for (const TagKey& key : keys_) {
    if (key.uid == uid) fitting.push_back(&key);
  }
  if (!fitting.empty()) return fitting;
  for (const TagKey& key : keys_) {
    if (key.uid.empty()) fitting.push_back(&key);
  }
  return fitting;
}

}  // namespace watchpost::tag_reader

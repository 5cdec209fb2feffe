// Compression of texts by the content codings of IANA's HTTP registry (RFC 9110, RFC 8878).
// Promise: `decompressed` gives back what a Compressor was given. It stops at `most` bytes,
// whatever a small input claims to become, and takes nothing but one whole stream. Pure; a
// Compressor belongs to one thread and keeps its tables, about half a megabyte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost {

enum class ContentCoding : std::uint8_t { none, deflate, zstd };

// "deflate", "zstd"; empty for none.
[[nodiscard]] std::string_view to_string(ContentCoding coding);
[[nodiscard]] std::optional<ContentCoding> content_coding_from(std::string_view name);
// The coding of a stream by its first bytes, with which no JSON text begins.
[[nodiscard]] ContentCoding content_coding_of(std::string_view bytes);

class Compressor {
 public:
  // The default levels are measured: docs/decisions/0013.
  explicit Compressor(ContentCoding coding) : Compressor(coding, default_level(coding)) {}
  Compressor(ContentCoding coding, int level);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  [[nodiscard]] ContentCoding coding() const { return coding_; }
  [[nodiscard]] std::string compressed(std::string_view text);

 private:
  class Tables;
  [[nodiscard]] static int default_level(ContentCoding coding);

  ContentCoding coding_;
  std::unique_ptr<Tables> tables_;
};

[[nodiscard]] Result<std::string> decompressed(ContentCoding coding, std::string_view bytes,
                                               std::size_t most);

}  // namespace watchpost

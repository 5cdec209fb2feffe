#include "base/compression.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "base/invariant.hpp"

namespace watchpost {
namespace {

constexpr int kDeflateLevel = 6;
constexpr int kZstdLevel = 1;
constexpr int kMostWindowLog = 23;  // 8 MiB, what the highest levels use
constexpr std::size_t kFirstRoom = 64UL * 1'024;

Failure broken(ContentCoding coding, std::string_view what) {
  return Failure{Failure::Kind::invalid_input, fmt::format("the {} {}", to_string(coding), what),
                 "Look at who publishes it"};
}

Failure too_large(ContentCoding coding, std::size_t most) {
  return broken(coding, fmt::format("text becomes larger than the {} bytes that are read", most));
}

Bytef* bytes_of(std::string_view text) {
  // zlib's interface of 1995 has no const.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

// Decompresses with either library: `step` writes from `used` on and says whether the stream has
// ended. There is room for one byte more than `most`, so that a text of `most` bytes passes.
template <class Step>
Result<std::string> inflated(ContentCoding coding, std::size_t most, Step step) {
  std::string text;
  std::size_t used = 0;
  while (true) {
    if (used == text.size()) text.resize(std::min(std::max(kFirstRoom, used * 2), most + 1));
    const std::size_t before = used;
    const Result<bool> ended = step(text, used);
    if (!ended) return ended.error();
    if (used > most) return too_large(coding, most);
    if (*ended) break;
    if (used == before) return broken(coding, "text ends too early");
  }
  text.resize(used);
  return text;
}

struct Inflater {
  z_stream stream{};
  bool ready = false;
  Inflater() { ready = inflateInit(&stream) == Z_OK; }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

Result<std::string> from_deflate(std::string_view bytes, std::size_t most) {
  Inflater inflater;
  WATCHPOST_INVARIANT(inflater.ready);
  z_stream& stream = inflater.stream;
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  return inflated(ContentCoding::deflate, most, [&](std::string& text, std::size_t& used) {
    stream.next_out = bytes_of(text) + used;
    stream.avail_out = static_cast<uInt>(text.size() - used);
    const int answer = inflate(&stream, Z_NO_FLUSH);
    used = text.size() - stream.avail_out;
    if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR) {
      return Result<bool>(broken(ContentCoding::deflate, "text is damaged"));
    }
    const bool ended = answer == Z_STREAM_END;
    if (ended && stream.avail_in > 0) {
      return Result<bool>(broken(ContentCoding::deflate, "text goes on after its end"));
    }
    return Result<bool>(ended);
  });
}

Result<std::string> from_zstd(std::string_view bytes, std::size_t most) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> tables(ZSTD_createDCtx(),
                                                                    &ZSTD_freeDCtx);
  WATCHPOST_INVARIANT(tables != nullptr);
  // The window is bounded, because a header may ask for more memory than the text will need.
  ZSTD_DCtx_setParameter(tables.get(), ZSTD_d_windowLogMax, kMostWindowLog);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  return inflated(ContentCoding::zstd, most, [&](std::string& text, std::size_t& used) {
    ZSTD_outBuffer out{text.data(), text.size(), used};
    const std::size_t answer = ZSTD_decompressStream(tables.get(), &out, &in);
    used = out.pos;
    if (ZSTD_isError(answer) != 0) {
      return Result<bool>(broken(ContentCoding::zstd, "text is damaged"));
    }
    const bool ended = answer == 0;
    if (ended && in.pos < in.size) {
      return Result<bool>(broken(ContentCoding::zstd, "text goes on after its end"));
    }
    return Result<bool>(ended);
  });
}

}  // namespace

std::string_view to_string(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::none:
      return {};
    case ContentCoding::deflate:
      return "deflate";
    case ContentCoding::zstd:
      return "zstd";
  }
  return {};
}

std::optional<ContentCoding> content_coding_from(std::string_view name) {
  for (const auto coding : {ContentCoding::none, ContentCoding::deflate, ContentCoding::zstd}) {
    if (to_string(coding) == name) return coding;
  }
  return std::nullopt;
}

ContentCoding content_coding_of(std::string_view bytes) {
  // The magic number of RFC 8878 section 3.1.1.
  if (bytes.starts_with("\x28\xB5\x2F\xFD")) return ContentCoding::zstd;
  // RFC 1950 section 2.2: 32 KiB window, and a header that is a multiple of 31.
  constexpr unsigned kCheck = 31;
  if (bytes.size() < 2 || bytes[0] != 'x') return ContentCoding::none;
  const unsigned header = ('x' << 8U) | static_cast<unsigned char>(bytes[1]);
  return header % kCheck == 0 ? ContentCoding::deflate : ContentCoding::none;
}

// The tables are reused: to build them anew costs more than to compress a small batch.
class Compressor::Tables {
 public:
  Tables(ContentCoding coding, int level) {
    if (coding == ContentCoding::deflate) {
      WATCHPOST_INVARIANT(deflateInit(&deflate_, level) == Z_OK);
      deflates_ = true;
    } else if (coding == ContentCoding::zstd) {
      zstd_.reset(ZSTD_createCCtx());
      WATCHPOST_INVARIANT(zstd_ != nullptr);
      level_ = level;
    }
  }
  ~Tables() {
    if (deflates_) deflateEnd(&deflate_);
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  std::string to_deflate(std::string_view text) {
    deflateReset(&deflate_);
    std::string out(deflateBound(&deflate_, text.size()), '\0');
    deflate_.next_in = bytes_of(text);
    deflate_.avail_in = static_cast<uInt>(text.size());
    deflate_.next_out = bytes_of(out);
    deflate_.avail_out = static_cast<uInt>(out.size());
    WATCHPOST_INVARIANT(deflate(&deflate_, Z_FINISH) == Z_STREAM_END);
    out.resize(deflate_.total_out);
    return out;
  }
  std::string to_zstd(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compressCCtx(zstd_.get(), out.data(), out.size(), text.data(), text.size(), level_);
    WATCHPOST_INVARIANT(ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
  }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  z_stream deflate_{};
  bool deflates_ = false;
  std::unique_ptr<ZSTD_CCtx, FreeContext> zstd_;
  int level_ = 0;
};

Compressor::Compressor(ContentCoding coding, int level)
    : coding_(coding), tables_(std::make_unique<Tables>(coding, level)) {}
Compressor::~Compressor() = default;

int Compressor::default_level(ContentCoding coding) {
  return coding == ContentCoding::deflate ? kDeflateLevel : kZstdLevel;
}

std::string Compressor::compressed(std::string_view text) {
  switch (coding_) {
    case ContentCoding::none:
      return std::string(text);
    case ContentCoding::deflate:
      return tables_->to_deflate(text);
    case ContentCoding::zstd:
      return tables_->to_zstd(text);
  }
  return {};
}

Result<std::string> decompressed(ContentCoding coding, std::string_view bytes, std::size_t most) {
  switch (coding) {
    case ContentCoding::none:
      return std::string(bytes);
    case ContentCoding::deflate:
      return from_deflate(bytes, most);
    case ContentCoding::zstd:
      return from_zstd(bytes, most);
  }
  return std::string(bytes);
}

}  // namespace watchpost

#include "spool/tables/row_content.hpp"

#define LZ4_STATIC_LINKING_ONLY  // LZ4_attach_dictionary
#include <lz4.h>

#include <climits>
#include <cstdint>

#include "base/invariant.hpp"
#include "spool/salvage/page_cells.hpp"

namespace watchpost::spool {
namespace {

constexpr char kDictionary1 = 1;
// Texts that payloads and annotations repeat. The dictionary is part of the file format, so it
// never changes; a better one would be dictionary 2.
constexpr std::string_view kWords =
    R"({"battery":97,"linkquality":120,"battery_low":false,"smoke":false,"tamper":false,)"
    R"("voltage":3000,"temperature":21.5,"humidity":55,"occupancy":true,"water_leak":false,)"
    R"("device":"cover","uid":"04A1B2C3D4E5F6","reader":"gate"}{"kind":"device_status","state":)"
    R"("fault","timesource":"gateway","quality":"suspect","history":true,"readings":[{"n":"sos")"
    R"(,"vb":true}],"flags":["clock_suspect","retained"],"part":1,"parts":2,"decoder":)"
    R"("zigbee2mqtt"}{"kind":"fall","state":"raised","condition":"suspected","urgency":"Immediate")"
    R"(,"severity":"Severe","certainty":"Observed","timesource":"network","readings":[{"n":)"
    R"("distance","u":"mm","v":1},{"n":"snr","u":"dB","v":7.5},{"n":"tag_uid","vs":")"
    R"(},{"n":"auth","vs":"none"}],"decoder":"tag_reader"}{"outcome":"undecoded","why":")"
    R"({"outcome":"malformed","decoder":"chirpstack4","why":")"
    R"([{"bn":"urn:dev:mac:0024befffe804ff1:","bt":1764000000,"n":"smoke","vb":true},)"
    R"({"n":"level","u":"m","v":1.2},{"n":"temperature","u":"Cel","v":21.5},{"n":)"
    R"("battery_voltage","u":"V","v":3.0},{"n":"battery","u":"%EL","v":87},{"n":"humidity",)"
    R"("u":"%RH","v":50},{"n":"rssi","u":"dBm","v":-71},{"n":"note","vs":"}]{"kind":"smoke",)"
    R"("state":"normal","timesource":"device","readings":[{"n":"co","u":"ppm","v":4}],"decoder":)"
    R"("shelly"}{"kind":"water_level","state":"info","timesource":"received","readings":[{"n":)"
    R"("water_level","u":"m","v":1.2},{"n":"battery","u":"%EL","v":87}],"decoder":"senml"})"
    R"({"kind":"measurement","state":"info","timesource":"received","readings":[{"n":")";

// LZ4 cannot make more out of a byte.
constexpr std::size_t kMostPerByte = 255;

// `value` is less than 2^31, so at most five groups of seven bits; all but the last are marked.
void append_size(std::string& out, std::size_t value) {
  for (unsigned shift = 28; shift > 0; shift -= 7) {
    if (value >> shift != 0) out.push_back(static_cast<char>(0x80U | (value >> shift & 0x7FU)));
  }
  out.push_back(static_cast<char>(value & 0x7FU));
}

std::optional<std::size_t> take_size(std::string_view& in) {
  const auto size = read_varint(in);
  if (!size || size->value > INT_MAX) return std::nullopt;
  in.remove_prefix(size->length);
  return static_cast<std::size_t>(size->value);
}

int as_int(std::size_t size) {
  WATCHPOST_INVARIANT(size <= INT_MAX);
  return static_cast<int>(size);
}

// The state of the compressor once it has read the dictionary, and the buffers of one thread.
class Packer {
 public:
  Packer() {
    LZ4_initStream(&learned_, sizeof learned_);
    LZ4_loadDict(&learned_, kWords.data(), as_int(kWords.size()));
    LZ4_initStream(&stream_, sizeof stream_);
  }

  std::string_view pack(const RowParts& parts) {
    plain_.assign(parts.payload).append(parts.annotation);
    head_.assign(1, kDictionary1);
    append_size(head_, parts.payload.size());
    append_size(head_, parts.annotation.size());
    const std::size_t head = head_.size();
    const int most = LZ4_compressBound(as_int(plain_.size()));
    // It only grows: to shrink and grow it again would fill the room with zeros for each row.
    if (packed_.size() < head + static_cast<std::size_t>(most)) {
      packed_.resize(head + static_cast<std::size_t>(most));
    }
    head_.copy(packed_.data(), head);
    LZ4_resetStream_fast(&stream_);
    LZ4_attach_dictionary(&stream_, &learned_);
    constexpr int kNoAcceleration = 1;
    const int size = LZ4_compress_fast_continue(&stream_, plain_.data(), packed_.data() + head,
                                                as_int(plain_.size()), most, kNoAcceleration);
    WATCHPOST_INVARIANT(size > 0);
    return std::string_view(packed_).substr(0, head + static_cast<std::size_t>(size));
  }

 private:
  LZ4_stream_t learned_;
  LZ4_stream_t stream_;
  std::string plain_;
  std::string head_;
  std::string packed_;  // longer than what it holds
};

}  // namespace

std::string_view pack(const RowParts& parts) {
  thread_local Packer packer;
  return packer.pack(parts);
}

std::optional<RowContent> unpack(std::string_view packed) {
  if (packed.empty() || packed.front() != kDictionary1) return std::nullopt;
  packed.remove_prefix(1);
  const auto payload = take_size(packed);
  const auto annotation = payload ? take_size(packed) : std::nullopt;
  if (!annotation || packed.size() > INT_MAX) return std::nullopt;
  const std::size_t size = *payload + *annotation;
  if (size > INT_MAX || size > packed.size() * kMostPerByte) return std::nullopt;
  RowContent content;
  content.payload.resize(size);
  const int made = LZ4_decompress_safe_usingDict(packed.data(), content.payload.data(),
                                                 static_cast<int>(packed.size()), as_int(size),
                                                 kWords.data(), as_int(kWords.size()));
  if (made < 0 || static_cast<std::size_t>(made) != size) return std::nullopt;
  content.annotation.assign(content.payload, *payload);
  content.payload.resize(*payload);
  return content;
}

}  // namespace watchpost::spool

// Decentlab: version 2, device id, flags that say which groups of 16-bit words follow, big endian;
// the battery is always the last group. Source: decentlab/decentlab-decoders@ae766f00.
#include <array>

#include "lorawan/model_codecs.hpp"
#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::decentlab {
namespace {

constexpr std::size_t kMostWords = 11;
using Words = std::array<std::uint16_t, kMostWords>;

// A word of a group as a reading: (word - zero) / per.
struct Word {
  std::size_t at = 0;
  sdk::Quantity quantity{};
  double zero = 0;
  double per = 1;
};

struct Model {
  std::string_view profile;
  watchpost_kind kind;
  std::size_t length;  // of the group of measured words
  std::array<Word, 3> words;
};

constexpr std::array kModels{
    Model{"decentlab_mbx", WATCHPOST_WATER_DISTANCE, 2, {{{0, {"distance", "mm"}}}}},
    Model{"decentlab_lid", WATCHPOST_WATER_DISTANCE, 11, {{{0, {"distance", "mm"}}}}},
    Model{"decentlab_ctd10",
          WATCHPOST_WATER_LEVEL,
          4,
          {{{0, {"depth", "mm"}, 32768}, {1, {"temperature", "Cel"}, 32768, 10}}}},
};

constexpr std::uint16_t kNoEcho = 65535;

bool measured(const Model& model, sdk::ByteReader& bytes, Decoded& decoded) {
  Words words{};
  for (std::size_t i = 0; i < model.length; ++i) words[i] = bytes.u16be();
  if (!bytes.ok()) return malformed(decoded, "a group that is cut");
  sdk::Observation observation(model.kind, WATCHPOST_NORMAL);
  for (const Word& word : model.words) {
    if (word.quantity.name.empty()) continue;
    if (words[word.at] == kNoEcho) {
      observation.null(word.quantity).flag("sentinel").quality(WATCHPOST_INVALID);
      observation.state(WATCHPOST_FAULT);
    } else {
      observation.number(word.quantity, (words[word.at] - word.zero) / word.per);
    }
  }
  return keep(decoded, std::move(observation));
}

bool read(const Uplink& uplink, const Model& model, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto version = bytes.u8();
  const auto serial = bytes.u16be();
  const auto flags = bytes.u16be();
  if (!bytes.ok() || version != 2) return malformed(decoded, "a Decentlab frame begins with 02");
  if ((flags & 1U) != 0 && !measured(model, bytes, decoded)) return false;
  if (decoded.observations.empty()) {
    decoded.observations.emplace_back(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  }
  auto& observation = decoded.observations.front();
  if ((flags & 2U) != 0) {
    const auto millivolts = bytes.u16be();
    if (!bytes.ok()) return malformed(decoded, "a group that is cut");
    observation.number({"battery_voltage", "V"}, millivolts / 1000.0);
  }
  observation.number({"device_serial"}, serial);
  if (!bytes.at_end()) {
    observation.flag("partly_read");
    decoded.unread = "words of a group that this model has not: is the device profile right?";
  }
  return true;
}

constexpr auto kCodecs = codecs_of<kModels, read>();

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::decentlab

// DeviceMappings: the mappings that devices have as their profile, and which device a topic names.
// Promise: a file that several devices share is read once. A topic names a device where the id is a
// whole level of it, or a run of levels where the id has '/'; the case of an id does not count. A
// mapping with `port` is of a LoRaWAN device, which no topic names. Built at start-up; used on the
// I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "decode/device_entry.hpp"
#include "decode/mapping_decoder.hpp"

namespace watchpost::decode {

class DeviceMappings {
 public:
  // Of a device whose profile is no mapping it takes no note. Fails where the file is at fault.
  [[nodiscard]] Result<void> add(const DeviceEntry& device, int zone_minutes);

  // The devices that `topic` names: the longest id first, then the one nearer to the topic's end.
  [[nodiscard]] std::vector<std::uint16_t> named_in(std::string_view topic) const;
  // What a device of named_in() sent.
  [[nodiscard]] Decoding decode(std::uint16_t device, const Frame& frame) const;
  // What the mapping makes of what `envelope` has handed over; what the envelope's decoder emitted
  // stands behind it.
  [[nodiscard]] Decoding unwrap(Decoding envelope, const Frame& frame) const;

 private:
  struct Device {
    std::string id;
    const MappingDecoder* decoder;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::map<std::string, std::unique_ptr<MappingDecoder>> decoders_;  // by file
  std::vector<Device> devices_;
  std::unordered_map<std::string, std::uint16_t, TextHash, std::equal_to<>> by_id_;  // lower case
  std::set<std::size_t> lengths_;  // how many levels an id may have
};

}  // namespace watchpost::decode

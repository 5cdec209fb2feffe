// MappingDecoder: decodes after a Mapping.
// Promise: a message that lacks a required member is answered with `not_mine`; a payload or a
// reading that cannot be read as the mapping says is malformed; null stays null. As the profile of
// devices one decoder serves them all, and names each as it is told. I/O thread only.
#pragma once

#include "decode/decoder.hpp"
#include "decode/mapping.hpp"

namespace watchpost::decode {

class MappingPayload;

class MappingDecoder final : public Decoder {
 public:
  MappingDecoder(Mapping mapping, int zone_minutes)
      : mapping_(std::move(mapping)), zone_minutes_(zone_minutes) {}

  [[nodiscard]] std::string_view name() const override { return mapping_.name; }
  Decoding decode(const Frame& frame) override { return decode_of({}, frame); }
  // What `device` sent; where that is empty, the mapping says which device it is.
  Decoding decode_of(std::string_view device, const Frame& frame) const;
  [[nodiscard]] const Mapping& mapping() const { return mapping_; }

 private:
  [[nodiscard]] std::string device_of(const Frame& frame, const MappingPayload& payload) const;
  // Nothing of the payload is where the mapping looks for it.
  [[nodiscard]] bool is_unlike(const MappingPayload& payload) const;
  struct Answer {
    Decoding decoding;
    std::string_view device;  // whom it is of; empty: the mapping says
    std::string not_understood;
    std::string unread;  // the first thing that must be there and is not, or is of a wrong type
  };
  void read_all(const Frame& frame, const MappingPayload& payload, Answer& answer) const;
  // True where a rule fits, or where what it met is loud.
  static bool judge(const MappedPart& part, const MappingPayload& payload, Observation& observation,
                    std::string& why);
  // What cannot be read; empty: nothing.
  static std::string read(const MappedPart& part, const MappingPayload& payload,
                          Observation& observation);
  void set_time(const MappingPayload& payload, Observation& observation) const;

  Mapping mapping_;
  int zone_minutes_;
};

}  // namespace watchpost::decode

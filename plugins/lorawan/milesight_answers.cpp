// Lengths of the answers to commands (channels FE and FF; F9, and F8 with a result behind it), from
// the makers' decoders: Milesight-IoT/SensorDecoders@e79c9d8b. Where two models differ, the table
// of the model has the item (milesight_models.cpp).
#include <algorithm>

#include "lorawan/milesight_items.hpp"

namespace watchpost::lorawan::milesight {
namespace {

struct Lengths {
  std::size_t length;
  std::string_view types;
};

using namespace std::string_view_literals;

constexpr std::array kAnswers{
    Lengths{1,
            "\x04\x10\x13\x25\x27\x28\x2A\x2F\x3B\x3C\x3D\x3E\x40\x42\x4A\x56\x57\x62\x64\x66"
            "\x68\x69\x6D\x71\x74\x7D\x7F\x82\x84\x87\x8F\xAC\xAD\xAE\xB3\xB4\xB5\xB6\xBE\xC2"
            "\xC3\xC5\xC7\xC9\xF5\xF6\xF8\xFB"sv},
    Lengths{2,
            "\x02\x03\x12\x17\x18\x1C\x1D\x4E\x61\x70\x76\x77\x80\x81\x95\xA3\xA4\xB7\xB8\xBD"
            "\xC0\xC4\xF2"sv},
    Lengths{3, "\x2D\x6A\x83\x8A\x8E\xAB\xB0\xB1\xBB\xCA\xEA\xF9\xFA"sv},
    Lengths{4, "\x11\x58\x89\xAF\xB9\xC1\xF1\xF7"sv},
    Lengths{5, "\x1B\x39\x7E\x92\xC8"sv},
    Lengths{6, "\x75\x79\x8D"sv},
    Lengths{7, "\xA1"sv},
    Lengths{8, "\x35\x63\x88\x96"sv},
    Lengths{9, "\x06\xA2\xBF"sv},
    Lengths{10, "\xBA"sv},
};

// Of the channels F8 and F9.
constexpr std::array kExtended{
    Lengths{1,
            "\x06\x08\x12\x13\x16\x36\x37\x3A\x3E\x3F\x40\x42\x43\x48\x4D\x4E\x66\x69\x86\x87"
            "\xB3\xC9\xD9"sv},
    Lengths{2, "\x05\x07\x09\x0A\x14\x15\x35\x38\x39\x50\x56\x85"sv},
    Lengths{3, "\x0D\x52\x53\xB2\xB4"sv},
    Lengths{4, "\x0C\x63"sv},
    Lengths{5, "\x41\x4A\x4C\x91"sv},
    Lengths{6, "\x44\x51\xB5"sv},
    Lengths{7, "\x0B\x33\xB1"sv},
    Lengths{9, "\x34\x49\x4B"sv},
    Lengths{12, "\x4F"sv},
};

template <std::size_t N>
std::optional<std::size_t> length_in(const std::array<Lengths, N>& table, unsigned type) {
  for (const auto& [length, types] : table) {
    if (types.find(static_cast<char>(type)) != std::string_view::npos) return length;
  }
  return std::nullopt;
}

constexpr unsigned kCalibrationOfCo2 = 0x1A;  // with a value behind it where its mode is 2

}  // namespace

std::optional<std::size_t> answer_length(unsigned id, std::string_view rest) {
  const unsigned channel = id >> 8;
  const unsigned type = id & 0xFF;
  if (channel == 0xFE || channel == 0xFF) {
    if (type != kCalibrationOfCo2) return length_in(kAnswers, type);
    return rest.starts_with('\x02') ? 3 : 1;
  }
  if (channel != 0xF8 && channel != 0xF9) return std::nullopt;
  const auto length = length_in(kExtended, type);
  if (!length) return std::nullopt;
  return *length + (channel == 0xF8 ? 1 : 0);  // the result of the command
}

}  // namespace watchpost::lorawan::milesight

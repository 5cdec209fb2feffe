// Custody: what has to happen before a record of a class counts as delivered, by setting.
#pragma once

#include <cstdint>

namespace watchpost::upstream {

enum class Custody : std::uint8_t {
  broker,   // the upstream's broker acknowledged the record
  receipt,  // the receiver behind the broker said that it has stored the record
};

}  // namespace watchpost::upstream

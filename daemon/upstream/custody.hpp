// Custody: what has to happen before a record counts as delivered.
#pragma once

#include <cstdint>

#include "model/receipt.hpp"

namespace watchpost::upstream {

enum class Custody : std::uint8_t {
  broker,   // the upstream's broker acknowledged the record
  receipt,  // the receiver behind the broker said that it has stored the record
};

}  // namespace watchpost::upstream

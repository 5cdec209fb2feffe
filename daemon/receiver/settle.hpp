// settle: somebody has looked at what an audit holds against a gateway, and says so.
// Promise: forgets the notes alone; no event and no count of events changes. Runs beside a receiver
// at work. Called from a command's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace watchpost::receiver {

enum class Note : std::uint8_t {
  branches,   // that a copy of the gateway's store was put back
  conflicts,  // different events under one source and id
};
struct Settlement {
  std::string source;  // of the gateway
  Note note = Note::branches;
};
// Returns how many there were. A gateway that was never heard is a Failure.
[[nodiscard]] Result<std::uint64_t> settle(const std::filesystem::path& file,
                                           const Settlement& settlement);

}  // namespace watchpost::receiver

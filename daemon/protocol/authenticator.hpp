// Authenticator: who may connect.
// Promise: the answer depends on user name and password only, and is given at once.
// I/O thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost::protocol {

enum class Admission : std::uint8_t {
  admitted,
  anonymous_refused,  // no user name, and this listener wants one
  bad_credentials,
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  [[nodiscard]] virtual Admission admit(std::optional<std::string_view> user_name,
                                        std::optional<std::string_view> password) const = 0;
};

}  // namespace watchpost::protocol

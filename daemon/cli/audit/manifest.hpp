// manifest: the heads of a gateway, read from its status or from its store.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {

// `status`: the output of `watchpost status --json`. `upstream`: a name; empty: the first.
[[nodiscard]] Result<receiver::GatewayHeads> heads_from_status(std::string_view status,
                                                               std::string_view upstream);

// Reads a store folder. A store does not know its gateway, so `source` stays empty.
[[nodiscard]] Result<receiver::GatewayHeads> heads_from_store(const std::string& folder,
                                                              const std::string& upstream);

}  // namespace watchpost::cli

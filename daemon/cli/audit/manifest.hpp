// manifest: the heads of a gateway, read from its status or from its store.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {

// Which upstream's cursors are asked for: the one with this name; empty: the first.
struct OfUpstream {
  std::string_view name;
};

// `status`: the output of `watchpost status --json`.
[[nodiscard]] Result<receiver::GatewayHeads> heads_from_status(std::string_view status,
                                                               OfUpstream asked);

// Reads a store folder. A store does not know its gateway, so `source` stays empty.
[[nodiscard]] Result<receiver::GatewayHeads> heads_from_store(const std::string& folder,
                                                              OfUpstream asked);

}  // namespace watchpost::cli

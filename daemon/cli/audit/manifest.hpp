// manifest: a gateway's heads as its status tells them, or its store.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {

// `status`: the output of `watchpost status --json`. `upstream`: a name; empty: the first.
[[nodiscard]] Result<receiver::GatewayHeads> heads_from_status(std::string_view status,
                                                               std::string_view upstream);

// Of a store folder, which does not know whose it is: `source` stays empty.
[[nodiscard]] Result<receiver::GatewayHeads> heads_from_store(const std::string& folder,
                                                              const std::string& upstream);

}  // namespace watchpost::cli

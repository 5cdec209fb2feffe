// version: which Watchpost this is.
// Promise: the number of the release, and the commit that it was built from, as both programs show
// them. Constants; any thread.
#pragma once

#include <string_view>

namespace watchpost {

// "0.1.0"
[[nodiscard]] std::string_view version_number();
// "0.1.0 (commit 28688a15f0d1)"; without the commit where it was built from no repository.
[[nodiscard]] std::string_view version_with_commit();

}  // namespace watchpost

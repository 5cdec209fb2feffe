// as_user: asks a question with the rights of another user, in a child process.
// Promise: this process keeps its rights, and what the question does to memory stays in the child.
// Only root may become another user. Called by --check-config, before any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace watchpost::app {

// The answer, 0 to 254; nothing where there is no such user or this process may not become it.
[[nodiscard]] std::optional<int> as_user(const std::string& user, const std::function<int()>& ask);

}  // namespace watchpost::app

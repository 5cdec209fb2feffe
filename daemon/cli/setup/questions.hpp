// asked_for: what a site says of itself, from the options and, at a terminal, from questions.
// Promise: what is given as an option is not asked; an answer that cannot be used is asked again,
// with what to write instead; without a terminal a missing value is a Failure that names its
// option. Called by `watchpost setup`, on the main thread.
#pragma once

#include "cli/setup/setup.hpp"
#include "cli/setup/site.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

[[nodiscard]] Result<Site> asked_for(const SetupOptions& options, Language language);

}  // namespace watchpost::cli

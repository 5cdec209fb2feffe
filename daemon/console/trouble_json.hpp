// A trouble as JSON: code, severity, args, text and next in both languages, cause.
// Promise: the code and the args are enough for another program; text and next are for people.
// Pure.
#pragma once

#include <boost/json/object.hpp>

#include "model/trouble.hpp"

namespace watchpost::console {

[[nodiscard]] boost::json::object trouble_json(const Trouble& trouble);

}  // namespace watchpost::console

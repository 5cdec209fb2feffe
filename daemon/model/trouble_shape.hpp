// TroubleShape: the name of a code and the names of its arguments.
// Promise: both are part of the JSON of the local API and do not change. `why` is the one argument
// that holds words of another program (the kernel, SQLite, OpenSSL, a decoder), in its language.
// Used by every layer above base, on any thread.
#pragma once

#include <array>
#include <string_view>

#include "model/trouble_code.hpp"

namespace watchpost {

struct TroubleShape {
  TroubleCode code;
  std::string_view name;                  // in JSON, in the guides and on the command line
  std::array<const char*, 8> parameters;  // ended by the first that is null
};

}  // namespace watchpost

// DeviceEntry: what the site's configuration says about one device. A plain value.
#pragma once

#include <optional>
#include <string>

#include "model/observation.hpp"

namespace watchpost::decode {

struct DeviceEntry {
  std::string id;       // as the network names it: dev EUI, friendly name
  std::string profile;  // chooses the payload codec; or the path of a mapping (.toml) that reads it
  std::string name;     // for people
  std::optional<Domain> domain;
  std::string options_json;
};

}  // namespace watchpost::decode

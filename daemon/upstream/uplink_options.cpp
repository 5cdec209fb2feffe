#include "upstream/uplink_options.hpp"

namespace watchpost::upstream {

std::string_view to_string(UplinkState state) {
  switch (state) {
    case UplinkState::waiting:
      return "waiting";
    case UplinkState::connecting:
      return "connecting";
    case UplinkState::connected:
      return "connected";
    case UplinkState::stopping:
      return "stopping";
    case UplinkState::stopped:
      return "stopped";
  }
  return {};
}

}  // namespace watchpost::upstream

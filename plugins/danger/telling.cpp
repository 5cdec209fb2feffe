#include "danger/telling.hpp"

namespace watchpost::danger {

void tell(sdk::Sink& sink, const Teller& teller, std::deque<sdk::Observation>& observations,
          std::string_view unread) {
  for (sdk::Observation& observation : observations) {
    if (teller.repaired) observation.flag("repaired");
    sink.emit(observation.device(teller.device).observed(teller.at, teller.source));
  }
  if (!unread.empty()) sink.not_understood(unread);
}

}  // namespace watchpost::danger

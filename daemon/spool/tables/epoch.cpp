#include "spool/tables/epoch.hpp"

#include <random>

namespace watchpost::spool {

Epoch draw_epoch() {
  std::random_device random;  // getrandom(2)
  return epoch_from(random());
}

}  // namespace watchpost::spool

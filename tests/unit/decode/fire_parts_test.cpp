// Parts of fire alarm systems: what a platform writes of them means what their frames mean.
#include "danger/fire_parts.hpp"

#include "gb26875/type_names.hpp"
#include "support/catch.hpp"

namespace watchpost::danger {

TEST_CASE("a part tells of a fire by its name as by its number in a frame", "[danger][unit]") {
  for (int type = 0; type <= 255; ++type) {
    const auto* name = gb26875::part_name(static_cast<std::uint8_t>(type));
    if (name == nullptr) continue;
    INFO(name->english << " " << name->chinese);
    const bool tells = gb26875::tells_of_fire(static_cast<std::uint8_t>(type));
    CHECK(part_telling_of_fire(name->english).has_value() == tells);
    CHECK(part_telling_of_fire(name->chinese).has_value() == tells);
  }
  for (int type = 0; type <= 255; ++type) {
    const auto* name = gb26875::system_name(static_cast<std::uint8_t>(type));
    if (name == nullptr) continue;
    INFO(name->english << " " << name->chinese);
    const bool tells = gb26875::puts_out_fires(static_cast<std::uint8_t>(type));
    CHECK(part_telling_of_fire(name->english).has_value() == tells);
    CHECK(part_telling_of_fire(name->chinese).has_value() == tells);
  }
}

}  // namespace watchpost::danger

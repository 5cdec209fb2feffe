// DeviceCard: what people need to know of where a device hangs: whom to call, and who lives there.
// Promise: it is for the people of this gateway alone. No event, no log, no list of numbers and no
// bundle for support has any text of it (entry_data() says only which were changed). A plain value;
// any thread.
#pragma once

#include <array>
#include <string_view>

#include "base/compact_text.hpp"

namespace watchpost {

struct DeviceCard {
  CompactText group{};      // of devices, as people call it
  CompactText household{};  // or station
  CompactText contact{};    // whom to call: name and telephone
  CompactText age_group{};  // of who lives there; only where consent is noted, as the next
  CompactText sex{};
  CompactText consent{};  // who agreed, who noted it and when

  [[nodiscard]] bool empty() const { return *this == DeviceCard{}; }
  // It says of who lives there what nobody agreed to.
  [[nodiscard]] bool lacks_consent() const {
    return consent.empty() && !(age_group.empty() && sex.empty());
  }
  friend bool operator==(const DeviceCard&, const DeviceCard&) = default;
};

// Each text by its name in rows, tables, lists and the configuration, in the order in which people
// see them.
struct CardText {
  std::string_view name;
  CompactText DeviceCard::*text;
};
inline constexpr std::array<CardText, 6> kCardTexts{{{"group", &DeviceCard::group},
                                                     {"household", &DeviceCard::household},
                                                     {"contact", &DeviceCard::contact},
                                                     {"age_group", &DeviceCard::age_group},
                                                     {"sex", &DeviceCard::sex},
                                                     {"consent", &DeviceCard::consent}}};

}  // namespace watchpost

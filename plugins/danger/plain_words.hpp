// Plain words: what people write about an event, as the grammar reads it.
// Promise: of a text that names a danger and says alarm, the words that no table knows are left
// out ("old Li fell: fall alarm"); one that speaks of something else too, of a battery or a fault,
// and news stay as they are. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "danger/words.hpp"

namespace watchpost::danger {

[[nodiscard]] std::string plain_words(std::string_view text);
// Of a part of a fire alarm system that was started: as in the frames of its panel, an alarm of
// less certainty.
[[nodiscard]] std::string_view suspected_part(Danger part);

}  // namespace watchpost::danger

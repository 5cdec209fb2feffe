// GstRecord: one record of a GST9000 fire panel's printer port, taken apart.
// Promise: printer codes (ESC, FS, GS and the letter behind them) and control characters are
// dropped; the texts are UTF-8. What is not there is empty. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gst9000/headline.hpp"

namespace watchpost::gst9000 {

struct GstRecord {
  std::string printed_at;  // as printed: "08/12/02 17:24"
  // Read as year, month, day: the order is not documented.
  std::optional<std::int64_t> at;
  std::string loop;
  std::string part;
  std::string headline;
  std::string location;
  std::string part_text;  // what kind of part it is, in the panel's words
  Headline meaning;
  bool is_whole_text = true;  // all of it was GB 2312
  [[nodiscard]] bool empty() const {
    return printed_at.empty() && loop.empty() && headline.empty();
  }
};
[[nodiscard]] GstRecord record_from(std::string_view bytes, int zone_minutes);

}  // namespace watchpost::gst9000

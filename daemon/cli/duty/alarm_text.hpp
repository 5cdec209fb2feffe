// Alarm text: what an alarm is about, in the words that pages and lists share.
// Promise: absent fields read as empty, so a newer or older daemon still gives words. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "model/language.hpp"

namespace watchpost::cli {

// "red", "orange", ...
[[nodiscard]] std::string level_of(const boost::json::object& alarm, Language language);
// " [test]", " [drill]", " [told late]", or nothing.
[[nodiscard]] std::string marks_of(const boost::json::object& alarm, Language language);
// "smoke", "fault", ...: what an alarm is about. Of a rule its own text, or its name where it has
// none.
[[nodiscard]] std::string about(const boost::json::object& alarm, Language language);
// "rule river-high": whose alarm it is, where about() does not say it; else nothing.
[[nodiscard]] std::string rule_in(const boost::json::object& alarm, Language language);
// "reached 4.12 m": the worst value so far, with its unit where one is known; else nothing.
[[nodiscard]] std::string value_in(const boost::json::object& alarm, Language language);
// "not heard since …, expected every 1 h (learned)"; "affects 17: …"; else nothing.
[[nodiscard]] std::string silence_in(const boost::json::object& alarm, Language language);

}  // namespace watchpost::cli

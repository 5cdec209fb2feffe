// Reads the status as JSON, for the page, for the check and for other commands that show a part of
// it.
// Promise: absent fields read as empty, so a newer or older daemon still gives a page. Pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/event_class.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

[[nodiscard]] std::string text(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::int64_t number(const boost::json::object& object, std::string_view key);
[[nodiscard]] const boost::json::object& section(const boost::json::object& object,
                                                 std::string_view key);
[[nodiscard]] const boost::json::array& list(const boost::json::object& object,
                                             std::string_view key);
[[nodiscard]] bool has_any(const boost::json::object& counts);  // whether any class counts some

// How numbers are written.
[[nodiscard]] std::string bytes(std::int64_t count);
[[nodiscard]] std::string duration(std::int64_t seconds, Language language);
// The counts of an object as "alarm 0, patrol 3, ..."; written as sizes where `sizes` is true.
[[nodiscard]] std::string per_class(const boost::json::object& counts, Language language,
                                    bool sizes = false);

}  // namespace watchpost::cli

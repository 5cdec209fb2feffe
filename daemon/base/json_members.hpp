// json_members: members of an object that somebody else has written. Promise: what is missing or of
// another type reads as nothing, so a newer or older writer is read all the same; what is returned
// points into the object. Pure; any thread.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost {

[[nodiscard]] std::string_view text_in(const boost::json::object& object, std::string_view name);
// Whole numbers, also those written as 1.0.
[[nodiscard]] std::optional<std::int64_t> integer_in(const boost::json::object& object,
                                                     std::string_view name);
// 0: there is none, or it is less.
[[nodiscard]] std::uint64_t count_in(const boost::json::object& object, std::string_view name);
// Only what says so is true.
[[nodiscard]] bool flag_in(const boost::json::object& object, std::string_view name);
// Null: there is none.
[[nodiscard]] const boost::json::object* object_in(const boost::json::object& object,
                                                   std::string_view name);
[[nodiscard]] const boost::json::array& list_in(const boost::json::object& object,
                                                std::string_view name);

}  // namespace watchpost

// row_fields: the members of a kept row's text (alarm_row.hpp, duty_rows.hpp), written and read.
// Promise: texts come back byte for byte, also where they are not UTF-8; a member that is missing
// or means nothing makes the whole row unreadable, one that is not known is left alone. Pure; any
// thread.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/alarm.hpp"
#include "model/transition.hpp"

namespace watchpost {

[[nodiscard]] boost::json::value field_of(const Stamp& stamp);
[[nodiscard]] boost::json::value field_of(const std::optional<Stamp>& stamp);
[[nodiscard]] boost::json::value field_of(const std::optional<ServiceTime>& time);
[[nodiscard]] boost::json::value field_of(const Actor& actor);
[[nodiscard]] boost::json::value field_of(AlarmNumber number);
template <class Enum>
[[nodiscard]] std::int64_t number_of_enum(Enum value) {
  return static_cast<std::int64_t>(value);
}

// Reads the members of one object; of nothing where the text is none.
class RowFields {
 public:
  explicit RowFields(std::string_view text);
  explicit RowFields(const boost::json::value& value);

  // All that was asked for was there, and meant something.
  [[nodiscard]] bool fits() const { return fits_; }
  void misfit() { fits_ = false; }

  [[nodiscard]] std::string text(std::string_view name);
  // Of a member that rows of earlier versions do not have.
  [[nodiscard]] std::string text_if_any(std::string_view name);
  [[nodiscard]] std::int64_t integer(std::string_view name);
  [[nodiscard]] std::optional<double> number_or_null(std::string_view name);
  [[nodiscard]] std::optional<bool> flag_or_null(std::string_view name);
  [[nodiscard]] Stamp stamp(std::string_view name);
  [[nodiscard]] std::optional<Stamp> stamp_or_null(std::string_view name);
  [[nodiscard]] ServiceTime service(std::string_view name);
  [[nodiscard]] std::optional<ServiceTime> service_or_null(std::string_view name);
  [[nodiscard]] Actor actor(std::string_view name);
  [[nodiscard]] AlarmNumber alarm_number(std::string_view name);
  // The elements of a list; of anything else none, and the row does not fit.
  [[nodiscard]] const boost::json::array& list(std::string_view name);
  [[nodiscard]] bool is_null(std::string_view name);
  // For a member that rows of earlier versions do not have.
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] RowFields object(std::string_view name);

  // An enumerator by its number, none past `last`.
  template <class Enum>
  [[nodiscard]] Enum one_of(std::string_view name, Enum last) {
    return enumerator(integer(name), last);
  }
  template <class Enum>
  [[nodiscard]] Enum enumerator(std::int64_t number, Enum last) {
    if (number < 0 || number > number_of_enum(last)) {
      fits_ = false;
      return Enum{};
    }
    return static_cast<Enum>(number);
  }
  // What `found` names; nothing makes the row unreadable.
  template <class Value>
  [[nodiscard]] Value named(const std::optional<Value>& found) {
    if (!found) fits_ = false;
    return found.value_or(Value{});
  }

 private:
  [[nodiscard]] const boost::json::value& at(std::string_view name);
  [[nodiscard]] Stamp stamp_from(const boost::json::value& value);

  boost::json::value value_;
  bool fits_ = true;
};

}  // namespace watchpost

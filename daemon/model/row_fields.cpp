#include "model/row_fields.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

const json::value kNothing;
const json::array kNoList;

std::optional<std::int64_t> integer_of(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  return std::nullopt;
}

}  // namespace

json::value field_of(const Stamp& stamp) {
  return json::array{stamp.service.time_since_epoch().count(),
                     stamp.wall.time_since_epoch().count(), number_of_enum(stamp.clock)};
}

json::value field_of(const std::optional<Stamp>& stamp) {
  return stamp ? field_of(*stamp) : json::value{};
}

json::value field_of(const std::optional<ServiceTime>& time) {
  return time ? json::value(time->time_since_epoch().count()) : json::value{};
}

json::value field_of(const Actor& actor) {
  return json::array{number_of_enum(actor.origin), actor.who, actor.from};
}

json::value field_of(AlarmNumber number) {
  return json::array{std::int64_t{number.epoch}, static_cast<std::int64_t>(number.serial.value)};
}

RowFields::RowFields(std::string_view text) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::system::error_code failed;
  value_ = json::parse({text.data(), text.size()}, failed, {}, options);
  fits_ = !failed && value_.is_object();
}

RowFields::RowFields(const json::value& value) : value_(value), fits_(value.is_object()) {}

const json::value& RowFields::at(std::string_view name) {
  const json::value* found =
      value_.is_object() ? value_.get_object().if_contains({name.data(), name.size()}) : nullptr;
  if (found != nullptr) return *found;
  fits_ = false;
  return kNothing;
}

bool RowFields::has(std::string_view name) const {
  return value_.is_object() && value_.get_object().contains({name.data(), name.size()});
}

std::string RowFields::text(std::string_view name) {
  const json::value& value = at(name);
  if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
  fits_ = false;
  return {};
}

std::string RowFields::text_if_any(std::string_view name) {
  const bool is_there =
      value_.is_object() && value_.get_object().contains({name.data(), name.size()});
  return is_there ? text(name) : std::string{};
}

std::int64_t RowFields::integer(std::string_view name) {
  return named(integer_of(at(name)));
}

std::optional<double> RowFields::number_or_null(std::string_view name) {
  const json::value& value = at(name);
  if (value.is_null()) return std::nullopt;
  boost::system::error_code failed;
  const auto number = value.to_number<double>(failed);
  if (failed) fits_ = false;
  return number;
}

std::optional<bool> RowFields::flag_or_null(std::string_view name) {
  const json::value& value = at(name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_bool()) fits_ = false;
  return value.is_bool() && value.get_bool();
}

Stamp RowFields::stamp_from(const json::value& value) {
  constexpr std::size_t kParts = 3;
  if (!value.is_array() || value.get_array().size() != kParts) {
    fits_ = false;
    return {};
  }
  const json::array& parts = value.get_array();
  Stamp stamp;
  stamp.service = ServiceTime{std::chrono::milliseconds{named(integer_of(parts[0]))}};
  stamp.wall = WallTime{std::chrono::nanoseconds{named(integer_of(parts[1]))}};
  stamp.clock = enumerator(named(integer_of(parts[2])), ClockQuality::synced);
  return stamp;
}

Stamp RowFields::stamp(std::string_view name) {
  return stamp_from(at(name));
}

std::optional<Stamp> RowFields::stamp_or_null(std::string_view name) {
  if (is_null(name)) return std::nullopt;
  return stamp(name);
}

ServiceTime RowFields::service(std::string_view name) {
  return ServiceTime{std::chrono::milliseconds{integer(name)}};
}

std::optional<ServiceTime> RowFields::service_or_null(std::string_view name) {
  if (is_null(name)) return std::nullopt;
  return service(name);
}

Actor RowFields::actor(std::string_view name) {
  const json::array& parts = list(name);
  if (parts.size() != 3 || !parts[1].is_string() || !parts[2].is_string()) {
    fits_ = false;
    return {};
  }
  const auto text = [](const json::value& part) {
    return std::string(part.get_string().data(), part.get_string().size());
  };
  return {enumerator(named(integer_of(parts[0])), Origin::upstream), text(parts[1]),
          text(parts[2])};
}

AlarmNumber RowFields::alarm_number(std::string_view name) {
  const json::array& parts = list(name);
  if (parts.size() != 2) {
    fits_ = false;
    return {};
  }
  return {static_cast<std::uint32_t>(named(integer_of(parts[0]))),
          AlarmSerial{static_cast<std::uint64_t>(named(integer_of(parts[1])))}};
}

const json::array& RowFields::list(std::string_view name) {
  const json::value& value = at(name);
  if (value.is_array()) return value.get_array();
  fits_ = false;
  return kNoList;
}

bool RowFields::is_null(std::string_view name) {
  return at(name).is_null();
}

RowFields RowFields::object(std::string_view name) {
  return RowFields(at(name));
}

}  // namespace watchpost

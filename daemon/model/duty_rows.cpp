#include "model/duty_rows.hpp"

#include "model/row_fields.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

json::value json_of(const Rare<OutOfService>& out) {
  if (!out) return {};
  return json::object{{"why", out->why},
                      {"by", out->by},
                      {"since", field_of(out->since)},
                      {"was_registered", out->was_registered}};
}

Rare<OutOfService> out_in(RowFields& row) {
  if (row.is_null("out")) return {};
  RowFields fields = row.object("out");
  OutOfService out;
  out.why = fields.text("why");
  out.by = fields.text("by");
  out.since = fields.stamp("since");
  out.was_registered = fields.flag_or_null("was_registered").value_or(false);
  if (!fields.fits()) row.misfit();
  return out;
}

json::value json_of(const Habit& habit) {
  return json::object{{"learned", habit.learned.count()},
                      {"learning", habit.learning},
                      {"radio", habit.radio},
                      {"broker", habit.broker}};
}

// A row of an earlier version has none.
std::shared_ptr<const Habit> habit_in(RowFields& row) {
  if (!row.has("habit")) return nullptr;
  RowFields fields = row.object("habit");
  auto habit = std::make_shared<Habit>();
  habit->learned = std::chrono::seconds{fields.integer("learned")};
  habit->learning = fields.text("learning");
  habit->radio = fields.text("radio");
  habit->broker = fields.text("broker");
  if (!fields.fits()) row.misfit();
  return habit;
}

json::value json_of(const DeviceCard& card) {
  json::object row;
  for (const CardText& each : kCardTexts) {
    if (const std::string_view text = card.*each.text; !text.empty()) row[each.name] = text;
  }
  return row;
}

// A row of an earlier version has none.
Rare<DeviceCard> card_in(RowFields& row) {
  if (!row.has("card")) return {};
  RowFields fields = row.object("card");
  DeviceCard card;
  for (const CardText& each : kCardTexts) card.*each.text = fields.text_if_any(each.name);
  if (!fields.fits()) row.misfit();
  if (card.empty()) return {};
  return card;
}

json::value json_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::vector<std::string> texts_in(RowFields& row, std::string_view name) {
  std::vector<std::string> all;
  for (const json::value& each : row.list(name)) {
    if (each.is_string()) {
      all.emplace_back(each.get_string().data(), each.get_string().size());
    } else {
      row.misfit();
    }
  }
  return all;
}

json::value json_of(const Silence& silence) {
  return json::object{{"at", silence.at.time_since_epoch().count()},
                      {"until", silence.until.time_since_epoch().count()},
                      {"by", field_of(silence.by)}};
}

json::value json_of(const Drill& drill) {
  std::vector<std::string> kinds;
  for (const Kind kind : drill.scope.kinds) kinds.emplace_back(to_string(kind));
  return json::object{{"devices", json_of(drill.scope.devices)},
                      {"places", json_of(drill.scope.places)},
                      {"kinds", json_of(kinds)},
                      {"from", drill.from.time_since_epoch().count()},
                      {"until", drill.until.time_since_epoch().count()},
                      {"by", field_of(drill.by)},
                      {"note", drill.note},
                      {"ended_by", drill.ended_by ? field_of(*drill.ended_by) : json::value{}}};
}

json::value json_of(const OutputTest& test) {
  return json::object{{"output", test.output},
                      {"since", test.since.time_since_epoch().count()},
                      {"by", field_of(test.by)}};
}

json::value json_of(const std::vector<OutputTested>& tested) {
  json::array all;
  for (const OutputTested& one : tested) {
    all.push_back(json::object{{"output", one.output},
                               {"how", to_string(one.how)},
                               {"detail", one.detail},
                               {"by", one.by},
                               {"at", field_of(one.at)},
                               {"passed", field_of(one.passed)}});
  }
  return all;
}

OutputTest output_test_in(RowFields& row) {
  RowFields fields = row.object("output_test");
  OutputTest test{fields.text("output"), fields.service("since"), fields.actor("by")};
  if (!fields.fits()) row.misfit();
  return test;
}

std::vector<OutputTested> tested_in(RowFields& row) {
  std::vector<OutputTested> all;
  for (const json::value& each : row.list("tested")) {
    RowFields fields(each);
    OutputTested one;
    one.output = fields.text("output");
    one.how = fields.named(told_how_from(fields.text("how")));
    one.detail = fields.text("detail");
    one.by = fields.text("by");
    one.at = fields.stamp("at");
    one.passed = fields.service_or_null("passed");
    if (!fields.fits()) row.misfit();
    all.push_back(std::move(one));
  }
  return all;
}

Silence silence_in(RowFields& row) {
  RowFields fields = row.object("silence");
  Silence silence{fields.service("at"), fields.service("until"), fields.actor("by")};
  if (!fields.fits()) row.misfit();
  return silence;
}

Drill drill_in(RowFields& row) {
  RowFields fields = row.object("drill");
  Drill drill;
  drill.scope.devices = texts_in(fields, "devices");
  drill.scope.places = texts_in(fields, "places");
  for (const std::string& kind : texts_in(fields, "kinds"))
    drill.scope.kinds.push_back(fields.named(kind_from(kind)));
  drill.from = fields.service("from");
  drill.until = fields.service("until");
  drill.by = fields.actor("by");
  drill.note = fields.text("note");
  if (!fields.is_null("ended_by")) drill.ended_by = fields.actor("ended_by");
  if (!fields.fits()) row.misfit();
  return drill;
}

}  // namespace

std::string row_text(const Device& device) {
  json::object row{{"id", device.id},
                   {"name", device.name.view()},
                   {"place", device.place.view()},
                   {"service", to_string(device.service)},
                   {"out", json_of(device.out)},
                   {"tested_until", field_of(device.tested_until)},
                   {"proven", device.proven ? json::value(device.proven->time_since_epoch().count())
                                            : json::value{}},
                   {"changed", field_of(device.changed)}};
  if (device.expected) row["expected"] = device.expected->count();
  if (device.habit) row["habit"] = json_of(*device.habit);
  if (device.card) row["card"] = json_of(*device.card);
  return json::serialize(row);
}

std::optional<Device> device_from_row(std::string_view text) {
  RowFields row(text);
  Device device;
  device.id = row.text("id");
  device.name = row.text("name");
  device.place = row.text("place");
  device.service = row.named(device_service_from(row.text("service")));
  device.out = out_in(row);
  device.tested_until = row.service_or_null("tested_until");
  if (!row.is_null("proven"))
    device.proven = WallTime{std::chrono::nanoseconds{row.integer("proven")}};
  if (row.has("expected")) device.expected = std::chrono::seconds{row.integer("expected")};
  device.habit = habit_in(row);
  device.card = card_in(row);
  device.changed = row.stamp("changed");
  if (!row.fits()) return std::nullopt;
  return device;
}

std::string row_text(const CommandDone& done) {
  const json::object row{{"key", done.key},
                         {"action", to_string(done.action)},
                         {"target", done.target},
                         {"alarm", field_of(done.result.alarm)},
                         {"revision", std::int64_t{done.result.revision}},
                         {"state", to_string(done.result.state)},
                         {"at", field_of(done.at)}};
  return json::serialize(row);
}

std::optional<CommandDone> command_from_row(std::string_view text) {
  RowFields row(text);
  CommandDone done;
  done.key = row.text("key");
  done.action = row.named(action_from(row.text("action")));
  done.target = row.text("target");
  done.result.alarm = row.alarm_number("alarm");
  done.result.revision = static_cast<std::uint32_t>(row.integer("revision"));
  done.result.state = row.named(alarm_state_from(row.text("state")));
  done.at = row.stamp("at");
  if (!row.fits()) return std::nullopt;
  return done;
}

std::string row_text(const Duty& duty) {
  const json::object row{
      {"silence", duty.silence ? json_of(*duty.silence) : json::value{}},
      {"drill", duty.drill ? json_of(*duty.drill) : json::value{}},
      {"output_test", duty.output_test ? json_of(*duty.output_test) : json::value{}},
      {"tested", json_of(duty.tested)},
      {"changed", field_of(duty.changed)}};
  return json::serialize(row);
}

std::optional<Duty> duty_from_row(std::string_view text) {
  RowFields row(text);
  Duty duty;
  if (!row.is_null("silence")) duty.silence = silence_in(row);
  if (!row.is_null("drill")) duty.drill = drill_in(row);
  // Rows of earlier versions know no tests of outputs.
  if (row.has("output_test") && !row.is_null("output_test")) duty.output_test = output_test_in(row);
  if (row.has("tested")) duty.tested = tested_in(row);
  duty.changed = row.stamp("changed");
  if (!row.fits()) return std::nullopt;
  return duty;
}

}  // namespace watchpost

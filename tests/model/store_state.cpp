#include "model/store_state.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <memory>
#include <string_view>

#include "model/alarm_event.hpp"
#include "model/alarm_row.hpp"
#include "spool/tables/row_content.hpp"

namespace watchpost::model {
namespace {

namespace json = boost::json;

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;
using Query = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Failure unreadable(sqlite3* connection, std::string_view doing) {
  return Failure{Failure::Kind::storage, fmt::format("{}: {}", doing, sqlite3_errmsg(connection)),
                 ""};
}

// Digits are written by hand for speed: a state has thousands of values, and a test many thousands
// of states.
void add_digits(std::string& into, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  into.append(digits.data(), end);
}
void add_value(std::string& into, std::string_view value) {
  add_digits(into, static_cast<std::int64_t>(value.size()));
  into += ':';
  into += value;
}
void add_number(std::string& into, std::int64_t value) {
  add_digits(into, value);
  into += ',';
}
void add_null(std::string& into) {
  into += '-';
}

std::string_view bytes_of(sqlite3_stmt* row, int column) {
  const auto* begin = static_cast<const char*>(sqlite3_column_blob(row, column));
  return {begin != nullptr ? begin : "",
          static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

void add_column(std::string& into, sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
      return add_null(into);
    case SQLITE_INTEGER:
      return add_number(into, sqlite3_column_int64(row, column));
    default:
      return add_value(into, bytes_of(row, column));
  }
}

using EachRow = std::function<void(sqlite3_stmt* row)>;
Result<void> each_row(sqlite3* connection, const std::string& sql, const EachRow& each) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
    return unreadable(connection, sql);
  }
  const Query query(prepared);
  int code = sqlite3_step(prepared);
  for (; code == SQLITE_ROW; code = sqlite3_step(prepared)) each(prepared);
  if (code != SQLITE_DONE) return unreadable(connection, sql);
  return {};
}

Result<void> read_tables(sqlite3* connection, StoreState& state) {
  std::vector<std::string> names;
  auto done =
      each_row(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
               [&](sqlite3_stmt* row) { names.emplace_back(bytes_of(row, 0)); });
  for (const std::string& name : names) {
    if (!done) return done;
    std::string& rows = state.tables[name];
    done = each_row(connection, "SELECT * FROM " + name, [&](sqlite3_stmt* row) {
      for (int i = 0; i < sqlite3_column_count(row); ++i) add_column(rows, row, i);
      rows += '\n';
    });
  }
  return done;
}

// The columns of content_of, in its order; the packed column comes last.
constexpr const char* kContent =
    "epoch, domain, severity, decoded, clock, received_at, observed_at, device, topic, payload";
constexpr int kPayload = 10;

// Of the alarm object of a record or of the local API. A row goes on after its record: count, last
// and peak. Only the record has the change itself and what its device is called.
KnownAlarm told_by(const json::object& alarm) {
  constexpr std::array<std::string_view, 13> kNotOfBoth{
      "name", "place",           "previous", "event", "level_before", "changed", "by",
      "note", "since_raised_ms", "count",    "last",  "peak",         "evidence"};
  KnownAlarm known;
  known.transitions = alarm.at("transition").to_number<std::uint32_t>();
  known.count = alarm.at("count").to_number<std::uint64_t>();
  for (const auto& id : alarm.at("evidence").as_array())
    known.evidence.emplace_back(id.as_string().c_str());
  json::object both;
  for (const auto& [name, value] : alarm) {
    if (std::find(kNotOfBoth.begin(), kNotOfBoth.end(), name) == kNotOfBoth.end())
      both.emplace(name, value);
  }
  known.told = json::serialize(both);
  return known;
}

std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

void read_told(const std::string& annotation, StoredRecord& record) {
  const auto data = json::parse(annotation);
  const auto& alarm = data.at("alarm").as_object();
  record.alarm = alarm.at("number").to_number<std::uint64_t>();
  record.told = told_by(alarm);
  record.who = text_in(alarm.at("by").as_object(), "who");
}

void read_deed(const std::string& annotation, StoredRecord& record) {
  const auto data = json::parse(annotation).as_object();
  record.who = text_in(data.at("by").as_object(), "who");
  record.deed = KnownDeed{text_in(data, "action"), text_in(data, "device"), text_in(data, "name"),
                          text_in(data, "place")};
}

Result<void> read_log(sqlite3* connection, EventClass event_class, StoreState& state) {
  const auto sql =
      fmt::format("SELECT seq, {} FROM log_{} ORDER BY seq", kContent, to_string(event_class));
  return each_row(connection, sql, [&](sqlite3_stmt* row) {
    StoredRecord record;
    record.seq = Seq{static_cast<std::uint64_t>(sqlite3_column_int64(row, 0))};
    for (int i = 1; i < kPayload; ++i) add_column(record.content, row, i);
    const auto content = spool::unpack(bytes_of(row, kPayload)).value_or(spool::RowContent{});
    for (const std::string* text : {&content.payload, &content.annotation}) {
      add_value(record.content, *text);
    }
    const std::int64_t type = sqlite3_column_int64(row, 4);
    if (type == stored_number(RecordType::transition)) read_told(content.annotation, record);
    if (type == stored_number(RecordType::duty)) read_deed(content.annotation, record);
    record.is_beginning = type == stored_number(RecordType::store);
    record.is_of_store = record.is_beginning || type == stored_number(RecordType::gap);
    state.logs[index_of(event_class)].push_back(std::move(record));
  });
}

Result<void> read_subscribers(sqlite3* connection, Subscribers& all) {
  const auto text = [](sqlite3_stmt* row, int column) {
    return std::string(bytes_of(row, column));
  };
  auto done = each_row(
      connection, "SELECT client_id, filter, options FROM subscription", [&](sqlite3_stmt* row) {
        all.subscriptions[{text(row, 0), text(row, 1)}] = sqlite3_column_int64(row, 2);
      });
  if (!done) return done;
  done =
      each_row(connection, "SELECT client_id, number, class, released, payload FROM client_queue",
               [&](sqlite3_stmt* row) {
                 all.queued[{text(row, 0), sqlite3_column_int64(row, 1)}] = {
                     sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3) != 0, text(row, 4)};
               });
  if (!done) return done;
  done = each_row(connection, "SELECT topic, payload FROM retained",
                  [&](sqlite3_stmt* row) { all.retained[text(row, 0)] = text(row, 1); });
  if (!done) return done;
  done = each_row(connection, "SELECT client_id, payload FROM will",
                  [&](sqlite3_stmt* row) { all.wills[text(row, 0)] = text(row, 1); });
  if (!done) return done;
  return each_row(
      connection, "SELECT kind, name, number, at_s FROM deadline", [&](sqlite3_stmt* row) {
        all.deadlines[{sqlite3_column_int64(row, 0), text(row, 1), sqlite3_column_int64(row, 2)}] =
            sqlite3_column_int64(row, 3);
      });
}

Result<void> read_judgement(sqlite3* connection, KeptJudgement& all) {
  auto done = each_row(connection, "SELECT number, content FROM alarm", [&](sqlite3_stmt* row) {
    const auto alarm = alarm_from_row(bytes_of(row, 1));
    const auto number = static_cast<std::uint64_t>(sqlite3_column_int64(row, 0));
    all.alarms[number] = alarm ? known_alarm(*alarm) : KnownAlarm{};
  });
  const auto read = [&](const char* query, std::map<std::string, std::string>& into) {
    if (!done) return;
    done = each_row(connection, query, [&](sqlite3_stmt* row) {
      into[std::string(bytes_of(row, 0))] = bytes_of(row, 1);
    });
  };
  std::map<std::string, std::string> duty;
  read("SELECT id, content FROM device", all.devices);
  read("SELECT key, content FROM command_done", all.commands);
  read("SELECT 'one', content FROM duty", duty);
  all.duty = duty["one"];
  return done;
}

Result<void> read_rest(sqlite3* connection, StoreState& state) {
  const auto number = [](sqlite3_stmt* row, int column) {
    return static_cast<std::uint64_t>(sqlite3_column_int64(row, column));
  };
  auto done =
      each_row(connection, "SELECT upstream, class, settled FROM cursor", [&](sqlite3_stmt* row) {
        state.cursors[{std::string(bytes_of(row, 0)), number(row, 1)}] = Seq{number(row, 2)};
      });
  if (!done) return done;
  done = each_row(connection, "SELECT client_id, expiry_s FROM session", [&](sqlite3_stmt* row) {
    state.sessions[std::string(bytes_of(row, 0))] = sqlite3_column_int64(row, 1);
  });
  if (!done) return done;
  done = each_row(connection, "SELECT client_id, packet_id FROM session_packet_id",
                  [&](sqlite3_stmt* row) {
                    state.packet_ids.emplace(bytes_of(row, 0), sqlite3_column_int64(row, 1));
                  });
  if (!done) return done;
  if (done = read_subscribers(connection, state.subscribers); !done) return done;
  if (done = read_judgement(connection, state.judgement); !done) return done;
  done = each_row(
      connection, "SELECT class, first, last, reason FROM drop_ledger ORDER BY id",
      [&](sqlite3_stmt* row) {
        state.ledger.push_back({static_cast<EventClass>(number(row, 0)), Seq{number(row, 1)},
                                Seq{number(row, 2)}, std::string(bytes_of(row, 3))});
      });
  if (!done) return done;
  return each_row(
      connection, "SELECT upstream, class, seq, id FROM set_aside", [&](sqlite3_stmt* row) {
        state.set_aside[{std::string(bytes_of(row, 0)), number(row, 1), number(row, 2)}] =
            sqlite3_column_int64(row, 3);
      });
}

}  // namespace

std::string content_of(const Record& record) {
  std::string content;
  add_number(content, number_of(record.epoch));
  add_number(content, static_cast<std::int64_t>(record.domain));
  add_number(content, record.severity_number);
  add_number(content, stored_number(record.type));
  add_number(content, static_cast<std::int64_t>(record.clock));
  add_number(content, record.received_at.time_since_epoch().count());
  if (record.observed_at) {
    add_number(content, record.observed_at->time_since_epoch().count());
  } else {
    add_null(content);
  }
  for (const std::string* text :
       {&record.device, &record.topic, &record.payload, &record.annotation}) {
    add_value(content, *text);
  }
  return content;
}

KnownAlarm known_alarm(const Alarm& alarm) {
  KnownAlarm known = told_by(json::parse(alarm_object(alarm, {})).as_object());
  known.row = std::make_shared<const Alarm>(alarm);
  return known;
}

Seq StoreState::newest(EventClass event_class) const {
  const auto& log = logs[index_of(event_class)];
  return log.empty() ? Seq{} : log.back().seq;
}

Seq StoreState::cursor(const std::string& upstream, EventClass event_class) const {
  const auto found = cursors.find({upstream, index_of(event_class)});
  return found == cursors.end() ? Seq{} : found->second;
}

Result<StoreState> read_state(const std::filesystem::path& database_file, Depth depth) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(database_file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const Connection connection(opened);
  if (code != SQLITE_OK) return unreadable(opened, "opening " + database_file.string());
  StoreState state;
  // One transaction reads everything, so that the state is of one moment.
  auto done = each_row(opened, "BEGIN", {});
  if (done) done = read_tables(opened, state);
  if (done && depth == Depth::parsed) {
    for (const auto event_class : kEventClasses) {
      if (done) done = read_log(opened, event_class, state);
    }
    if (done) done = read_rest(opened, state);
  }
  if (!done) return done.error();
  return state;
}

}  // namespace watchpost::model

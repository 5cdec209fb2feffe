#include "model/sample_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/event_id.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/tables/log_table.hpp"
#include "sqlite/database.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::model {
namespace {

namespace fs = std::filesystem;
using namespace spool;

// Fills a store through the Writer and remembers all records and cursors that it wrote.
class Filler {
 public:
  Filler(std::string name, std::uint64_t seed) : random_(seed) { sample_.name = std::move(name); }

  void open() {
    writer_ = std::make_unique<Writer>(Writer::open(options_, log_).value());
    note_epoch();
  }
  void close() {
    make_up_rows();
    note_epoch();
    writer_->close();
    writer_.reset();
  }
  void kill() {
    note_epoch();
    writer_.reset();
  }
  // Each start has an epoch of its own, from its first record on.
  void note_epoch() { sample_.epoch = writer_->contents().epoch; }
  void commits(int count) {
    for (int i = 0; i < count; ++i) commit();
  }
  // Fills every other table of the list, so that a new table is attacked as soon as it is in the
  // list.
  void make_up_rows() {
    auto database = sqlite::Database::open(writer_->database_file(),
                                           sqlite::Database::Access::read_write_create)
                        .value();
    database.checkpoint_when_closed(false);
    for (const Table* table : all_tables()) {
      if (is_filled_by_writer(table->name())) continue;
      auto insert = database.prepare(table->insert_sql("INSERT OR IGNORE")).value();
      for (int i = 0; i < 20; ++i) make_up_row(*table, insert);
    }
  }
  void checkpoint() {
    auto other = sqlite::Database::open(writer_->database_file(),
                                        sqlite::Database::Access::read_write_create)
                     .value();
    (void)other.checkpoint(sqlite::Database::Checkpoint::passive).value();
    other.checkpoint_when_closed(false);
  }
  void keep_earlier() { sample_.earlier = StoreImage::take(directory_.path()); }
  void remove_history() {
    while (writer_->remove_some()) {
    }
  }
  void break_store() {
    auto bytes = StoreImage::take(directory_.path()).bytes(kDatabase);
    bytes.replace(0, 16, "no database file");
    StoreImage{{{kDatabase, bytes}}}.put(directory_.path());
  }
  void keep_little() { options_.space.history = ByteCount{150'000}; }

  [[nodiscard]] SampleStore finish() {
    if (writer_) note_epoch();
    sample_.image = StoreImage::take(directory_.path());
    const auto content = read_content(directory_.path() / kDatabase);
    if (!content.trouble.empty()) throw std::runtime_error("sample: " + content.trouble);
    sample_.rows = content.rows;
    sample_.made_up = content.made_up;
    for (const auto& [key, row] : sample_.rows) sample_.ids.insert(id_of(row.record));
    return std::move(sample_);
  }

 private:
  static std::string id_of(const Record& record) {
    return event_id({record.epoch, record.event_class, record.seq});
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::string text() {
    std::uint64_t size = 20 + below(200);
    if (below(12) == 0) size = below(9'000);
    if (below(60) == 0) size = 20'000 + below(20'000);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

  // Makes a row whose values the table itself calls plausible.
  void make_up_row(const Table& table, sqlite::Statement& insert) {
    std::vector<std::string> texts(table.columns().size());
    Row row(table.columns().size());
    for (int tries = 0; tries < 1'000; ++tries) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const ColumnValue::Type type = table.columns()[i].type;
        if (type != ColumnValue::Type::integer) texts[i] = text();
        row[i] = {type, static_cast<std::int64_t>(1 + below(tries < 500 ? 200 : 4)), texts[i]};
      }
      row.back().integer = table.sum_of(row);
      if (table.recognises(row)) break;
    }
    if (!table.recognises(row))
      throw std::runtime_error("no row fits " + std::string(table.name()));
    Table::bind(insert, row);
    insert.run().value();
  }

  Record record() {
    constexpr std::array kMix{EventClass::telemetry, EventClass::telemetry, EventClass::telemetry,
                              EventClass::status,    EventClass::alarm,     EventClass::patrol};
    Record record;
    record.event_class = kMix[below(kMix.size())];
    record.domain = static_cast<Domain>(below(7));
    record.severity_number = static_cast<std::uint8_t>(below(25));
    record.type = static_cast<RecordType>(below(4));  // one of the types that a device causes
    record.clock = static_cast<ClockQuality>(below(3));
    record.received_at =
        WallTime{std::chrono::nanoseconds{static_cast<std::int64_t>(random_() >> 3U)}};
    if (below(2) == 0) record.observed_at = WallTime{std::chrono::seconds{below(2'000'000'000)}};
    record.device = fmt::format("device-{}", below(20));
    record.topic = "wp/in/fire/" + record.device;
    record.payload = text();
    record.annotation = fmt::format(R"({{"kind":"smoke","n":{}}})", random_());
    return record;
  }

  void add_session(Append& append) {
    const auto client = fmt::format("reader-{}", below(4));
    auto known = sample_.sessions.find(client);
    SessionChange change;
    change.client_id = client;
    if (known == sample_.sessions.end()) {
      change.expiry = std::chrono::seconds{3'600};
      sample_.sessions[client];
    } else if (const auto id = static_cast<std::uint16_t>(1 + below(30));
               known->second.count(id) == 0) {
      change.kind = SessionChange::Kind::remember_packet_id;
      change.packet_id = PacketId{id};
      known->second.insert(id);
    } else {
      change.kind = SessionChange::Kind::forget_packet_id;
      change.packet_id = PacketId{id};
      known->second.erase(id);
    }
    append.facts.emplace_back(change);
  }

  // Lists of up to 30,000 bytes: their pages are freed and used again.
  void add_memory(Append& append) {
    Remembered remembered{"zigbee2mqtt", fmt::format("list {}", below(3)), {}};
    const auto size = below(30'000);
    for (std::uint64_t i = 0; i < size; ++i) {
      remembered.value.push_back(static_cast<char>('a' + below(26)));
    }
    sample_.remembered.insert({remembered.decoder, remembered.key, remembered.value});
    append.facts.emplace_back(std::move(remembered));
  }

  void add_cursor(CommitGroup& group) {
    const auto event_class = kEventClasses[below(kEventClassCount)];
    const Seq newest = writer_->contents().logs[index_of(event_class)].newest;
    Seq& cursor = sample_.cursors["street"][index_of(event_class)];
    if (newest.value <= cursor.value + 4) return;
    cursor = Seq{newest.value - below(4)};
    group.notes.move_cursor({"street", event_class, cursor});
  }

  void commit() {
    CommitGroup group;
    const auto appends = 1 + below(4);
    for (std::uint64_t i = 0; i < appends; ++i) {
      Append append;
      append.records.push_back(record());
      if (below(4) == 0) append.records.push_back(record());
      if (below(3) == 0) add_session(append);
      if (below(6) == 0) add_memory(append);
      group.appends.push_back(std::move(append));
    }
    if (below(3) == 0) add_cursor(group);
    writer_->commit(group).value();
    for (const Append& append : group.appends) {
      for (const Record& record : append.records) sample_.ids.insert(id_of(record));
    }
  }

  support::TempDirectory directory_;
  support::RecordingLog log_;
  WriterOptions options_ = sample_options(directory_.path());
  std::mt19937_64 random_;
  std::unique_ptr<Writer> writer_;
  SampleStore sample_;
};

SampleStore mostly_in_database(std::uint64_t seed) {
  Filler filler("mostly in the database", seed);
  filler.open();
  filler.commits(60);
  filler.close();
  filler.keep_earlier();
  filler.open();
  filler.commits(25);
  return filler.finish();
}

SampleStore all_in_wal(std::uint64_t seed) {
  Filler filler("all in the WAL", seed);
  filler.open();
  filler.commits(15);
  filler.make_up_rows();
  filler.keep_earlier();
  filler.commits(20);
  return filler.finish();
}

SampleStore wal_begun_anew(std::uint64_t seed) {
  Filler filler("a WAL begun anew", seed);
  filler.open();
  filler.commits(40);
  filler.keep_earlier();
  filler.checkpoint();
  filler.commits(12);
  return filler.finish();
}

SampleStore closed_in_order(std::uint64_t seed) {
  Filler filler("closed in order", seed);
  filler.open();
  filler.commits(40);
  filler.close();
  filler.keep_earlier();
  filler.open();
  filler.commits(20);
  filler.close();
  return filler.finish();
}

SampleStore history_removed(std::uint64_t seed) {
  Filler filler("history removed", seed);
  filler.keep_little();
  filler.open();
  filler.commits(60);
  filler.remove_history();
  filler.keep_earlier();
  filler.commits(20);
  return filler.finish();
}

SampleStore salvaged_before(std::uint64_t seed) {
  Filler filler("salvaged before", seed);
  filler.open();
  filler.commits(40);
  filler.close();
  filler.break_store();
  filler.keep_earlier();
  filler.open();
  filler.commits(20);
  return filler.finish();
}

Result<void> read_class(sqlite::Database& database, EventClass event_class, StoreContent& content) {
  auto select = database.prepare(select_records(event_class));
  if (!select) return select.error();
  select->bind(1, std::int64_t{0});
  select->bind(2, std::int64_t{1'000'000});
  std::uint64_t last = 0;
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const auto seq = static_cast<std::uint64_t>(select->integer(0));
    const auto record = read_log_row(*select, event_class);
    if (!record) content.trouble = fmt::format("row {} does not fit its sum", seq);
    if (record && seq <= last) content.trouble = fmt::format("row {} is out of order", seq);
    if (record && seq > last) {
      content.rows[{event_class, seq}] = {*record, select->integer(2)};
    }
    last = seq;
  }
  if (!more) return more.error();
  return {};
}

// As a reader of facts does: a row that is none of this table's is damage. (An older page that
// SQLite reads as part of the table may hold another table's rows.)
Result<void> read_made_up(sqlite::Database& database, const Table& table, StoreContent& content) {
  auto select = database.prepare(fmt::format("SELECT * FROM {}", table.name()));
  if (!select) return select.error();
  auto& found = content.made_up[std::string(table.name())];
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const Row row = table.row_at(*select);
    if (!table.recognises(row)) {
      content.trouble = fmt::format("a row of {} does not fit its sum", table.name());
      continue;
    }
    RowText text;
    for (const ColumnValue& value : row) text += fmt::format("{}:{};", value.integer, value.bytes);
    found.insert(std::move(text));
  }
  if (!more) return more.error();
  return {};
}

}  // namespace

bool is_filled_by_writer(std::string_view table) {
  constexpr std::array kFilled{"store",         "cursor",  "drop_ledger",
                               "set_aside",     "session", "session_packet_id",
                               "decoder_memory"};
  return table.starts_with("log_") ||
         std::find(kFilled.begin(), kFilled.end(), table) != kFilled.end();
}

StoreContent read_content(const fs::path& file) {
  StoreContent content;
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_only);
  if (!database) return {{}, {}, database.error().what};
  for (const auto event_class : kEventClasses) {
    auto done = read_class(*database, event_class, content);
    if (!done) content.trouble = done.error().what;
  }
  for (const Table* table : all_tables()) {
    if (is_filled_by_writer(table->name())) continue;
    auto done = read_made_up(database.value(), *table, content);
    if (!done) content.trouble = done.error().what;
  }
  return content;
}

spool::WriterOptions sample_options(const fs::path& directory, std::uint32_t first_epoch) {
  spool::WriterOptions options;
  options.directory = directory;
  options.kept_for.required = {"street"};
  // Numbers of all sizes, so that rows are as they would be with random ones.
  options.draw_epoch = [drawn = first_epoch]() mutable {
    return epoch_from(0x9E3779B9U * drawn++);
  };
  options.now = [] { return spool::Moment{WallTime{std::chrono::seconds{1'800'000'000}}, {}}; };
  return options;
}

std::vector<SampleStore> make_samples(std::uint64_t seed) {
  std::vector<SampleStore> samples;
  for (const auto make : {mostly_in_database, all_in_wal, wal_begun_anew, closed_in_order,
                          history_removed, salvaged_before}) {
    samples.push_back(make(++seed));
  }
  return samples;
}

}  // namespace watchpost::model

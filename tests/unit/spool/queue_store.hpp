// QueueStore: a store whose clients have small queues, for the tests of what waits for them.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spool/writer/writer.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::spool::testing {

using namespace watchpost::support;

inline QueuedChange queued(std::string client_id, std::uint64_t number, QueueClass queue_class,
                           std::size_t bytes = 1'000) {
  QueuedChange change{QueuedChange::Kind::added, std::move(client_id), number, {}, {}};
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = "hall/smoke";
  publication->payload = noise(bytes);
  publication->qos = Qos::exactly_once;
  publication->publisher = "sensor";
  change.delivery = {std::move(publication), Qos::at_least_once, true, {7, 300}};
  change.queue_class = queue_class;
  return change;
}

// A store whose clients may have 100 kB waiting each, and 250 kB together.
struct QueueStore {
  TempDirectory directory;
  RecordingLog log;
  WriterOptions options;
  std::unique_ptr<Writer> writer;
  std::map<std::string, std::uint64_t> numbers;

  QueueStore() {
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    options.space.quota = ByteCount{2'000'000};
    options.space.reserve = ByteCount{500'000};
    options.space.client_queue = ByteCount{100'000};
    options.space.client_queues = ByteCount{250'000};
    reopen();
  }
  void reopen() {
    writer.reset();
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  void commit(std::vector<Fact> facts, std::vector<Record> records = {}) {
    CommitGroup group;
    Append append;
    append.facts = std::move(facts);
    append.records = std::move(records);
    group.appends.push_back(std::move(append));
    writer->commit(group).value();
  }
  void open_session(const std::string& client_id) {
    SessionChange change;
    change.client_id = client_id;
    change.expiry = std::chrono::seconds{3'600};
    commit({change});
  }
  std::uint64_t add(const std::string& client_id, QueueClass queue_class,
                    std::size_t bytes = 1'000) {
    const auto number = ++numbers[client_id];
    commit({queued(client_id, number, queue_class, bytes)});
    return number;
  }
  [[nodiscard]] std::int64_t ask(const std::string& sql) const {
    return sqlite::Database::open(writer->database_file(), sqlite::Database::Access::read_only)
        .value()
        .query_integer(sql)
        .value();
  }
  [[nodiscard]] std::int64_t rows(const std::string& client_id, QueueClass queue_class) const {
    return ask(
        fmt::format("SELECT count(*) FROM client_queue WHERE client_id = '{}' AND class = {}",
                    client_id, index_of(queue_class)));
  }
  [[nodiscard]] const QueueTotals& totals() const { return writer->contents().queues; }
  [[nodiscard]] std::vector<Trouble> troubles() const { return writer->queue_yields()->troubles; }
  [[nodiscard]] std::uint64_t yielded(QueueClass queue_class) const {
    return writer->queue_yields()->messages[index_of(queue_class)];
  }
};

}  // namespace watchpost::spool::testing

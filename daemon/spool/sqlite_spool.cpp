#include "spool/sqlite_spool.hpp"

#include <utility>

#include "spool/tables/record_columns.hpp"

namespace watchpost::spool {
namespace {

// The sink of a ticket is the sender: the connection or the reader of a broker that handed over.
void tell_outcome(const Append& append, const Result<void>& outcome) {
  if (append.author) append.author->settled(append, outcome);
  append.ticket.settle(outcome);
}

}  // namespace

Result<std::unique_ptr<SqliteSpool>> SqliteSpool::open(SpoolOptions options, Post post, Log& log) {
  auto writer = Writer::open(options.writer, log);
  if (!writer) return writer.error();
  // The constructor is private and starts a thread that must not see the object moved.
  return std::unique_ptr<SqliteSpool>(
      new SqliteSpool(std::move(*writer), std::move(options), std::move(post)));
}

SqliteSpool::SqliteSpool(Writer writer, SpoolOptions options, Post post)
    : options_(std::move(options)),
      post_(std::move(post)),
      stored_facts_(writer.contents().facts),
      cursors_(writer.contents().cursors),
      status_(StoreMeter().status_of(writer)),
      logs_(writer.contents().logs),
      copies_(writer.contents().set_aside),
      self_(std::make_shared<SqliteSpool*>(this)),
      database_file_(writer.database_file()),
      queue_({options_.linger, options_.cursor_rest,
              [&checkpointer = writer.checkpointer()] { return checkpointer.is_running(); }}),
      committer_(std::move(writer), queue_,
                 {[this](std::shared_ptr<Committer::Report> report) {
                    post_([weak = std::weak_ptr<SqliteSpool*>(self_), report = std::move(report)] {
                      if (const auto self = weak.lock()) (*self)->settle(*report);
                    });
                  },
                  [this](GivenUp why) {
                    post_([weak = std::weak_ptr<SqliteSpool*>(self_), why] {
                      const auto self = weak.lock();
                      if (self && (*self)->given_up_) (*self)->given_up_(why);
                    });
                  }}) {
  committer_.start();
}

SqliteSpool::~SqliteSpool() {
  stop();
}

void SqliteSpool::stop() {
  queue_.stop();
  committer_.join();
}

void SqliteSpool::append(Append append) {
  if (append.is_empty()) {
    post_([empty = std::move(append)] { tell_outcome(empty, {}); });
    return;
  }
  const ByteCount size = size_of(append);
  if (queue_.add(append)) {
    status_.waiting.value += size.value;
    return;
  }
  post_([refused = std::move(append)] {
    const Failure stopped{Failure::Kind::unavailable, "The gateway is stopping",
                          "Send the message again"};
    tell_outcome(refused, stopped);
  });
}

bool SqliteSpool::accepting() const {
  return status_.waiting < options_.commit_queue;
}

void SqliteSpool::when_accepting(std::function<void()> resume) {
  if (accepting()) {
    post_(std::move(resume));
  } else {
    resumes_.push_back(std::move(resume));
  }
}

void SqliteSpool::advance(const std::string& upstream, EventClass event_class, Seq cursor) {
  Seq& known = cursors_[upstream][index_of(event_class)];
  if (cursor <= known) return;
  known = cursor;
  queue_.note([&](Notes& notes) { notes.move_cursor({upstream, event_class, cursor}); });
}

bool SqliteSpool::set_aside(const std::string& upstream, const Record& record,
                            std::uint8_t reason_code) {
  SetAsideCount& count = copies_[upstream];
  const auto size = size_of_row(record);
  const auto most_bytes = options_.writer.space.quota.value / 100;
  if (count.total() >= options_.most_set_aside || count.bytes.value + size > most_bytes) {
    return false;
  }
  ++count.records[index_of(record.event_class)];
  count.bytes.value += size;
  queue_.note([&](Notes& notes) { notes.set_aside.push_back({upstream, record, reason_code}); });
  return true;
}

void SqliteSpool::take_back(const std::string& upstream, std::uint64_t set_aside_id) {
  queue_.note([&](Notes& notes) { notes.taken_back.push_back({upstream, set_aside_id}); });
}

void SqliteSpool::report_lost(EventClass event_class, SeqRange numbers) {
  queue_.note([&](Notes& notes) { notes.add(Loss{event_class, numbers.first, numbers.last}); });
}

Seq SqliteSpool::cursor(const std::string& upstream, EventClass event_class) const {
  const auto known = cursors_.find(upstream);
  return known == cursors_.end() ? Seq{} : known->second[index_of(event_class)];
}

void SqliteSpool::on_committed(std::function<void(const Heads&)> observer) {
  observers_.push_back(std::move(observer));
}

void SqliteSpool::report_damage(const Failure& damage) {
  queue_.damaged(damage);
}

void SqliteSpool::settle(Committer::Report& report) {
  const auto waiting = status_.waiting.value - report.bytes.value;
  const bool has_news = status_.heads.newest != report.measured.heads.newest;
  const bool took_back = !report.group.notes.taken_back.empty();
  status_ = std::move(report.measured);
  status_.waiting.value = waiting;
  logs_ = std::move(report.logs);
  if (!report.outcome) {
    queue_.take_over(std::move(report.group.notes));
  } else if (took_back) {
    count_copies();
  }
  settle_appends(report);
  if (has_news && report.outcome) {
    for (const auto& observer : observers_) observer(status_.heads);
  }
  if (!accepting()) return;
  for (const auto& resume : std::exchange(resumes_, {})) resume();
}

// Counts the copies in the store and those that wait for the next commit.
void SqliteSpool::count_copies() {
  copies_ = status_.set_aside;
  queue_.visit_waiting_copies([this](const SetAsideCopy& copy) {
    SetAsideCount& count = copies_[copy.upstream];
    ++count.records[index_of(copy.record.event_class)];
    count.bytes.value += size_of_row(copy.record);
  });
}

void SqliteSpool::settle_appends(Committer::Report& report) {
  for (Append& append : report.group.appends) {
    if (append.refusal) {
      tell_outcome(append, *append.refusal);
      continue;
    }
    tell_outcome(append, report.outcome);
    if (!report.outcome) continue;
    for (Record& record : append.records) recent_.add(std::move(record));
  }
  for (const EventClass event_class : kEventClasses) {
    recent_.forget_before(event_class, status_.oldest[index_of(event_class)]);
  }
}

}  // namespace watchpost::spool

// RecentRecords: what was committed last, so that an upstream that keeps up is served from memory
// and not by reading the log again.
// Promise: only committed records, dense within each class; bounded by bytes for each class,
// whatever the backlog. Filled by the spool when it settles a group; I/O thread only.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "model/record.hpp"
#include "spool/log_reader.hpp"

namespace watchpost::spool {

class RecentRecords {
 public:
  static constexpr ByteCount kMostBytes{2U << 20U};  // for each class

  void add(Record record);
  // Forgets records before `oldest`: what the store has removed is not forwarded from memory.
  void forget_before(EventClass event_class, Seq oldest);
  // As LogReader; nothing where the record past `request.after` is not among the recent ones.
  [[nodiscard]] std::optional<std::vector<SharedRecord>> read(const ReadRequest& request) const;

 private:
  struct Class {
    std::deque<SharedRecord> records;
    std::uint64_t bytes = 0;
    void pop_front();
  };
  PerClass<Class> classes_;
};

// A LogReader that asks the recent records first: then the answer comes from inside the call.
class RecentFirstReader final : public LogReader {
 public:
  RecentFirstReader(const RecentRecords& recent, LogReader& log) : recent_(recent), log_(log) {}
  void read(const ReadRequest& request, Answer answer) override;
  void read_set_aside(const std::string& upstream, std::uint64_t after,
                      SetAsideAnswer answer) override {
    log_.read_set_aside(upstream, after, std::move(answer));
  }

 private:
  const RecentRecords& recent_;
  LogReader& log_;
};

}  // namespace watchpost::spool

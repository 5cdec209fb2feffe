// RecordPages: all records of a log in order, for programs that read a store beside its daemon.
// Promise: reads only, a page at a time, each a short transaction of its own. Damaged rows are
// counted and left out. Used on any one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "model/device.hpp"
#include "spool/reader/store_view.hpp"

namespace watchpost::spool {

class RecordPages {
 public:
  [[nodiscard]] static Result<RecordPages> open(const std::filesystem::path& database_file);

  // Up to the newest record at the time of the call, or until `record` returns false.
  [[nodiscard]] Result<void> for_each(EventClass event_class,
                                      const std::function<bool(const Record&)>& record);
  // The same, past the number `after` only.
  [[nodiscard]] Result<void> for_each_after(EventClass event_class, Seq after,
                                            const std::function<bool(const Record&)>& record);
  [[nodiscard]] Result<Seq> newest(EventClass event_class);
  // What is known of devices: names, places.
  [[nodiscard]] Result<std::vector<SharedDevice>> devices();
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }

 private:
  explicit RecordPages(sqlite::Database database) : database_(std::move(database)) {}

  sqlite::Database database_;
  std::uint64_t damaged_ = 0;
};

}  // namespace watchpost::spool

#include "spool/reader/record_pages.hpp"

#include <vector>

#include "spool/reader/open_for_reading.hpp"
#include "spool/tables/device_table.hpp"
#include "spool/tables/fact_table.hpp"
#include "spool/tables/log_table.hpp"

namespace watchpost::spool {
namespace {

constexpr std::int64_t kRowsPerPage = 256;

}  // namespace

Result<RecordPages> RecordPages::open(const std::filesystem::path& database_file) {
  auto database = open_for_reading(database_file);
  if (!database) return database.error();
  return RecordPages(std::move(*database));
}

Result<void> RecordPages::for_each(EventClass event_class,
                                   const std::function<bool(const Record&)>& record) {
  return for_each_after(event_class, Seq{}, record);
}

Result<Seq> RecordPages::newest(EventClass event_class) {
  const auto view = read_view(database_);
  if (!view) return view.error();
  return view->newest[index_of(event_class)];
}

Result<std::vector<SharedDevice>> RecordPages::devices() {
  auto table = device_table().open_facts(database_);
  if (!table) return table.error();
  StoredFacts facts;
  CheckReport damage;
  if (auto read = (*table)->read({facts, damage}); !read) return read.error();
  damaged_ += damage.finding_count;
  return std::move(facts.judgement.devices);
}

Result<void> RecordPages::for_each_after(EventClass event_class, Seq from,
                                         const std::function<bool(const Record&)>& record) {
  const auto view = read_view(database_);
  if (!view) return view.error();
  const auto end = static_cast<std::int64_t>(view->newest[index_of(event_class)].value);
  auto select = database_.prepare(select_records(event_class));
  if (!select) return select.error();
  auto after = static_cast<std::int64_t>(from.value);
  while (after < end) {
    select->bind(1, after);
    select->bind(2, kRowsPerPage);
    std::vector<Record> page;
    std::int64_t rows = 0;
    auto more = select->step();
    for (; more && *more; more = select->step()) {
      ++rows;
      after = select->integer(0);
      auto read = read_log_row(*select, event_class);
      damaged_ += read ? 0 : 1;
      if (read) page.push_back(std::move(*read));
    }
    if (!more) return more.error();
    // Given out after the read has ended: whoever takes them slowly holds up no checkpoint.
    for (const Record& one : page) {
      if (static_cast<std::int64_t>(one.seq.value) > end || !record(one)) return {};
    }
    if (rows < kRowsPerPage) break;
  }
  return {};
}

}  // namespace watchpost::spool

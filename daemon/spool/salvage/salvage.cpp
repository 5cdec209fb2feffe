#include "spool/salvage/salvage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "spool/tables/epoch.hpp"

namespace watchpost::spool {

Result<Salvaged> save_rows(const StoreDirectory& directory, RowSaver::Options options) {
  auto pages = StorePages::open(directory.database_file());
  if (!pages) return pages.error();
  Salvaged also;
  if (const auto testimony = Witness(directory.witness_file()).recall()) {
    also.highest = testimony->newest;
    also.newest_epoch = testimony->epoch;
  }
  if (also.newest_epoch.empty()) also.newest_epoch = draw_epoch();
  auto saver = RowSaver::create(directory.building_file(), std::move(options));
  if (!saver) return saver.error();
  pages->visit_all(
      [&](const Cell& cell, std::string_view payload, const StorePages::RowOrigin& place) {
        return saver->take(cell, payload, place);
      },
      [&] { return saver->goes_on(); });
  return saver->finish(also);
}

std::vector<Loss> losses_of(const Salvaged& salvaged, const PerClass<LogExtent>& logs) {
  std::vector<Loss> losses = salvaged.holes;
  for (const auto event_class : kEventClasses) {
    const LogExtent& log = logs[index_of(event_class)];
    // Without a cursor nobody knows whether numbers before the first row were delivered and
    // removed.
    if (log.delivered > Seq{} && log.oldest > Seq{}) {
      losses.push_back({event_class, Seq{1}, Seq{log.oldest.value - 1}});
    }
    losses.push_back({event_class, salvaged.last_row[index_of(event_class)].next(), log.newest});
  }
  return losses;
}

bool has_forgotten(const Witness& witness, const PerClass<Seq>& newest) {
  const auto testimony = witness.recall();
  if (!testimony) return false;
  bool forgot = false;
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    forgot = forgot || testimony->newest[i] > newest[i];
  }
  return forgot;
}

TornWal::TornWal(const StoreDirectory& directory)
    : wal_(directory.store_files()[1]), copy_(wal_.string() + ".torn") {}

void TornWal::keep() const {
  std::error_code error;
  const std::filesystem::path part = copy_.string() + ".part";
  std::filesystem::copy_file(wal_, part, std::filesystem::copy_options::overwrite_existing, error);
  const int file = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = !error && file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (is_synced) std::filesystem::rename(part, copy_, error);
}

void TornWal::put_back() const {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(copy_, ignored)) {
    std::filesystem::rename(copy_, wal_, ignored);
  } else {
    forget();
  }
}

void TornWal::forget() const {
  std::error_code ignored;
  std::filesystem::remove_all(copy_, ignored);
  std::filesystem::remove_all(copy_.string() + ".part", ignored);
}

}  // namespace watchpost::spool

#include "spool/tables/prepared.hpp"

#include <string>
#include <vector>

#include "spool/tables/statements.hpp"

namespace watchpost::spool {

Result<Prepared> Prepared::prepare(sqlite::Database& database) {
  Prepared all;
  struct Wanted {
    sqlite::Statement* statement;
    std::string text;
  };
  std::vector<Wanted> wanted{
      {&all.begin, sql::kBegin},
      {&all.commit, sql::kCommit},
      {&all.rollback, sql::kRollback},
      {&all.page_count, sql::kPageCount},
      {&all.free_pages, sql::kFreePages},
      {&all.save_store, sql::kSaveStore},
      {&all.save_cursor, sql::kSaveCursor},
      {&all.insert_drop, sql::kInsertDrop},
      {&all.select_drops, sql::kSelectDrops},
      {&all.set_aside, sql::kSetAside},
      {&all.take_back, sql::kTakeBack},
      {&all.open_session, sql::kOpenSession},
      {&all.end_session, sql::kEndSession},
      {&all.remember_packet_id, sql::kRememberPacketId},
      {&all.forget_packet_id, sql::kForgetPacketId},
      {&all.forget_packet_ids, sql::kForgetPacketIds},
  };
  for (const auto event_class : kEventClasses) {
    const auto i = index_of(event_class);
    wanted.push_back({&all.insert[i], sql::insert_record(event_class)});
    wanted.push_back({&all.remove[i], sql::delete_range(event_class)});
    wanted.push_back({&all.select_oldest[i], sql::select_oldest(event_class)});
    wanted.push_back({&all.select_epoch_at[i], sql::select_epoch_at(event_class)});
    wanted.push_back({&all.select_other_epoch[i], sql::select_other_epoch(event_class)});
  }
  for (const Wanted& want : wanted) {
    auto prepared = database.prepare(want.text);
    if (!prepared) return prepared.error();
    *want.statement = std::move(*prepared);
  }
  return all;
}

}  // namespace watchpost::spool

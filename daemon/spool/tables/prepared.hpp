// Prepared: the statements of the writing connection, prepared once.
// Promise: all of them fit the schema, or opening fails. Spool thread.
#pragma once

#include "model/event_class.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

struct Prepared {
  sqlite::Statement begin, commit, rollback, page_count, free_pages;
  sqlite::Statement save_store, save_cursor;
  sqlite::Statement insert_drop, select_drops, set_aside, take_back;
  sqlite::Statement open_session, end_session;
  sqlite::Statement remember_packet_id, forget_packet_id, forget_packet_ids;
  PerClass<sqlite::Statement> insert, remove, select_oldest, select_epoch_at, select_other_epoch;

  [[nodiscard]] static Result<Prepared> prepare(sqlite::Database& database);
};

}  // namespace watchpost::spool

#include "receiver/put_aside.hpp"

#include "receiver/received_file.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
Result<void> PutAside::prepare(sqlite::Database& database) {
  database_ = &database;
  const sqlite::Database::Wanted wanted[] = {
      {&again_, sql::kUnreadableAgain},
      {&add_unreadable_, sql::kAddUnreadable},
      {&forget_unreadable_, sql::kForgetUnreadable},
      {&add_damaged_, sql::kAddDamaged},
      {&conflict_again_, sql::kConflictAgain},
      {&add_conflict_, sql::kAddConflict},
      {&forget_conflicts_, sql::kForgetConflicts},
  };
  return database.prepare_all(wanted);
}

// What is sent again and again, because nobody confirms it, is one row.
Result<void> PutAside::unreadable(const Unreadable& message) {
  const auto body = message.body.substr(0, kMostUnreadableBytes);
  again_.bind(1, now_);
  again_.bind(2, message.topic);
  again_.bind_bytes(3, body);
  if (auto counted = again_.run(); !counted) return counted;
  if (database_->changes() > 0) return {};
  add_unreadable_.bind(1, now_);
  add_unreadable_.bind(2, message.topic);
  add_unreadable_.bind(3, message.reason);
  add_unreadable_.bind_bytes(4, body);
  const auto id = inserted_id(add_unreadable_);
  if (!id) return id.error();
  if (*id <= kMostUnreadable) return {};
  forget_unreadable_.bind(1, *id - kMostUnreadable);
  return forget_unreadable_.run();
}

Result<bool> PutAside::damaged(const StreamNumber& place, const DamagedEvent& event) {
  add_damaged_.bind(1, place.stream);
  add_damaged_.bind(2, number_of(place.sequence));
  add_damaged_.bind(3, now_);
  add_damaged_.bind(4, event.reason);
  add_damaged_.bind_bytes(5, event.text);
  if (auto added = add_damaged_.run(); !added) return added.error();
  return database_->changes() > 0;
}

Result<bool> PutAside::conflict(const StreamNumber& place, std::string_view body) {
  conflict_again_.bind(1, place.stream);
  conflict_again_.bind(2, number_of(place.sequence));
  conflict_again_.bind(3, body);
  const auto known = conflict_again_.step();
  if (!known) return known.error();
  const bool again = *known && conflict_again_.integer(0) > 0;
  conflict_again_.reset();
  if (again) return false;
  add_conflict_.bind(1, place.stream);
  add_conflict_.bind(2, number_of(place.sequence));
  add_conflict_.bind(3, now_);
  add_conflict_.bind(4, body);
  const auto id = inserted_id(add_conflict_);
  if (!id) return id.error();
  if (*id <= kMostConflicts) return true;
  forget_conflicts_.bind(1, *id - kMostConflicts);
  if (auto forgotten = forget_conflicts_.run(); !forgotten) return forgotten.error();
  return true;
}

}  // namespace watchpost::receiver

// StoreView: what a reader can tell of a store at one moment: epoch, ends of the logs, cursors.
// Promise: read in one transaction of its own, so that the parts fit each other beside a daemon at
// work; nothing is written. Used on any one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/record.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

struct StoreView {
  Epoch epoch;
  PerClass<Seq> first{};   // where this epoch begins
  PerClass<Seq> oldest{};  // 0: the log is empty
  PerClass<Seq> newest{};  // the highest number given
  // Where the relayed records at the end of the log begin; 0 where our own is the newest.
  PerClass<Seq> relayed{};
  std::map<std::string, PerClass<Seq>> cursors;
  std::vector<std::string> damaged;  // rows whose checksum does not fit, in words
};

// A transaction in which several reads see one moment of the store.
inline constexpr const char* kReadTogether = "BEGIN";
inline constexpr const char* kReadingEnds = "COMMIT";

[[nodiscard]] Result<StoreView> read_view(sqlite::Database& database);

}  // namespace watchpost::spool

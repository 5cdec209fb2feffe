// PlainTable: the least work that makes messages durable with SQLite, which is opened as the daemon
// opens it (WAL, synchronous FULL): one table, one prepared statement. For the limits of the
// machine.
// Promise: after `commit` the rows are on disk; a failure ends the program. One thread.
#pragma once

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace watchpost::bench {

class PlainTable {
 public:
  explicit PlainTable(const std::string& file) {
    check(sqlite3_open(file.c_str(), &connection_));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE log (seq INTEGER PRIMARY KEY, message BLOB NOT NULL) STRICT");
    check(sqlite3_prepare_v2(connection_, "INSERT INTO log (message) VALUES (?1)", -1, &insert_,
                             nullptr));
  }
  PlainTable(const PlainTable&) = delete;
  PlainTable& operator=(const PlainTable&) = delete;
  ~PlainTable() {
    sqlite3_finalize(insert_);
    sqlite3_close(connection_);
  }

  void begin() { run("BEGIN IMMEDIATE"); }
  void append(std::string_view message) {
    check(sqlite3_bind_blob64(insert_, 1, message.data(), message.size(), SQLITE_STATIC));
    if (sqlite3_step(insert_) != SQLITE_DONE) check(SQLITE_ERROR);
    check(sqlite3_reset(insert_));
  }
  void commit() { run("COMMIT"); }

 private:
  void run(const char* sql) { check(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr)); }
  void check(int code) const {
    if (code == SQLITE_OK) return;
    std::fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(connection_));
    std::exit(1);
  }

  sqlite3* connection_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace watchpost::bench

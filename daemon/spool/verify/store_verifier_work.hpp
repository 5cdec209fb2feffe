// The inside of StoreVerifier: where the next step goes on, table by table, row by row. Included by
// its two sources only; used as StoreVerifier says.
#pragma once

#include <string>
#include <vector>

#include "spool/verify/store_verifier.hpp"

namespace watchpost::spool {

inline constexpr std::int64_t kRowsPerStep = 256;
inline constexpr const char* kCheckDisk =
    "Check the disk or SD card (dmesg shows its errors) and replace it if they repeat";

inline Seq sequence_in(const sqlite::Statement& row, int column) {
  return Seq{static_cast<std::uint64_t>(row.integer(column))};
}

class StoreVerifier::Work {
 public:
  explicit Work(sqlite::Database opened) : database(std::move(opened)) {}

  Result<void> prepare();
  Result<bool> step();
  Result<void> check_pages();
  CheckReport report;

 private:
  struct Drops {
    Seq first;
    Seq last;
  };
  enum class Part : std::uint8_t { view, drops, set_aside, sessions, packet_ids, logs, done };

  struct Row {
    Seq seq;
    std::uint64_t position = 0;
    Epoch epoch;  // empty: the checksum does not fit
  };

  Result<bool> step_of_part();
  Result<bool> look_at_view();
  Result<bool> look_at_drops();
  Result<bool> look_at_set_aside();
  Result<bool> look_at_sessions();
  Result<bool> look_at_packet_ids();
  Result<bool> look_at_log();
  Result<std::vector<Row>> read_together();
  Result<std::vector<Row>> read_rows();
  void look_at_row(const Row& row);
  Result<void> look_at_hole(Seq first, Seq last);
  Result<std::vector<Drops>> drops_in(Seq first, Seq last);
  Result<bool> is_removed(Seq seq);
  void next_part();
  void found(std::string what, std::string remedy);
  [[nodiscard]] EventClass event_class() const { return kEventClasses[log_]; }

  sqlite::Database database;
  PerClass<sqlite::Statement> records_, oldest_;
  sqlite::Statement drops_in_, drops_, set_aside_, sessions_, packet_ids_;
  StoreView view_;
  Part part_ = Part::view;
  std::size_t log_ = 0;
  Seq after_;  // of the log
  std::uint64_t position_ = 0;
  std::vector<Drops> dropped_;  // of this step of the log
  std::int64_t id_ = 0;         // of the last row, in tables that have one
  std::string client_id_;
  std::int64_t packet_id_ = -1;
};

}  // namespace watchpost::spool

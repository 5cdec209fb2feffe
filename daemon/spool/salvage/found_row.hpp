// FoundRow: the meaning of a row that was found on some page, told by its checksum.
// Promise: nothing is taken for a row whose checksum does not fit. The class of a record is in its
// checksum, so that a page no table reaches any more still tells which log it belongs to. Rows of
// schema 1 are known by their columns; its small rows carry no checksum and are left where they
// are: a cursor that cannot be believed could skip records, sending them again harms nobody.
// Pure; called at start-up by the salvage.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/record.hpp"
#include "spool/queue/batch.hpp"
#include "spool/salvage/page_cells.hpp"
#include "spool/tables/gateway_record.hpp"

namespace watchpost::spool {

struct FoundStore {
  Epoch epoch;
  PerClass<Seq> first{};
};
struct FoundRecord {
  Record record;
  bool has_epoch = false;  // false: of schema 1, where all rows were of the store's epoch
};
struct FoundCursor {
  CursorMove move;
};
struct FoundSession {
  std::string client_id;
  std::int64_t expiry_s = 0;
};
struct FoundPacketId {
  std::string client_id;
  std::int64_t packet_id = 0;
};
struct FoundDrop {
  std::int64_t id = 0;
  Drop drop;
  Moment when;
};
struct FoundSetAside {
  std::int64_t id = 0;
  std::string upstream;
  std::int64_t reason_code = 0;
  Moment when;
  Record record;
};

using FoundRow = std::variant<FoundStore, FoundRecord, FoundCursor, FoundSession, FoundPacketId,
                              FoundDrop, FoundSetAside>;

[[nodiscard]] std::optional<FoundRow> read_found(const Cell& cell, std::string_view payload);

}  // namespace watchpost::spool

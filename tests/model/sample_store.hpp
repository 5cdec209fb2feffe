// SampleStore: a store that the real Writer filled, with what must be found in it.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/store_image.hpp"
#include "spool/writer/writer.hpp"
#include "support/recording_log.hpp"

namespace watchpost::model {

using RowKey = std::pair<EventClass, std::uint64_t>;

struct StoredRow {
  Record record;
  std::int64_t position = 0;
};

// All columns of a row, so that two can be compared.
using RowText = std::string;
// Of the tables that the Filler below does not fill: whichever the list of tables has besides.
using MadeUpRows = std::map<std::string, std::set<RowText>>;
[[nodiscard]] MadeUpRows read_made_up(const std::filesystem::path& database);

// What a reader of the store gets, and what is wrong with it as far as he can see.
struct StoreContent {
  std::map<RowKey, StoredRow> rows;
  std::string trouble;  // the first thing that was wrong; empty: nothing
};
[[nodiscard]] StoreContent read_content(const std::filesystem::path& database);

struct SampleStore {
  std::string name;
  StoreImage image;
  StoreImage earlier;  // the same store some commits before
  std::map<RowKey, StoredRow> rows;
  std::set<std::string> ids;  // all that were ever given
  spool::Cursors cursors;
  std::map<std::string, std::set<std::uint16_t>> sessions;
  std::set<std::array<std::string, 3>> remembered;  // decoder, key, value: all that were ever given
  MadeUpRows made_up;
  Epoch epoch;
};

[[nodiscard]] spool::WriterOptions sample_options(const std::filesystem::path& directory);
// Tables that the writer fills for itself or by what it is told.
[[nodiscard]] bool is_filled_by_writer(std::string_view table);
// One of each kind: most of it in the database, all of it in the WAL, a WAL begun anew, closed in
// order, with history removed, salvaged before.
[[nodiscard]] std::vector<SampleStore> make_samples(std::uint64_t seed);

}  // namespace watchpost::model

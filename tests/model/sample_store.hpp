// SampleStore: a store that the real Writer filled, and the rows that must be found in it.
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

// All columns of a row as one text, so that two rows can be compared.
using RowText = std::string;
// Rows by table, for every table of the list that make_samples does not fill through the Writer.
using MadeUpRows = std::map<std::string, std::set<RowText>>;

// The rows that a reader of the store gets, and the first mistake that the reader can see.
struct StoreContent {
  std::map<RowKey, StoredRow> rows;
  MadeUpRows made_up;
  std::string trouble;  // the first thing that was wrong; empty: nothing
};
[[nodiscard]] StoreContent read_content(const std::filesystem::path& database);

struct SampleStore {
  std::string name;
  StoreImage image;
  StoreImage earlier;  // the same store some commits before
  std::map<RowKey, StoredRow> rows;
  std::set<std::string> ids;  // all event ids that were ever given
  spool::Cursors cursors;
  std::map<std::string, std::set<std::uint16_t>> sessions;
  std::set<std::array<std::string, 3>> remembered;  // decoder, key, value: all that were ever given
  MadeUpRows made_up;
  Epoch epoch;
};

// Epochs are drawn in one order, so that a seed makes the same store again.
[[nodiscard]] spool::WriterOptions sample_options(const std::filesystem::path& directory,
                                                  std::uint32_t first_epoch = 1);
// True for a table that the writer fills by itself or from what it is told.
[[nodiscard]] bool is_filled_by_writer(std::string_view table);
// One store of each kind: most rows in the database, all in the WAL, a WAL begun anew, closed in
// order, with history removed, salvaged before.
[[nodiscard]] std::vector<SampleStore> make_samples(std::uint64_t seed);

}  // namespace watchpost::model

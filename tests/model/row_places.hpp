// RowPlaces: where the bytes of each row stand in a store's files. The places are found by encoding
// each row as SQLite does and searching for the bytes. Says which rows a damage has left untouched.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/sample_store.hpp"

namespace watchpost::model {

class RowPlaces {
 public:
  explicit RowPlaces(const SampleStore& sample);

  // Rows of which a whole copy is still in the database or its WAL. A copy does not count on a page
  // that a damage moved to a place for which the WAL has a newer page (`logged`, numbers from 1):
  // SQLite overwrites that page when it opens the store, before anybody can know that the copy is
  // needed.
  [[nodiscard]] std::set<RowKey> untouched_in(const StoreImage& damaged,
                                              const std::set<std::uint32_t>& logged) const;
  // Number of rows that were found; fewer than the sample has would mean that the test searches in
  // vain.
  [[nodiscard]] std::size_t found() const { return places_.size(); }

 private:
  struct Place {
    std::string file;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  // A row within one page has one place for each copy. A longer row has parts, all of which must be
  // left.
  struct Row {
    std::vector<Place> copies;
    std::vector<Place> parts;
  };
  void look_for(const RowKey& key, const StoredRow& row);
  [[nodiscard]] bool is_left(const Place& place, const StoreImage& damaged) const;

  const StoreImage& image_;
  std::map<RowKey, Row> places_;
};

}  // namespace watchpost::model

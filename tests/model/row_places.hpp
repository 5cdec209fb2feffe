// RowPlaces: where in a store's files the bytes of each row stand, found by writing each row as
// SQLite does and looking for it. Says which rows a damage has left untouched.
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

  // Rows of which a whole copy is still in the database or its WAL. A page that a damage moved to
  // where the WAL has a newer one (`logged`, numbers from 1) is overwritten when SQLite opens the
  // store, before anybody can know that it is wanted: no row is untouched for such a copy.
  [[nodiscard]] std::set<RowKey> untouched_in(const StoreImage& damaged,
                                              const std::set<std::uint32_t>& logged) const;
  // Rows that were found at all: those of the sample, or this test looks for nothing.
  [[nodiscard]] std::size_t found() const { return places_.size(); }

 private:
  struct Place {
    std::string file;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  // A row within one page has one place for each copy; of a longer one all its pages must be left.
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

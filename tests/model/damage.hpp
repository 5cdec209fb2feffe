// Damage: one of many ways in which a store's directory can be broken, drawn from a seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "model/sample_store.hpp"

namespace watchpost::model {

struct Damage {
  std::string what;
  StoreImage image;  // the regular files after the damage
  // A file may be replaced by something that is no regular file, or that may not be read.
  enum class Odd { none, folder, link, fifo, no_mode };
  Odd odd = Odd::none;
  std::string odd_file;
  // True where rows of another store came in, so that nobody can tell which rows are the store's
  // own.
  bool is_foreign = false;
  // A page of the same store came back as it was some commits before: where the rows of its table
  // have no order, nobody can see it.
  bool has_older_page = false;
  bool hides_rows =
      false;  // a page says that it has fewer rows: only a log, whose numbers are dense, shows it

  void put(const std::filesystem::path& directory) const;
};

[[nodiscard]] Damage draw_damage(const SampleStore& sample, const std::vector<SampleStore>& others,
                                 std::uint64_t seed);

}  // namespace watchpost::model

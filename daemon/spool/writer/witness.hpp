// Witness: remembers outside the database which numbers were given.
// Promise: written after each commit, before its acknowledgements leave, without a sync: it costs
// nothing, and names numbers that a truncated WAL, an old copy of the database put back or a disk
// that lies about syncs have made the database forget. After an honest crash it never names a
// number that the database does not have. Spool thread.
#pragma once

#include <filesystem>
#include <optional>

#include "base/strong.hpp"
#include "model/record.hpp"

namespace watchpost::spool {

struct Testimony {
  Epoch epoch;
  PerClass<Seq> newest{};
};

class Witness {
 public:
  Witness() = default;
  // Creates the file where it is missing. A file that cannot be opened makes a witness without
  // effect: custody does not rest on it.
  explicit Witness(const std::filesystem::path& file);
  Witness(Witness&& other) noexcept;
  Witness& operator=(Witness&& other) noexcept;
  ~Witness();

  // Nothing where the file is new, damaged or of another version.
  [[nodiscard]] std::optional<Testimony> recall() const;
  void note(const Testimony& testimony);

 private:
  int file_ = -1;
};

}  // namespace watchpost::spool

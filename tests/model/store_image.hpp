// StoreImage: the bytes of a store's directory, as kill -9 leaves them.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace watchpost::model {

inline constexpr const char* kDatabase = "watchpost.db";
inline constexpr const char* kWal = "watchpost.db-wal";
inline constexpr const char* kWitness = "witness";

struct StoreImage {
  std::map<std::string, std::string> files;

  [[nodiscard]] static StoreImage take(const std::filesystem::path& directory);
  void put(const std::filesystem::path& directory) const;
  // The bytes of a file; empty where the file is missing.
  [[nodiscard]] const std::string& bytes(const std::string& name) const;
};

}  // namespace watchpost::model

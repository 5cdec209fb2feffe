// Typed look-ups in one TOML table, with file, line and nearest spelling in every complaint.
// Promise: a key that the caller never asks for is refused by finish(). Throws StartupError;
// Mapping::parse() catches it. Start-up only.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace watchpost::decode {

class TableReader {
 public:
  TableReader(const toml::table& table, const std::string& file) : table_(table), file_(file) {}

  [[noreturn]] void fail(const toml::node& node, Complaint complaint) const;
  [[noreturn]] void fail(Complaint complaint) const { fail(table_, std::move(complaint)); }

  // "file:line" of it, or of the table.
  [[nodiscard]] std::string where(const toml::node& node) const;
  [[nodiscard]] std::string where() const { return where(table_); }
  [[nodiscard]] int line() const { return static_cast<int>(table_.source().begin.line); }

  // Nothing where the key is absent.
  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  const toml::table* table(std::string_view key);
  const toml::array* array(std::string_view key);
  const toml::node* node(std::string_view key);

  // One of `names`; refuses other words with the nearest spelling.
  std::optional<std::size_t> word(std::string_view key, const std::vector<std::string_view>& names);
  // Refuses the keys that were never asked for.
  void finish() const;

  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  template <class T>
  const toml::value<T>* value(std::string_view key);

  const toml::table& table_;
  const std::string& file_;
  std::vector<std::string_view> asked_;
};

}  // namespace watchpost::decode

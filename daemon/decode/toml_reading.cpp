#include "decode/toml_reading.hpp"

#include <algorithm>
#include <type_traits>

#include "base/text.hpp"

namespace watchpost::decode {
namespace {

template <class T>
constexpr std::string_view words_for() {
  if constexpr (std::is_same_v<T, std::string>) return "a text in quotes";
  if constexpr (std::is_same_v<T, std::int64_t>) return "a whole number";
  if constexpr (std::is_same_v<T, bool>) return "true or false";
}

template <class T>
constexpr std::string_view chinese_for() {
  if constexpr (std::is_same_v<T, std::string>) return "加引号的文本";
  if constexpr (std::is_same_v<T, std::int64_t>) return "整数";
  if constexpr (std::is_same_v<T, bool>) return "true 或 false";
}

std::string in_quotes(std::string_view key) {
  return "\"" + std::string(key) + "\"";
}

std::string or_nearest_in_chinese(std::string_view word,
                                  const std::vector<std::string_view>& names) {
  if (const auto near = nearest_spelling(word, names)) return "是不是 " + in_quotes(*near) + "？";
  std::string list = "可用的有：";
  for (const auto name : names) list.append(" ").append(name);
  return list;
}

std::string or_nearest(std::string_view word, const std::vector<std::string_view>& names) {
  if (const auto near = nearest_spelling(word, names)) {
    return "Did you mean \"" + std::string(*near) + "\"?";
  }
  std::string list = "It may be:";
  for (const auto name : names) list.append(" ").append(name);
  return list;
}

}  // namespace

std::string TableReader::where(const toml::node& node) const {
  return file_ + ":" + std::to_string(node.source().begin.line);
}

void TableReader::fail(const toml::node& node, Complaint complaint) const {
  throw StartupError(Failure{Failure::Kind::invalid_input, where(node) + ": " + complaint.what,
                             std::move(complaint.remedy), nullptr,
                             where(node) + "：" + complaint.chinese});
}

const toml::node* TableReader::node(std::string_view key) {
  asked_.push_back(key);
  return table_.get(key);
}

template <class T>
const toml::value<T>* TableReader::value(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr) return nullptr;
  const auto* typed = found->as<T>();
  if (typed == nullptr) {
    fail(*found, {.what = "\"" + std::string(key) + "\" must be " + std::string(words_for<T>()),
                  .remedy = "Correct the value in this line",
                  .chinese = in_quotes(key) + " 应是" + std::string(chinese_for<T>()) +
                             "。请改正这一行的值"});
  }
  return typed;
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const auto* found = value<std::string>(key);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found->get());
}

std::optional<std::int64_t> TableReader::integer(std::string_view key) {
  const auto* found = value<std::int64_t>(key);
  return found == nullptr ? std::nullopt : std::optional<std::int64_t>(found->get());
}

std::optional<double> TableReader::number(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr) return std::nullopt;
  if (const auto* whole = found->as_integer()) return static_cast<double>(whole->get());
  if (const auto* real = found->as_floating_point()) return real->get();
  fail(*found, {.what = "\"" + std::string(key) + "\" must be a number",
                .remedy = "Correct the value in this line",
                .chinese = in_quotes(key) + " 应是数字。请改正这一行的值"});
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const auto* found = value<bool>(key);
  return found == nullptr ? std::nullopt : std::optional<bool>(found->get());
}

const toml::table* TableReader::table(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr) return nullptr;
  if (!found->is_table()) {
    fail(*found, {.what = "\"" + std::string(key) + "\" must be a table",
                  .remedy = "Write [" + std::string(key) + "]",
                  .chinese = in_quotes(key) + " 应是表。请写成 [" + std::string(key) + "]"});
  }
  return found->as_table();
}

const toml::array* TableReader::array(std::string_view key) {
  const auto* found = node(key);
  if (found == nullptr) return nullptr;
  if (!found->is_array()) {
    fail(*found,
         {.what = "\"" + std::string(key) + "\" must be a list",
          .remedy = "Write it in brackets; a list of tables as [[" + std::string(key) + "]]",
          .chinese =
              in_quotes(key) + " 应是列表。请用方括号；表的列表写成 [[" + std::string(key) + "]]"});
  }
  return found->as_array();
}

std::optional<std::size_t> TableReader::word(std::string_view key,
                                             const std::vector<std::string_view>& names) {
  const auto* found = value<std::string>(key);
  if (found == nullptr) return std::nullopt;
  const auto at = std::find(names.begin(), names.end(), found->get());
  if (at == names.end()) {
    fail(*found, {.what = "\"" + found->get() + "\" is no " + std::string(key),
                  .remedy = or_nearest(found->get(), names),
                  .chinese = std::string(key) + " 不能是 " + in_quotes(found->get()) + "。" +
                             or_nearest_in_chinese(found->get(), names)});
  }
  return static_cast<std::size_t>(at - names.begin());
}

void TableReader::finish() const {
  for (const auto& [key, node] : table_) {
    if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) continue;
    fail(node, {.what = "there is no key \"" + std::string(key.str()) + "\" here",
                .remedy = or_nearest(key.str(), asked_),
                .chinese = "这里没有键 " + in_quotes(key.str()) + "。" +
                           or_nearest_in_chinese(key.str(), asked_)});
  }
}

}  // namespace watchpost::decode

#include "receiver/envelope.hpp"

#include <array>
#include <utility>

namespace watchpost::receiver {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

class Walk {
 public:
  explicit Walk(std::string_view text) : rest_(text) {}

  void skip_space() {
    const auto next = rest_.find_first_not_of(kSpace);
    rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
  }
  bool take(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A string without escapes; those that name an event have none.
  std::optional<std::string_view> string() {
    if (!take('"')) return std::nullopt;
    const auto end = rest_.find_first_of("\"\\");
    if (end == std::string_view::npos || rest_[end] != '"') return std::nullopt;
    const auto found = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return found;
  }
  // A string of any kind, a number or a word; false where an object or a list begins.
  bool skip_value() {
    skip_space();
    if (rest_.empty() || rest_.front() == '{' || rest_.front() == '[') return false;
    if (rest_.front() != '"') {
      const auto end = rest_.find_first_of(",}");
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
      return true;
    }
    std::size_t at = 1;
    while (at < rest_.size() && rest_[at] != '"') at += rest_[at] == '\\' ? 2 : 1;
    if (at >= rest_.size()) return false;
    rest_.remove_prefix(at + 1);
    return true;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<Envelope> envelope_of(std::string_view text) {
  Envelope said;
  const std::array<std::pair<std::string_view, std::string_view*>, 4> wanted{
      {{"id", &said.id},
       {"source", &said.source},
       {"wpclass", &said.event_class},
       {"sequence", &said.sequence}}};
  Walk walk(text);
  if (!walk.take('{')) return std::nullopt;
  do {
    const auto key = walk.string();
    if (!key || !walk.take(':')) break;
    std::string_view* place = nullptr;
    for (const auto& [name, into] : wanted) {
      if (name == *key) place = into;
    }
    if (place == nullptr) {
      if (!walk.skip_value()) break;
      continue;
    }
    const auto value = walk.string();
    if (!value) break;
    *place = *value;
  } while (walk.take(','));
  for (const auto& [name, into] : wanted) {
    if (into->empty()) return std::nullopt;
  }
  return said;
}

}  // namespace watchpost::receiver

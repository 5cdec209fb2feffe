#include "cli/audit/ledger_check.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <optional>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "cli/named_file.hpp"
#include "simulator/event_facts.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

// Two different hashes are used, because two messages with an equal digest would hide a loss.
std::string digest(std::string_view topic, std::string_view payload) {
  std::string key;
  key.reserve(topic.size() + payload.size() + 2);
  key.append(topic).append(1, '\0').append(payload);
  const std::uint64_t first = std::hash<std::string_view>{}(key);
  key.push_back('\1');
  const std::uint64_t second = std::hash<std::string_view>{}(key);
  std::string out(sizeof first + sizeof second, '\0');
  std::copy_n(reinterpret_cast<const char*>(&first), sizeof first, out.begin());
  std::copy_n(reinterpret_cast<const char*>(&second), sizeof second, out.begin() + sizeof first);
  return out;
}

struct Line {
  std::string topic;
  std::string payload;
};

std::optional<Line> line_from(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const json::value* topic = parsed.get_object().if_contains("topic");
  const json::value* payload = parsed.get_object().if_contains("payload");
  if (topic == nullptr || payload == nullptr || !topic->is_string() || !payload->is_string()) {
    return std::nullopt;
  }
  // The ledger has the payload as it was sent; an event carries JSON without the blanks between its
  // parts.
  const std::string_view sent(payload->get_string());
  Line line{std::string(topic->get_string()), {}};
  if (is_utf8(sent) && scan_json(sent).valid) {
    append_compact_json(line.payload, sent);
  } else {
    line.payload = sent;
  }
  return line;
}

}  // namespace

Result<LedgerCheck> LedgerCheck::read(const std::string& file) {
  if (auto readable = must_be_readable(file); !readable) return readable.error();
  std::ifstream stream(file);
  LedgerCheck check(file);
  std::string text;
  while (std::getline(stream, text)) {
    const auto line = line_from(text);
    if (!line) {
      return in_both(
          Failure::Kind::invalid_input,
          English{fmt::format("Line {} of {} is none of a ledger", check.acknowledged_ + 1, file),
                  "Name a file of `watchpost simulate --ledger`"},
          Chinese{fmt::format("{1} 的第 {0} 行不是账本的内容", check.acknowledged_ + 1, file),
                  "请指定 `watchpost simulate --ledger` 写的文件"});
    }
    ++check.acknowledged_;
    ++check.missing_;
    ++check.open_[digest(line->topic, simulator::as_in_event(line->payload))];
  }
  if (check.acknowledged_ == 0) {
    return in_both(Failure::Kind::not_found,
                   English{fmt::format("{} holds no acknowledged message", file),
                           "Name a file of `watchpost simulate --ledger`"},
                   Chinese{fmt::format("{} 里没有确认过的消息", file),
                           "请指定 `watchpost simulate --ledger` 写的文件"});
  }
  return check;
}

void LedgerCheck::arrived(std::string_view event) {
  const auto facts = simulator::read_event(event);
  if (!facts || facts->raw.empty()) return;
  // In the event a payload that is JSON stands as it came; any other payload stands as a JSON
  // string.
  auto found = open_.find(digest(facts->topic, facts->raw));
  if (found == open_.end()) {
    const auto text = simulator::text_of(facts->raw);
    if (text) found = open_.find(digest(facts->topic, *text));
  }
  if (found == open_.end() || found->second == 0) return;
  --found->second;
  --missing_;
}

Result<std::vector<std::string>> LedgerCheck::missing_lines(std::size_t most) const {
  std::ifstream stream(file_);
  auto open = open_;
  std::vector<std::string> lines;
  std::string text;
  while (lines.size() < most && std::getline(stream, text)) {
    const auto line = line_from(text);
    if (!line) continue;
    auto& count = open[digest(line->topic, simulator::as_in_event(line->payload))];
    if (count == 0) continue;
    --count;
    lines.push_back(text);
  }
  return lines;
}

}  // namespace watchpost::cli

#include "model/topic_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.hpp"
#include "model/event_topic.hpp"
#include "model/topic.hpp"

namespace watchpost {
namespace {

constexpr std::array<std::string_view, 8> kNames{"district", "street", "village", "area",
                                                 "gateway",  "class",  "domain",  "device"};
constexpr std::array kInBatches{TopicPart::domain, TopicPart::device};

TopicPart part_named(std::string_view name) {
  const auto at = std::find(kNames.begin(), kNames.end(), name);
  if (at == kNames.end()) return TopicPart::nothing;
  return static_cast<TopicPart>(at - kNames.begin() + 1);
}

bool is_control(char c) {
  const auto octet = static_cast<std::uint8_t>(c);
  return octet < 0x20 || octet == 0x7F;
}

// The first placeholder of `text`, from its opening brace on; nothing where there is none.
std::optional<std::string_view> first_placeholder(std::string_view text) {
  const auto begin = text.find('{');
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = text.find('}', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(begin, end - begin + 1);
}

std::string_view name_in(std::string_view placeholder) {
  return placeholder.substr(1, placeholder.size() - 2);
}

using Mistake = TopicMistake::Kind;

std::optional<TopicMistake> mistake_in_braces(std::string_view text) {
  std::size_t parts = 0;
  while (true) {
    const auto brace = text.find_first_of("{}");
    if (brace == std::string_view::npos) return std::nullopt;
    const auto placeholder = first_placeholder(text);
    const bool is_whole = text[brace] == '{' && placeholder &&
                          name_in(*placeholder).find_first_of("{/") == std::string_view::npos;
    if (!is_whole) return TopicMistake{Mistake::brace, text.substr(brace)};
    const auto name = name_in(*placeholder);
    if (part_named(name) == TopicPart::nothing) return TopicMistake{Mistake::unknown, name};
    if (++parts > kMostTemplateParts) return TopicMistake{Mistake::too_many_parts, *placeholder};
    text.remove_prefix(brace + placeholder->size());
  }
}

std::vector<std::string_view> levels_in(std::string_view text) {
  std::vector<std::string_view> levels;
  while (true) {
    const auto slash = text.find('/');
    levels.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return levels;
    text.remove_prefix(slash + 1);
  }
}

std::string levels_joined(const std::vector<std::string>& levels) {
  std::string text;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (i > 0) text.push_back('/');
    text += levels[i];
  }
  return text;
}

bool has_any(std::string_view level, std::span<const TopicPart> parts) {
  return std::any_of(parts.begin(), parts.end(), [level](TopicPart part) {
    return level.find(placeholder_of(part)) != std::string_view::npos;
  });
}

// `level` with the first of `parts` in it as `word`, and without the others.
std::string with_word(std::string_view level, std::string_view word) {
  std::string out;
  while (const auto placeholder = first_placeholder(level)) {
    const auto at = static_cast<std::size_t>(placeholder->data() - level.data());
    out += level.substr(0, at);
    const bool is_meant = has_any(*placeholder, kInBatches);
    out += is_meant ? std::exchange(word, {}) : *placeholder;
    level.remove_prefix(at + placeholder->size());
  }
  return out.append(level);
}

std::string_view digits(std::string_view area, std::size_t from, std::size_t count) {
  return area.substr(std::min(from, area.size()), count);
}

std::string_view value_of(TopicPart part, const TopicParts& parts) {
  switch (part) {
    case TopicPart::nothing:
      break;
    case TopicPart::district:
      return digits(parts.area, 0, 6);
    case TopicPart::street:
      return digits(parts.area, 6, 3);
    case TopicPart::village:
      return digits(parts.area, 9, std::string_view::npos);
    case TopicPart::area:
      return parts.area;
    case TopicPart::gateway:
      return parts.gateway;
    case TopicPart::event_class:
      return parts.event_class;
    case TopicPart::domain:
      return parts.domain;
    case TopicPart::device:
      return parts.device;
  }
  return {};
}

}  // namespace

std::span<const std::string_view> topic_part_names() {
  return kNames;
}

std::string placeholder_of(TopicPart part) {
  return fmt::format("{{{}}}", kNames.at(static_cast<std::size_t>(part) - 1));
}

std::optional<TopicMistake> mistake_in_topic_template(std::string_view text) {
  if (text.empty()) return TopicMistake{Mistake::empty};
  if (text.size() > kMostTemplateBytes) return TopicMistake{Mistake::too_long};
  if (!is_utf8(text)) return TopicMistake{Mistake::character};
  if (const auto at = text.find_first_of("+#"); at != std::string_view::npos) {
    return TopicMistake{Mistake::wildcard, text.substr(at, 1)};
  }
  if (std::any_of(text.begin(), text.end(), is_control)) return TopicMistake{Mistake::character};
  if (auto mistake = mistake_in_braces(text)) return mistake;
  if (levels_in(text).size() > kMostTemplateLevels) return TopicMistake{Mistake::too_many_levels};
  return std::nullopt;
}

TopicTemplate::TopicTemplate(std::string_view text) : text_(text) {
  while (const auto placeholder = first_placeholder(text)) {
    const auto at = static_cast<std::size_t>(placeholder->data() - text.data());
    pieces_.push_back({std::string(text.substr(0, at)), part_named(name_in(*placeholder))});
    text.remove_prefix(at + placeholder->size());
  }
  if (!text.empty()) pieces_.push_back({std::string(text), TopicPart::nothing});
  for (const Piece& piece : pieces_) fixed_bytes_ += piece.before.size();
}

bool TopicTemplate::has(TopicPart part) const {
  return text_.find(placeholder_of(part)) != std::string::npos;
}

std::size_t TopicTemplate::levels() const {
  return levels_in(text_).size();
}

TopicTemplate TopicTemplate::of_batches(std::string_view word) const {
  std::vector<std::string> levels;
  for (const std::string_view level : levels_in(text_)) {
    if (!has_any(level, kInBatches)) {
      levels.emplace_back(level);
      continue;
    }
    auto written = with_word(level, std::exchange(word, {}));
    if (!written.empty()) levels.push_back(std::move(written));
  }
  return TopicTemplate(levels_joined(levels));
}

TopicTemplate TopicTemplate::filter(std::span<const TopicPart> open) const {
  std::vector<std::string> levels;
  for (const std::string_view level : levels_in(text_)) {
    levels.emplace_back(has_any(level, open) ? std::string_view("+") : level);
  }
  const bool ends_open = levels.back() == "+";
  while (!levels.empty() && levels.back() == "+") levels.pop_back();
  if (ends_open) levels.emplace_back("#");
  return TopicTemplate(levels_joined(levels));
}

TopicTemplate TopicTemplate::of_gateway(const TopicParts& known) const {
  TopicTemplate made(text_);
  made.pieces_.clear();
  std::string before;
  for (const Piece& piece : pieces_) {
    before += piece.before;
    const bool is_known = piece.part < TopicPart::event_class;
    if (is_known) {
      before += value_of(piece.part, known);
    } else {
      made.pieces_.push_back({std::exchange(before, {}), piece.part});
    }
  }
  if (!before.empty()) made.pieces_.push_back({std::move(before), TopicPart::nothing});
  made.fixed_bytes_ = 0;
  for (const Piece& piece : made.pieces_) made.fixed_bytes_ += piece.before.size();
  return made;
}

std::optional<TopicTemplate::AroundDevice> TopicTemplate::around_device(
    const TopicParts& parts) const {
  AroundDevice around;
  for (const Piece& piece : pieces_) {
    std::string& out = around.has_device ? around.behind : around.before;
    out += piece.before;
    if (piece.part != TopicPart::device) {
      out += value_of(piece.part, parts);
      continue;
    }
    if (around.has_device) return std::nullopt;
    around.has_device = true;
  }
  return around;
}

std::string TopicTemplate::topic(const TopicParts& parts) const {
  std::string topic;
  topic.reserve(fixed_bytes_ + parts.event_class.size() + parts.domain.size() +
                parts.device.size());
  for (const Piece& piece : pieces_) {
    topic += piece.before;
    if (piece.part == TopicPart::device && !parts.is_device_a_level) {
      append_device_level(topic, parts.device);
    } else {
      topic += value_of(piece.part, parts);
    }
  }
  return topic;
}

}  // namespace watchpost

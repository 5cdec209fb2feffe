#include "zwave_js/places.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace watchpost::zwave_js {
namespace {

struct Named {
  std::string_view name;  // zwave-js-ui api/lib/Constants.ts
  unsigned command_class;
};
constexpr std::array kNamed{
    Named{"basic", kBasic},
    Named{"sensor_binary", kBinarySensor},
    Named{"sensor_multilevel", kMultilevelSensor},
    Named{"central_scene", kCentralScene},
    Named{"notification", kNotification},
    Named{"battery", kBattery},
    Named{"sensor_alarm", kAlarmSensor},
};

std::optional<unsigned> number_in(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > 255) return {};
  return number;
}

std::optional<unsigned> command_class(std::string_view level, std::string_view next) {
  if (next.starts_with("endpoint_")) {
    for (const Named& named : kNamed) {
      if (named.name == level) return named.command_class;
    }
    return kOther;
  }
  const auto number = number_in(level);
  if (!number || *number < kBasic || !number_in(next)) return std::nullopt;
  return number;
}

std::vector<std::string_view> levels_of(std::string_view topic) {
  constexpr std::size_t kMost = 32;
  std::vector<std::string_view> levels;
  while (levels.size() < kMost) {
    const auto end = topic.find('/');
    levels.push_back(topic.substr(0, end));
    if (end == std::string_view::npos) break;
    topic.remove_prefix(end + 1);
  }
  return levels;
}

}  // namespace

std::string words_of(std::string_view text) {
  std::string words;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    if (letter || capital) {
      words.push_back(capital ? static_cast<char>(c - 'A' + 'a') : c);
    } else if (!words.empty() && words.back() != ' ') {
      words.push_back(' ');
    }
  }
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

Value value_on(std::string_view topic) {
  const auto levels = levels_of(topic);
  Value value;
  // From the end: a node may be called as a number.
  for (std::size_t i = levels.size(); i-- > 1;) {
    if (i + 2 >= levels.size()) continue;
    const auto found = command_class(levels[i], levels[i + 1]);
    if (!found) continue;
    auto endpoint = levels[i + 1];
    if (endpoint.starts_with("endpoint_")) endpoint.remove_prefix(9);
    value.node = topic.substr(0, static_cast<std::size_t>(levels[i].data() - topic.data()) - 1);
    value.command_class = *found;
    value.endpoint = number_in(endpoint).value_or(0);
    value.property = words_of(levels[i + 2]);
    for (std::size_t k = i + 3; k < levels.size(); ++k) {
      value.key.append(value.key.empty() ? "" : " ").append(words_of(levels[k]));
    }
    return value;
  }
  const auto last = topic.rfind('/');
  if (last == std::string_view::npos) return value;
  value.node = topic.substr(0, last);
  value.property = words_of(topic.substr(last + 1));
  return value;
}

}  // namespace watchpost::zwave_js

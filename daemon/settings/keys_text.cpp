// How a key is described and printed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "settings/keys.hpp"
#include "settings/options_table.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

std::string text_accepted(Form form) {
  switch (form) {
    case Form::label:
      return "1 to 63 of a-z, 0-9 and '-', as \"zhaoxiang-03\"";
    case Form::area:
      return "a text of 12 digits, as \"310118106203\"";
    case Form::address:
      return "an IPv4 or IPv6 address, as \"127.0.0.1\" or \"::1\"";
    case Form::file:
      return "the path of a file that exists and can be read";
    case Form::decoder:
      return "the name of a built-in decoder, or the path of a .toml or .so file that exists";
    case Form::any:
    case Form::secret:
      return "a text of at least one character";
  }
  return {};
}

std::string duration_accepted(Limits limits) {
  using std::chrono::milliseconds;
  return fmt::format("a duration from {} to {} (ms, s, min, h, d), as \"30 s\"",
                     format_duration(milliseconds{static_cast<std::int64_t>(limits.least)}),
                     format_duration(milliseconds{static_cast<std::int64_t>(limits.most)}));
}

struct Accepted {
  const Key& key;
  std::string operator()(const std::string*) const { return text_accepted(key.form); }
  std::string operator()(const std::filesystem::path*) const {
    return key.form == Form::file ? text_accepted(key.form) : "a path";
  }
  std::string operator()(const bool*) const { return "true or false"; }
  std::string operator()(const std::uint16_t*) const { return number(); }
  std::string operator()(const std::uint32_t*) const { return number(); }
  std::string operator()(const std::chrono::milliseconds*) const {
    return duration_accepted(key.limits);
  }
  std::string operator()(const std::chrono::minutes*) const {
    return "an offset from -12:00 to +14:00, as \"+08:00\"";
  }
  std::string operator()(const ByteCount*) const {
    return fmt::format("a size from {} to {} (B, KiB, MiB, GiB, TiB), as \"2 GiB\"",
                       format_size(ByteCount{key.limits.least}),
                       format_size(ByteCount{key.limits.most}));
  }
  std::string operator()(const MqttUrl*) const { return "mqtt://host:port or mqtts://host:port"; }
  std::string operator()(const std::vector<TopicFilter>*) const {
    return "a list of MQTT Topic Filters, as [\"zigbee2mqtt/#\"]";
  }
  std::string operator()(const PerClass<bool>*) const {
    return "a list of alarm, patrol, status, telemetry, at least one, each once";
  }
  std::string operator()(const OptionsJson*) const { return "a table, as { name = \"value\" }"; }
  std::string operator()(const Choice& choice) const {
    return fmt::format("one of {}", fmt::join(choice.names, ", "));
  }
  [[nodiscard]] std::string number() const {
    return fmt::format("a whole number from {} to {}", key.limits.least, key.limits.most);
  }
};

using Text = std::optional<std::string>;

Text quoted_unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return toml_quoted(text);
}

struct Printed {
  Text operator()(const std::string* text) const { return quoted_unless_empty(*text); }
  Text operator()(const std::filesystem::path* path) const {
    return quoted_unless_empty(path->string());
  }
  Text operator()(const bool* flag) const { return *flag ? "true" : "false"; }
  Text operator()(const std::uint16_t* number) const { return fmt::format("{}", *number); }
  Text operator()(const std::uint32_t* number) const { return fmt::format("{}", *number); }
  Text operator()(const std::chrono::milliseconds* duration) const {
    return toml_quoted(format_duration(*duration));
  }
  Text operator()(const std::chrono::minutes* zone) const {
    return toml_quoted(format_zone(*zone));
  }
  Text operator()(const ByteCount* size) const { return toml_quoted(format_size(*size)); }
  Text operator()(const MqttUrl* url) const { return toml_quoted(url->text()); }
  Text operator()(const std::vector<TopicFilter>* filters) const {
    std::vector<std::string> list;
    for (const auto& filter : *filters) list.push_back(toml_quoted(filter.text()));
    return fmt::format("[{}]", fmt::join(list, ", "));
  }
  Text operator()(const PerClass<bool>* wanted) const {
    std::vector<std::string> list;
    for (const auto event_class : kEventClasses) {
      if ((*wanted)[index_of(event_class)]) list.push_back(toml_quoted(to_string(event_class)));
    }
    return fmt::format("[{}]", fmt::join(list, ", "));
  }
  Text operator()(const OptionsJson* options) const {
    return options->text == OptionsJson{}.text ? Text{} : options_to_toml(options->text);
  }
  Text operator()(const Choice& choice) const {
    if (!choice.current) return std::nullopt;
    const auto name = choice.names[*choice.current];
    // QoS is a number in everybody's mind; a version such as 3.1.1 is not.
    return choice.names.front() == "0" ? std::string(name) : toml_quoted(name);
  }
};

}  // namespace

std::string accepted_by(const Key& key, const Slot& slot) {
  return std::visit(Accepted{key}, slot);
}

std::optional<std::string> printed(const Key& key, const Slot& slot) {
  if (key.form == Form::secret) return std::nullopt;
  return std::visit(Printed{}, slot);
}

}  // namespace watchpost::settings

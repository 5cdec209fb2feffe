// Describes and prints keys and their values.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>

#include "model/escalation.hpp"
#include "settings/grants.hpp"
#include "settings/keys.hpp"
#include "settings/options_table.hpp"
#include "settings/slots.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

Words text_accepted(Form form) {
  switch (form) {
    case Form::label:
      return say("1 to 63 of a-z, 0-9 and '-', in quotation marks",
                 "1 到 63 个字符，只用 a-z、0-9 和 '-'，加引号");
    case Form::area:
      return say("12 digits in quotation marks, as \"310118106203\"",
                 "12 位数字，加引号，例如 \"310118106203\"");
    case Form::address:
      return say("an IPv4 or IPv6 address, as \"127.0.0.1\" or \"::1\"",
                 "IPv4 或 IPv6 地址，例如 \"127.0.0.1\" 或 \"::1\"");
    case Form::file:
      return say("the path of a file that exists and can be read", "一个存在并且可读的文件的路径");
    case Form::decoder:
      return say("the name of a built-in decoder, or the path of a .toml or .so file that exists",
                 "内置解码器的名称，或存在的 .toml、.so 文件的路径");
    case Form::profile:
      return say("a model of the list in the documents, or the path of a .toml file that exists",
                 "文档型号表中的型号，或存在的 .toml 文件的路径");
    case Form::topics:
      return say(
          "a topic of words and placeholders, as \"wp/{{area}}/{{gateway}}/{{class}}/{{device}}\"",
          "由文字和占位符组成的主题，例如 \"wp/{{area}}/{{gateway}}/{{class}}/{{device}}\"");
    case Form::url_path:
      return say("a path of a URL, as \"/mqtt\"", "URL 的路径，例如 \"/mqtt\"");
    case Form::any:
    case Form::secret:
    case Form::or_none:
    case Form::levels:
    case Form::alarms:
    case Form::places:
    case Form::outputs:
    case Form::names:
    case Form::command:
      return say("a text of at least one character, in quotation marks",
                 "至少一个字符的文本，加引号");
  }
  return {};
}

// The first that lies within the limits; where none does, the largest that is accepted.
std::uint64_t example_within(Limits limits, std::initializer_list<std::uint64_t> examples) {
  const auto fits = [limits](std::uint64_t one) {
    return one >= limits.least && one <= limits.most;
  };
  const auto* const found = std::find_if(examples.begin(), examples.end(), fits);
  return found == examples.end() ? limits.most : *found;
}

Words duration_accepted(Limits limits) {
  const auto text = [](std::uint64_t milliseconds) {
    return format_duration(std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)});
  };
  return say("a duration from {} to {} (ms, s, min, h, d), as \"{}\"",
             "从 {} 到 {} 的时长（ms、s、min、h、d），例如 \"{}\"", text(limits.least),
             text(limits.most), text(example_within(limits, {30 * kSecond, 200})));
}

Words size_accepted(Limits limits) {
  const auto text = [](std::uint64_t bytes) { return format_size(ByteCount{bytes}); };
  return say("a size from {} to {} (B, KiB, MiB, GiB, TiB), as \"{}\"",
             "从 {} 到 {} 的容量（B、KiB、MiB、GiB、TiB），例如 \"{}\"", text(limits.least),
             text(limits.most), text(example_within(limits, {2'048 * kMiB, 8 * kMiB, 16 * kKiB})));
}

struct Accepted {
  const Key& key;
  Words operator()(const std::string*) const { return text_accepted(key.form); }
  Words operator()(const std::filesystem::path*) const {
    if (key.form == Form::file) return text_accepted(key.form);
    return say("a path in quotation marks", "路径，加引号");
  }
  Words operator()(const bool*) const { return say("true or false", "true 或 false"); }
  Words operator()(const std::uint16_t*) const { return number(); }
  Words operator()(const std::uint32_t*) const { return number(); }
  Words operator()(const std::chrono::milliseconds*) const { return duration_accepted(key.limits); }
  Words operator()(const std::chrono::minutes*) const {
    return say("an offset from UTC, -12:00 to +14:00, as \"+08:00\"",
               "与 UTC 的时差，-12:00 到 +14:00，例如 \"+08:00\"");
  }
  Words operator()(const ByteCount*) const { return size_accepted(key.limits); }
  Words operator()(const MqttUrl*) const {
    return say("mqtt://host:port or mqtts://host:port, in quotation marks",
               "mqtt://主机:端口 或 mqtts://主机:端口，加引号");
  }
  Words operator()(const std::vector<TopicFilter>*) const {
    return say("a list of MQTT Topic Filters, as [\"zigbee2mqtt/#\"]",
               "MQTT 主题过滤器的列表，例如 [\"zigbee2mqtt/#\"]");
  }
  Words operator()(const std::vector<std::string>*) const {
    if (key.form == Form::levels || key.form == Form::alarms) {
      const auto names = key.form == Form::levels ? alarm_level_names() : alarm_names();
      return say("a list of {}", "以下名称的列表：{}", fmt::to_string(fmt::join(names, ", ")));
    }
    if (key.form == Form::command) {
      return say(
          "a list of the absolute path of a program and its arguments, as "
          "[\"/usr/local/bin/tell\"]",
          "程序的绝对路径和参数的列表，例如 [\"/usr/local/bin/tell\"]");
    }
    if (key.form == Form::places)
      return say("a list of places, as [\"Building 3\"]", "地点的列表，例如 [\"3 号楼\"]");
    if (key.form == Form::outputs) {
      return say("a list of names of [[output]] sections, as [\"yard\"]",
                 "[[output]] 名称的列表，例如 [\"yard\"]");
    }
    if (key.form == Form::names) {
      return say("a list of devices, as [\"river-1\"]", "设备编号的列表，例如 [\"river-1\"]");
    }
    return say("a list of user names, as [\"homeassistant\"]",
               "用户名的列表，例如 [\"homeassistant\"]");
  }
  Words operator()(const PerClass<bool>*) const {
    if (key.form == Form::or_none) {
      return say("a list of \"alarm\", \"patrol\", \"status\", \"telemetry\", each once, or []",
                 "\"alarm\"、\"patrol\"、\"status\"、\"telemetry\" 的列表，不重复，也可以是 []");
    }
    return say(
        "a list of \"alarm\", \"patrol\", \"status\", \"telemetry\", at least one, each once",
        "\"alarm\"、\"patrol\"、\"status\"、\"telemetry\" 的列表，至少一个，不重复");
  }
  Words operator()(const DutyActionSet*) const {
    const std::string names = fmt::to_string(fmt::join(grantable_names(), ", "));
    return say("a list of actions, or [\"all\"], or []: {}",
               "动作的列表，也可以是 [\"all\"] 或 []：{}", names);
  }
  Words operator()(const OptionsJson*) const {
    return say("a table, as {{ name = \"value\" }}", "表，例如 {{ name = \"value\" }}");
  }
  Words operator()(const Decimal*) const { return say("a number, as 4.2", "数字，例如 4.2"); }
  Words operator()(const std::optional<bool>*) const {
    return say("true or false", "true 或 false");
  }
  Words operator()(const Wanted*) const {
    return say("a text in quotation marks, a number, true or false",
               "加引号的文本、数字、true 或 false");
  }
  Words operator()(const Choice& choice) const {
    return say("one of {}", "以下之一：{}", fmt::to_string(fmt::join(choice.names, ", ")));
  }
  [[nodiscard]] Words number() const {
    return say("a whole number from {} to {}", "从 {} 到 {} 的整数", key.limits.least,
               key.limits.most);
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
  Text operator()(const std::vector<std::string>* names) const {
    if (names->empty()) return std::nullopt;
    std::vector<std::string> list;
    for (const auto& name : *names) list.push_back(toml_quoted(name));
    return fmt::format("[{}]", fmt::join(list, ", "));
  }
  Text operator()(const PerClass<bool>* wanted) const {
    std::vector<std::string> list;
    for (const auto event_class : kEventClasses) {
      if ((*wanted)[index_of(event_class)]) list.push_back(toml_quoted(to_string(event_class)));
    }
    return fmt::format("[{}]", fmt::join(list, ", "));
  }
  Text operator()(const DutyActionSet* granted) const {
    if (*granted == upstream_actions()) return "[\"all\"]";
    std::vector<std::string> list;
    for (const std::string_view name : grantable_names()) {
      const auto action = action_from(name);
      if (action && granted->test(static_cast<std::size_t>(*action)))
        list.push_back(toml_quoted(name));
    }
    return fmt::format("[{}]", fmt::join(list, ", "));
  }
  Text operator()(const OptionsJson* options) const {
    return options->text == OptionsJson{}.text ? Text{} : options_to_toml(options->text);
  }
  Text operator()(const Decimal* number) const {
    return *number ? Text(fmt::format("{}", **number)) : Text{};
  }
  Text operator()(const std::optional<bool>* flag) const {
    if (!*flag) return std::nullopt;
    return **flag ? "true" : "false";
  }
  Text operator()(const Wanted* wanted) const {
    if (const auto* text = std::get_if<std::string>(&wanted->value)) return toml_quoted(*text);
    if (const auto* flag = std::get_if<bool>(&wanted->value)) return *flag ? "true" : "false";
    const auto* number = std::get_if<double>(&wanted->value);
    return number == nullptr ? Text{} : Text(fmt::format("{}", *number));
  }
  Text operator()(const Choice& choice) const {
    if (!choice.current) return std::nullopt;
    const auto name = choice.names[*choice.current];
    // People write QoS as a number without quotation marks; a version such as 3.1.1 needs them.
    return choice.names.front() == "0" ? std::string(name) : toml_quoted(name);
  }
};

}  // namespace

Words accepted_by(const Key& key, const Slot& slot) {
  return std::visit(Accepted{key}, slot);
}

std::optional<std::string> printed(const Key& key, const Slot& slot) {
  if (key.form == Form::secret) return std::nullopt;
  return std::visit(Printed{}, slot);
}

}  // namespace watchpost::settings

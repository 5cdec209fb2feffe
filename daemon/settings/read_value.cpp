#include "settings/read_value.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/encoding.hpp"
#include "decode/profiles.hpp"
#include "decode/registry.hpp"
#include "settings/closed_files.hpp"
#include "settings/options_table.hpp"
#include "settings/read_list.hpp"
#include "settings/topic_advice.hpp"
#include "settings/value_hints.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

using Answer = std::optional<Unacceptable>;
constexpr Answer kFine = std::nullopt;

struct Reader {
  const toml::node& node;
  const Key& key;
  const ReadingPlace& place;

  // Without better advice, the text is searched for characters that an input method left in it.
  [[nodiscard]] Answer refuse(Words advice = {}) const {
    if (advice.empty() && text()) {
      if (const auto wide = first_wide_character(*text())) {
        advice = say("'{}' in it is a full-width character: switch the input method to half-width",
                     "其中“{}”是全角字符：请把输入法切换到半角", wide->character);
      }
    }
    const std::string found = shown(node);
    return Unacceptable{{found, found}, std::move(advice)};
  }
  [[nodiscard]] const std::string* text() const {
    const auto* value = node.as_string();
    return value ? &value->get() : nullptr;
  }
  [[nodiscard]] bool within_limits(std::uint64_t value) const {
    return value >= key.limits.least && value <= key.limits.most;
  }
  [[nodiscard]] static Words without_marks() {
    return say("Write it without quotation marks", "不要加引号");
  }

  [[nodiscard]] Answer refuse_file(const std::filesystem::path& path) const {
    const std::string name = path.string();
    std::error_code error;
    const bool there = std::filesystem::exists(path, error);
    if (error) return refuse(way_to_read(path, RunningAs{place.user_name}));
    if (!there) {
      return refuse(say("There is no {}: create it or correct the path",
                        "没有 {}：请创建它，或改正路径", name));
    }
    if (!std::filesystem::is_regular_file(path, error)) {
      return refuse(say("{} is not a file", "{} 不是文件", name));
    }
    if (access(path.c_str(), R_OK) != 0)
      return refuse(way_to_read(path, RunningAs{place.user_name}));
    return kFine;
  }

  [[nodiscard]] Answer decoder(std::string& value) const {
    const auto kind = std::filesystem::path(*text()).extension();
    return kind == ".toml" || kind == ".so" ? decoder_file(value) : builtin_decoder(value);
  }

  // Any name may be one that a mapping or plugin of the site's knows.
  [[nodiscard]] Answer profile(std::string& value) const {
    if (text()->ends_with(".so")) {
      return refuse(say("A plugin is no profile: name it in a [[decoder]] section, with its topics",
                        "插件不能作为 profile：请写在 [[decoder]] 段的 use 里，并写明主题"));
    }
    if (decode::is_mapping_profile(*text())) return decoder_file(value);
    value = *text();
    return kFine;
  }

  // Keeps a file by its full path. A mapping that is named without a folder is looked for beside
  // the configuration first, then among the installed mappings.
  [[nodiscard]] Answer decoder_file(std::string& value) const {
    std::filesystem::path path = (place.config / *text()).lexically_normal();
    const bool mapping = path.extension() == ".toml";
    const bool bare = text()->find('/') == std::string::npos;
    std::error_code error;
    if (mapping && bare && !place.mappings.empty() && !std::filesystem::exists(path, error)) {
      const auto installed = place.mappings / *text();
      if (!std::filesystem::exists(installed, error)) {
        return refuse(say("There is no {} and none in {}: create it or correct the name",
                          "没有 {}，{} 里也没有：请创建它，或改正名称", path.string(),
                          place.mappings.string()));
      }
      path = installed;
    }
    if (auto refused = refuse_file(path)) return refused;
    value = path.string();
    return kFine;
  }

  [[nodiscard]] Answer builtin_decoder(std::string& value) const {
    if (text()->find('/') != std::string::npos) {
      return refuse(say("A mapping ends in .toml and a plugin in .so",
                        "映射文件以 .toml 结尾，插件以 .so 结尾"));
    }
    const auto names = decode::builtin_names();
    if (std::find(names.begin(), names.end(), *text()) == names.end()) {
      auto advice = did_you_mean(*text(), names);
      if (advice.empty()) {
        advice = say("Built in are {}", "内置的有 {}", fmt::to_string(fmt::join(names, ", ")));
      }
      return refuse(std::move(advice));
    }
    value = *text();
    return kFine;
  }

  [[nodiscard]] bool is_area() const {
    return text()->size() == 12 && text()->find_first_not_of("0123456789") == std::string::npos;
  }

  // "C:\temp" holds a tab: a backslash that was meant as such has become another character.
  [[nodiscard]] Answer refuse_eaten_backslash() const {
    if (text()->find_first_of("\b\t\n\f\r") == std::string::npos) return kFine;
    return refuse(meaning_of_backslash());
  }

  Answer operator()(std::string* value) const {
    if (!text()) {
      return refuse(node.is_number() ? say("Put it in quotation marks", "请加引号") : Words{});
    }
    if (auto refused = refuse_eaten_backslash()) return refused;
    switch (key.form) {
      case Form::label:
        if (!is_label(*text())) return refuse(label_advice(*text()));
        break;
      case Form::area:
        if (!is_area()) return refuse(area_advice(*text()));
        break;
      case Form::address:
        if (!is_ip_address(*text())) return refuse(address_advice(*text()));
        break;
      case Form::decoder:
        if (text()->empty()) return refuse();
        return decoder(*value);
      case Form::url_path:
        if (!is_url_path(*text())) return refuse();
        break;
      case Form::profile:
        if (text()->empty()) return refuse(say("Leave the key out instead", "不用时请删掉这个键"));
        return profile(*value);
      case Form::topics:
        if (auto advice = topic_advice(*text()); !advice.empty()) return refuse(std::move(advice));
        break;
      case Form::any:
      case Form::secret:
      case Form::file:
      case Form::or_none:
      case Form::levels:
      case Form::alarms:
      case Form::places:
      case Form::outputs:
      case Form::names:
      case Form::command:
        if (text()->empty()) return refuse(say("Leave the key out instead", "不用时请删掉这个键"));
        break;
    }
    *value = *text();
    return kFine;
  }

  Answer operator()(std::filesystem::path* value) const {
    if (!text() || text()->empty()) return refuse();
    if (auto refused = refuse_eaten_backslash()) return refused;
    if (text()->starts_with("~")) {
      return refuse(
          say("Write the whole path: ~ means nothing to a service", "请写完整路径：服务不认识 ~"));
    }
    const std::filesystem::path path = (place.config / *text()).lexically_normal();
    if (key.form == Form::file) {
      if (auto refused = refuse_file(path)) return refused;
    }
    *value = path;
    return kFine;
  }

  template <class Flag>
  Answer read_flag(Flag* value) const {
    const auto* flag = node.as_boolean();
    if (!flag && text()) {
      const auto meant = truth_meant(*text());
      return refuse(meant ? say("Write {}, without quotation marks", "应写 {}，不加引号",
                                *meant ? "true" : "false")
                          : Words{});
    }
    if (!flag) return refuse();
    *value = flag->get();
    return kFine;
  }

  Answer operator()(bool* value) const { return read_flag(value); }
  Answer operator()(std::optional<bool>* value) const { return read_flag(value); }

  template <class Number>
  Answer number(Number* value) const {
    const auto* number = node.as_integer();
    if (!number) return refuse(text() ? without_marks() : Words{});
    if (number->get() < 0 || !within_limits(static_cast<std::uint64_t>(number->get()))) {
      return refuse();
    }
    *value = static_cast<Number>(number->get());
    return kFine;
  }
  Answer operator()(std::uint16_t* value) const { return number(value); }
  Answer operator()(std::uint32_t* value) const { return number(value); }

  [[nodiscard]] static Words write_it(const std::optional<std::string>& meant) {
    return meant ? say("Write \"{}\"", "应写 \"{}\"", *meant) : Words{};
  }

  Answer operator()(std::chrono::milliseconds* value) const {
    if (node.is_number()) {
      return refuse(
          say("A duration needs a unit: write \"{0} s\" for seconds, \"{0} min\" for "
              "minutes",
              "时长要写单位：秒写 \"{0} s\"，分钟写 \"{0} min\"", shown(node)));
    }
    const auto duration = text() ? parse_duration(*text()) : std::nullopt;
    if (!duration) return refuse(text() ? write_it(duration_meant(*text())) : Words{});
    if (!within_limits(static_cast<std::uint64_t>(duration->count()))) return refuse();
    *value = *duration;
    return kFine;
  }

  Answer operator()(std::chrono::minutes* value) const {
    const auto zone = text() ? parse_zone(*text()) : std::nullopt;
    if (!zone) return refuse(write_it(zone_meant(text() ? *text() : shown(node))));
    *value = *zone;
    return kFine;
  }

  Answer operator()(ByteCount* value) const {
    if (node.is_number()) {
      return refuse(say("A size needs a unit: write \"{0} B\" for bytes, \"{0} MiB\" for mebibytes",
                        "容量要写单位：字节写 \"{0} B\"，兆字节写 \"{0} MiB\"", shown(node)));
    }
    const auto size = text() ? parse_size(*text()) : std::nullopt;
    if (!size) return refuse(text() ? write_it(size_meant(*text())) : Words{});
    if (!within_limits(size->value)) return refuse();
    *value = *size;
    return kFine;
  }

  Answer operator()(MqttUrl* value) const {
    if (!text()) return refuse();
    MqttUrl url;
    auto advice = read_mqtt_url(*text(), url);
    if (!advice.empty()) {
      // The text before an '@' may hold a password, so it is not repeated.
      if (text()->find('@') == std::string::npos) return refuse(std::move(advice));
      return Unacceptable{say("a URL with a name in it", "带用户名的 URL"), std::move(advice)};
    }
    *value = url;
    return kFine;
  }

  Answer operator()(std::vector<TopicFilter>* value) const { return read_list(node, key, *value); }
  Answer operator()(std::vector<std::string>* value) const { return read_list(node, key, *value); }
  Answer operator()(PerClass<bool>* value) const { return read_list(node, key, *value); }
  Answer operator()(DutyActionSet* value) const { return read_list(node, key, *value); }

  Answer operator()(OptionsJson* value) const {
    const auto* options = node.as_table();
    if (!options) return refuse();
    const auto json = options_to_json(*options);
    if (!json) return refuse(say("Leave out inf and nan", "不能写 inf 和 nan"));
    value->text = *json;
    return kFine;
  }

  [[nodiscard]] Decimal decimal() const {
    const Decimal number = node.is_number() ? node.value<double>() : Decimal{};
    return number && std::isfinite(*number) ? number : Decimal{};
  }
  Answer operator()(Decimal* value) const {
    if (!decimal()) return refuse(text() ? without_marks() : Words{});
    return *value = decimal(), kFine;
  }
  Answer operator()(Wanted* value) const {
    if (const auto* yes = node.as_boolean()) return value->value = yes->get(), kFine;
    if (const auto number = decimal()) return value->value = *number, kFine;
    if (!text() || text()->empty()) return refuse();
    return value->value = *text(), kFine;
  }

  Answer operator()(const Choice& choice) const {
    const bool is_plain = node.is_integer() || node.is_floating_point() || node.is_boolean();
    const std::string name = text() ? *text() : is_plain ? shown(node) : std::string{};
    const auto at = std::ranges::find(choice.names, name);
    if (at == choice.names.end()) return refuse(choice_advice(name, choice.names));
    choice.choose(static_cast<std::size_t>(at - choice.names.begin()));
    return kFine;
  }
};

}  // namespace

std::string shown(const toml::node& node) {
  std::string whole;
  if (const auto* text = node.as_string()) {
    whole = toml_quoted(text->get());
  } else if (node.is_table()) {
    return "a table";
  } else {
    std::ostringstream out;
    out << toml::toml_formatter{node};
    whole = out.str();
  }
  constexpr std::size_t kLongest = 60;
  if (whole.size() <= kLongest) return whole;
  whole.resize(kLongest);
  while (!whole.empty() && !is_utf8(whole)) whole.pop_back();
  return whole + "...";
}

std::optional<Unacceptable> read_value(const toml::node& node, const Key& key, Slot slot,
                                       const ReadingPlace& place) {
  auto answer = std::visit(Reader{node, key, place}, slot);
  if (answer && key.form == Form::secret) {
    answer->found = say("something that is not shown", "（内容不显示）");
  }
  return answer;
}

}  // namespace watchpost::settings

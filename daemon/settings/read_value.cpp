#include "settings/read_value.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "base/encoding.hpp"
#include "decode/registry.hpp"
#include "settings/options_table.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

using Answer = std::optional<Unacceptable>;
constexpr Answer kFine = std::nullopt;

struct Reader {
  const toml::node& node;
  const Key& key;
  const Folders& folders;

  [[nodiscard]] Answer refuse(std::string remedy = {}) const {
    return Unacceptable{shown(node), std::move(remedy)};
  }
  [[nodiscard]] const std::string* text() const {
    const auto* value = node.as_string();
    return value ? &value->get() : nullptr;
  }
  [[nodiscard]] bool within_limits(std::uint64_t value) const {
    return value >= key.limits.least && value <= key.limits.most;
  }

  [[nodiscard]] Answer refuse_file(const std::filesystem::path& path) const {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
      return refuse(fmt::format("There is no {}; create it or correct the path", path.string()));
    }
    if (!std::filesystem::is_regular_file(path, error)) {
      return refuse(fmt::format("{} is not a file", path.string()));
    }
    if (access(path.c_str(), R_OK) != 0) {
      return refuse(fmt::format("{} cannot be read; give this user the right to", path.string()));
    }
    return kFine;
  }

  // The text that is kept for a decoder: a name as it is, a file by its full path. A mapping named
  // without a folder may also be one of those installed with us; one beside the configuration wins.
  [[nodiscard]] Answer decoder(std::string& value) const {
    std::filesystem::path path = (folders.config / *text()).lexically_normal();
    const bool mapping = path.extension() == ".toml";
    if (!mapping && path.extension() != ".so") return builtin_decoder(value);
    const bool bare = text()->find('/') == std::string::npos;
    std::error_code error;
    if (mapping && bare && !folders.mappings.empty() && !std::filesystem::exists(path, error)) {
      const auto installed = folders.mappings / *text();
      if (!std::filesystem::exists(installed, error)) {
        return refuse(fmt::format("There is no {} and none in {}; create it or correct the name",
                                  path.string(), folders.mappings.string()));
      }
      path = installed;
    }
    if (auto refused = refuse_file(path)) return refused;
    value = path.string();
    return kFine;
  }

  [[nodiscard]] Answer builtin_decoder(std::string& value) const {
    if (text()->find('/') != std::string::npos) {
      return refuse("A mapping ends in .toml and a plugin in .so");
    }
    const auto names = decode::builtin_names();
    if (std::find(names.begin(), names.end(), *text()) == names.end()) {
      const auto nearest = meant_by(*text(), names);
      return refuse(nearest ? fmt::format("Did you mean \"{}\"?", *nearest)
                            : fmt::format("Built in are {}", fmt::join(names, ", ")));
    }
    value = *text();
    return kFine;
  }

  Answer operator()(std::string* value) const {
    if (!text()) return refuse(node.is_number() ? "put it in quotation marks" : "");
    const bool area =
        text()->size() == 12 && text()->find_first_not_of("0123456789") == std::string::npos;
    switch (key.form) {
      case Form::label:
        if (!is_label(*text())) return refuse(fmt::format("write \"{}\"", to_label(*text())));
        break;
      case Form::area:
        if (!area) return refuse();
        break;
      case Form::address:
        if (!is_ip_address(*text())) {
          return refuse(*text() == "localhost" ? "write \"127.0.0.1\" or \"::1\"" : "");
        }
        break;
      case Form::decoder:
        if (text()->empty()) return refuse();
        return decoder(*value);
      case Form::any:
      case Form::secret:
      case Form::file:
        if (text()->empty()) return refuse("leave the key out instead");
        break;
    }
    *value = *text();
    return kFine;
  }

  Answer operator()(std::filesystem::path* value) const {
    if (!text() || text()->empty()) return refuse();
    const std::filesystem::path path = (folders.config / *text()).lexically_normal();
    if (key.form == Form::file) {
      if (auto refused = refuse_file(path)) return refused;
    }
    *value = path;
    return kFine;
  }

  Answer operator()(bool* value) const {
    const auto* flag = node.as_boolean();
    if (!flag) return refuse(text() ? "write it without quotation marks" : "");
    *value = flag->get();
    return kFine;
  }

  template <class Number>
  Answer number(Number* value) const {
    const auto* number = node.as_integer();
    if (!number) return refuse(text() ? "write it without quotation marks" : "");
    if (number->get() < 0 || !within_limits(static_cast<std::uint64_t>(number->get()))) {
      return refuse();
    }
    *value = static_cast<Number>(number->get());
    return kFine;
  }
  Answer operator()(std::uint16_t* value) const { return number(value); }
  Answer operator()(std::uint32_t* value) const { return number(value); }

  Answer operator()(std::chrono::milliseconds* value) const {
    if (node.is_number()) {
      return refuse(
          fmt::format("A duration needs a unit: write \"{} s\" for seconds", shown(node)));
    }
    const auto duration = text() ? parse_duration(*text()) : std::nullopt;
    if (!duration || !within_limits(static_cast<std::uint64_t>(duration->count()))) return refuse();
    *value = *duration;
    return kFine;
  }

  Answer operator()(std::chrono::minutes* value) const {
    const auto zone = text() ? parse_zone(*text()) : std::nullopt;
    if (!zone) return refuse();
    *value = *zone;
    return kFine;
  }

  Answer operator()(ByteCount* value) const {
    if (node.is_number()) {
      return refuse(fmt::format("A size needs a unit: write \"{} B\" for bytes", shown(node)));
    }
    const auto size = text() ? parse_size(*text()) : std::nullopt;
    if (!size || !within_limits(size->value)) return refuse();
    *value = *size;
    return kFine;
  }

  Answer operator()(MqttUrl* value) const {
    if (!text()) return refuse();
    auto url = MqttUrl::parse(*text());
    if (!url) {
      // What stands before an '@' may be a password.
      const bool secret = text()->find('@') != std::string::npos;
      return Unacceptable{secret ? "a URL with a name in it" : shown(node), url.error().remedy};
    }
    *value = *url;
    return kFine;
  }

  Answer operator()(std::vector<TopicFilter>* value) const {
    const auto* list = node.as_array();
    if (!list) return refuse(text() ? fmt::format("write [{}]", toml_quoted(*text())) : "");
    if (list->empty()) return refuse();
    std::vector<TopicFilter> filters;
    for (const auto& element : *list) {
      const auto* name = element.as_string();
      auto filter = name ? TopicFilter::parse(name->get()) : std::nullopt;
      if (!filter) {
        return Unacceptable{shown(element),
                            "In a Topic Filter '#' is the last level and '+' a whole level"};
      }
      filters.push_back(std::move(*filter));
    }
    *value = std::move(filters);
    return kFine;
  }

  Answer operator()(PerClass<bool>* value) const {
    const auto* list = node.as_array();
    if (!list || list->empty()) return refuse();
    PerClass<bool> wanted{};
    for (const auto& element : *list) {
      const auto* name = element.as_string();
      const auto event_class = name ? event_class_from(name->get()) : std::nullopt;
      if (!event_class) return Unacceptable{shown(element), nearest_class(name)};
      if (wanted[index_of(*event_class)]) return Unacceptable{shown(element) + " twice", ""};
      wanted[index_of(*event_class)] = true;
    }
    *value = wanted;
    return kFine;
  }
  [[nodiscard]] static std::string nearest_class(const toml::value<std::string>* name) {
    std::vector<std::string_view> names;
    for (const auto event_class : kEventClasses) names.push_back(to_string(event_class));
    const auto nearest = name ? meant_by(name->get(), names) : std::nullopt;
    return nearest ? fmt::format("Did you mean \"{}\"?", *nearest) : "";
  }

  Answer operator()(OptionsJson* value) const {
    const auto* options = node.as_table();
    if (!options) return refuse();
    const auto json = options_to_json(*options);
    if (!json) return refuse("Leave out inf and nan");
    value->text = *json;
    return kFine;
  }

  Answer operator()(const Choice& choice) const {
    const std::string name = node.is_integer() ? shown(node) : text() ? *text() : std::string{};
    const auto* at =
        std::find(choice.names.data(), choice.names.data() + choice.names.size(), name);
    if (at == choice.names.data() + choice.names.size()) {
      const auto nearest = meant_by(name, choice.names);
      return refuse(nearest ? fmt::format("Did you mean \"{}\"?", *nearest) : "");
    }
    choice.choose(static_cast<std::size_t>(at - choice.names.data()));
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
                                       const Folders& folders) {
  auto answer = std::visit(Reader{node, key, folders}, slot);
  if (answer && key.form == Form::secret) answer->found = "something that is not shown";
  return answer;
}

}  // namespace watchpost::settings

#include "settings/read_list.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <span>
#include <utility>

#include "model/escalation.hpp"
#include "settings/grants.hpp"
#include "settings/value_hints.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

constexpr std::optional<Unacceptable> kAccepted = std::nullopt;

Unacceptable no_list(const toml::node& node) {
  const std::string found = shown(node);
  const auto* const text = node.as_string();
  return {{found, found},
          text ? say("Write [{}]", "应写 [{}]", toml_quoted(text->get())) : Words{}};
}

// Empty: any name will do.
std::span<const std::string_view> names_of(Form form) {
  if (form == Form::levels) return alarm_level_names();
  if (form == Form::alarms) return alarm_names();
  return {};
}

Words nearest_class(const toml::value<std::string>* name) {
  std::vector<std::string_view> names;
  for (const auto event_class : kEventClasses) names.push_back(to_string(event_class));
  return name ? did_you_mean(name->get(), names) : Words{};
}

}  // namespace

std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                      std::vector<TopicFilter>& value) {
  const auto* list = node.as_array();
  if (!list) {
    return no_list(node);
  }
  if (list->empty() && key.form != Form::or_none) return no_list(node);
  std::vector<TopicFilter> filters;
  for (const auto& element : *list) {
    const auto* name = element.as_string();
    auto filter = name ? TopicFilter::parse(name->get()) : std::nullopt;
    if (!filter || name->get().find('*') != std::string::npos) {
      const std::string found = shown(element);
      return Unacceptable{{found, found},
                          say("'#' stands for all further levels, at the end only; '+' for one "
                              "whole level; '*' means nothing",
                              "'#' 代表其后所有层，只能在最后；'+' 代表整整一层；'*' 没有意义")};
    }
    filters.push_back(std::move(*filter));
  }
  value = std::move(filters);
  return kAccepted;
}

std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                      std::vector<std::string>& value) {
  const auto* list = node.as_array();
  if (!list) {
    return no_list(node);
  }
  std::vector<std::string> names;
  for (const auto& element : *list) {
    const auto* name = element.as_string();
    const std::string found = shown(element);
    if (!name || name->get().empty()) return Unacceptable{{found, found}, Words{}};
    if (const auto known = names_of(key.form);
        !known.empty() && std::ranges::find(known, name->get()) == known.end()) {
      return Unacceptable{{found, found}, did_you_mean(name->get(), known)};
    }
    names.push_back(name->get());
  }
  if (key.form == Form::command && (names.empty() || !names.front().starts_with('/'))) {
    const std::string found = shown(node);
    return Unacceptable{
        {found, found},
        say("Begin with the absolute path of the program; there is no shell between",
            "第一项写程序的绝对路径；不经过 shell")};
  }
  value = std::move(names);
  return kAccepted;
}

std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                      PerClass<bool>& value) {
  const auto* list = node.as_array();
  if (!list || (list->empty() && key.form != Form::or_none)) {
    return no_list(node);
  }
  PerClass<bool> wanted{};
  for (const auto& element : *list) {
    const auto* name = element.as_string();
    const auto event_class = name ? event_class_from(name->get()) : std::nullopt;
    const std::string found = shown(element);
    if (!event_class) return Unacceptable{{found, found}, nearest_class(name)};
    if (wanted[index_of(*event_class)]) {
      return Unacceptable{say("{} twice", "{} 出现两次", found), {}};
    }
    wanted[index_of(*event_class)] = true;
  }
  value = wanted;
  return kAccepted;
}

std::optional<Unacceptable> read_list(const toml::node& node, const Key& /*key*/,
                                      DutyActionSet& value) {
  const auto* list = node.as_array();
  if (!list) return no_list(node);
  DutyActionSet granted;
  for (const auto& element : *list) {
    const auto* name = element.as_string();
    const auto one = name ? granted_by(name->get()) : std::nullopt;
    const std::string found = shown(element);
    if (!one) return Unacceptable{{found, found}, name ? grant_advice(name->get()) : Words{}};
    granted |= *one;
  }
  value = granted;
  return kAccepted;
}

}  // namespace watchpost::settings

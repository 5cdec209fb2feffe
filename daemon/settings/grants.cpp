#include "settings/grants.hpp"

#include "settings/values.hpp"

namespace watchpost::settings {

std::vector<std::string_view> grantable_names() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kDutyActionCount; ++i) {
    if (upstream_actions().test(i)) names.push_back(to_string(static_cast<DutyAction>(i)));
  }
  return names;
}

std::optional<DutyActionSet> granted_by(std::string_view name) {
  if (name == "all") return upstream_actions();
  const auto action = action_from(name);
  if (!action) return std::nullopt;
  DutyActionSet granted;
  granted.set(static_cast<std::size_t>(*action));
  granted &= upstream_actions();
  return granted.any() ? std::optional(granted) : std::nullopt;
}

Words grant_advice(const std::string& name) {
  if (action_from(name)) {
    return say("That is for those who are there: an upstream cannot be granted it",
               "这个动作只能在现场进行，不能授权给上级");
  }
  const auto names = grantable_names();
  const auto nearest = meant_by(name, names);
  if (!nearest) return {};
  return say("Did you mean \"{}\"?", "是不是 \"{}\"？", *nearest);
}

}  // namespace watchpost::settings

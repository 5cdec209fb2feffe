#include "outputs/calls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::outputs {
namespace {

bool names(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool names(const EscalationRule& rule, const std::string& name) {
  return std::any_of(rule.told.begin(), rule.told.end(),
                     [&name](const auto& list) { return names(list, name); });
}

}  // namespace

Calls::Calls(std::vector<CallTerms> outputs, EscalationRules rules) {
  use(std::move(outputs), std::move(rules));
}

void Calls::use(std::vector<CallTerms> outputs, EscalationRules rules) {
  WATCHPOST_INVARIANT(outputs.size() <= kMostOutputs);
  outputs_ = std::move(outputs);
  rules_ = std::move(rules);
  named_.reset();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    named_[i] = std::any_of(rules_.begin(), rules_.end(), [this, i](const EscalationRule& rule) {
      return names(rule, outputs_[i].name);
    });
  }
}

std::optional<std::uint8_t> Calls::stage_for(std::size_t output, const PlacedAlarm& one,
                                             const EscalationRule* rule) const {
  const CallTerms& terms = outputs_[output];
  const std::uint8_t stage = one.alarm.escalation;
  if (rule == nullptr || !named_[output]) {
    const bool is_called = stage >= terms.step && terms.which.fits(one);
    return is_called ? std::optional(terms.step) : std::nullopt;
  }
  // Whom a rule names is told of whatever that rule is about, a fault too.
  if (!terms.which.fits({one.alarm, one.place, true})) return std::nullopt;
  std::optional<std::uint8_t> newest;
  for (std::uint8_t i = 0; i < rule->told.size() && i <= stage; ++i) {
    if (names(rule->told[i], terms.name)) newest = i;
  }
  return newest;
}

void Calls::see(const PlacedAlarm& one, bool sounds, const Wanted& wanted) {
  Called& called = called_[one.alarm.number.serial];
  if (called.waiting_since != one.alarm.waiting_since)
    called = {one.alarm.waiting_since, {}, {}, true};
  called.is_seen = true;
  const EscalationRule* const rule = rule_for(rules_, one);
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const bool is_siren = outputs_[i].is_siren;
    const bool is_called = is_siren && called.outputs[i];
    if (const auto stage = is_called ? std::nullopt : stage_for(i, one, rule)) {
      called.stages[i] = std::max(called.stages[i], *stage);
      called.outputs[i] = true;
    }
    if (called.outputs[i] && wanted && (sounds || !is_siren)) wanted({i, called.stages[i]});
  }
  if (sounds) sounding_ |= called.outputs;
}

OutputSet Calls::end() {
  for (auto each = called_.begin(); each != called_.end();)
    each = std::exchange(each->second.is_seen, false) ? std::next(each) : called_.erase(each);
  return sounding_;
}

}  // namespace watchpost::outputs

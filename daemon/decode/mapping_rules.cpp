#include "decode/mapping_rules.hpp"

#include <algorithm>
#include <limits>

#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

bool is_same(const PayloadPlace& one, const PayloadPlace& other) {
  return one.pointer == other.pointer && one.offset == other.offset && one.type == other.type &&
         one.mask == other.mask && one.bit == other.bit;
}

// "between" is at_least and at_most in one.
void read_between(TableReader& reader, StateRule& rule) {
  const auto* between = reader.array("between");
  if (between == nullptr) return;
  if (rule.at_least || rule.at_most) {
    reader.fail({.what = "\"between\" says what at_least and at_most say",
                 .remedy = "Keep one of them",
                 .chinese = "between 已包含 at_least 和 at_most。请只留一种"});
  }
  const auto number = [between](std::size_t i) {
    return between->size() == 2 ? between->get(i)->value<double>() : std::nullopt;
  };
  rule.at_least = number(0);
  rule.at_most = number(1);
  if (rule.at_least && rule.at_most && *rule.at_least <= *rule.at_most) return;
  reader.fail({.what = "\"between\" must be two numbers, the smaller one first",
               .remedy = "Write between = [0.5, 2]",
               .chinese = "between 应是两个数字，小的在前。请写 between = [0.5, 2]"});
}

// A rule that nothing can fit would be an alarm that never comes.
void check_can_fit(const TableReader& reader, StateRule& rule) {
  if (rule.place.bit && rule.equals) {
    if (*rule.equals == "1") rule.equals = "true";
    if (*rule.equals == "0") rule.equals = "false";
    if (*rule.equals != "true" && *rule.equals != "false" && *rule.equals != "null") {
      reader.fail({.what = "a bit is true or false, never \"" + *rule.equals + "\"",
                   .remedy = "Write equals = \"true\"",
                   .chinese = "位只有 true 和 false，不会是 \"" + *rule.equals +
                              "\"。请写 equals = \"true\""});
    }
  }
  const auto lowest = std::max(rule.at_least, rule.above);
  const auto highest = !rule.at_most ? rule.below
                       : !rule.below ? rule.at_most
                                     : std::min(rule.at_most, rule.below);
  if (!lowest || !highest || *lowest < *highest) return;
  if (*lowest == *highest && lowest != rule.above && highest != rule.below) return;
  reader.fail({.what = "no number lies within these bounds",
               .remedy = "Write the smaller one at at_least or above",
               .chinese = "没有数字满足这些界限。请把小的写在 at_least 或 above"});
}

bool raises(DeclaredState state) {
  return state == DeclaredState::alarm || state == DeclaredState::suspected ||
         state == DeclaredState::confirmed;
}

bool is_within(const StateRule& rule, double number) {
  return !(rule.at_least && number < *rule.at_least) && !(rule.above && number <= *rule.above) &&
         !(rule.at_most && number > *rule.at_most) && !(rule.below && number >= *rule.below);
}

double lowest_of(const StateRule& rule) {
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  return std::max(rule.at_least.value_or(kNone), rule.above.value_or(kNone));
}

double highest_of(const StateRule& rule) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  return std::min(rule.at_most.value_or(kNone), rule.below.value_or(kNone));
}

// Whether one message can fit both. Two places of a message may each have any value.
bool may_both_fit(const StateRule& one, const StateRule& other) {
  if (!is_same(one.place, other.place)) return true;
  if (one.equals && other.equals) return one.equals == other.equals;
  if (one.equals || other.equals) {
    const auto number = sdk::number_from(one.equals ? *one.equals : *other.equals);
    return number && is_within(one.equals ? other : one, *number);
  }
  const double low = std::max(lowest_of(one), lowest_of(other));
  const double high = std::min(highest_of(one), highest_of(other));
  return low < high || (low == high && is_within(one, low) && is_within(other, low));
}

}  // namespace

StateRule state_rule_in(TableReader& reader, PayloadFormat format) {
  StateRule rule;
  rule.place = place_in(reader, format);
  rule.equals = reader.text("equals");
  rule.at_least = reader.number("at_least");
  rule.above = reader.number("above");
  rule.below = reader.number("below");
  rule.at_most = reader.number("at_most");
  read_between(reader, rule);
  const auto state = reader.word("state", declared_state_names());
  reader.finish();  // a misspelt key is named before what it leaves out
  const bool bounds = rule.at_least || rule.above || rule.below || rule.at_most;
  if (rule.equals.has_value() == bounds) {
    reader.fail({.what = "a state rule needs either \"equals\" or bounds of a number",
                 .remedy = "Write equals = \"1\", or at_least, above, below, at_most, between",
                 .chinese = "[[state_when]] 要有 equals，或数字的界限。请写 equals = \"1\"，或 "
                            "at_least、above、below、at_most、between"});
  }
  check_can_fit(reader, rule);
  if (!state)
    reader.fail({.what = "a state rule has no state",
                 .remedy = "Write state = \"alarm\"",
                 .chinese = "[[state_when]] 缺少 state。请写 state = \"alarm\""});
  rule.state = *declared_state_from(declared_state_names()[*state]);
  rule.line = reader.line();
  return rule;
}

void check_can_decide(const TableReader& reader, const std::vector<StateRule>& rules) {
  const StateRule& last = rules.back();
  const bool is_decided = std::any_of(rules.begin(), rules.end() - 1, [&last](const auto& rule) {
    return rule.equals && rule.equals == last.equals && is_same(rule.place, last.place);
  });
  if (!is_decided) return;
  reader.fail({.what = "a rule above has decided already where this value is \"" + *last.equals +
                       "\": the first that fits counts",
               .remedy = "Keep one of the two",
               .chinese = "值为 \"" + *last.equals +
                          "\" 时，上面的规则已经决定了：先符合的算数。请只留一条"});
}

void note_hidden_alarm(const TableReader& reader, const std::vector<StateRule>& rules,
                       std::vector<Complaint>& notes) {
  const StateRule& last = rules.back();
  if (!raises(last.state)) return;
  const auto hides = std::find_if(rules.begin(), rules.end() - 1, [&last](const StateRule& rule) {
    return !raises(rule.state) && may_both_fit(rule, last);
  });
  if (hides == rules.end() - 1) return;
  const std::string line = std::to_string(hides->line);
  const std::string state(to_string(hides->state));
  notes.push_back({.what = reader.where() + ": where the rule of line " + line +
                           " fits too, its \"" + state + "\" counts, and this alarm is not heard",
                   .remedy = "The first rule that fits decides: write those of an alarm first",
                   .chinese = reader.where() + "：第 " + line + " 行的规则也符合时，以它的 \"" +
                              state +
                              "\" 为准，这条报警就不会发出。先符合的规则算数：请把报警的"
                              "规则写在最前面"});
}

}  // namespace watchpost::decode

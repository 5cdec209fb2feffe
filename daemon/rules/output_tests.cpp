#include "rules/output_tests.hpp"

#include <algorithm>
#include <utility>

#include "rules/command_table.hpp"

namespace watchpost::rules {
namespace {

bool is_configured(const Core& core, const std::string& output) {
  const auto& names = core.options.outputs;
  return std::find(names.begin(), names.end(), output) != names.end();
}

OutputTested& tested(Duty& duty, const std::string& output) {
  const auto found = std::find_if(duty.tested.begin(), duty.tested.end(),
                                  [&output](const auto& one) { return one.output == output; });
  if (found != duty.tested.end()) return *found;
  OutputTested& added = duty.tested.emplace_back();
  added.output = output;
  return added;
}

}  // namespace

CommandResult begin_output_test(Step& step, const Command& command) {
  if (!is_configured(step.core(), command.output)) return refused(Refusal::output_unknown);
  Duty duty = step.core().duty_now();
  if (duty.output_test) return refused(Refusal::output_under_test);
  duty.output_test = OutputTest{command.output, step.now(), command.by};
  step.put(duty);
  return {};
}

void end_output_test(Step& step, const OutputTestEnd& end) {
  Duty duty = step.core().duty_now();
  const auto& under_way = duty.output_test;
  if (!under_way || under_way->output != end.output || under_way->since != end.since) return;
  const Actor by = under_way->by;
  duty.output_test.reset();
  // What is no longer in the configuration is not tested any more.
  std::erase_if(duty.tested,
                [&step](const auto& one) { return !is_configured(step.core(), one.output); });
  OutputTested& result = tested(duty, end.output);
  result.how = end.how;
  result.detail = end.detail.substr(0, Telling::kMostDetail);
  result.by = by.who;
  result.at = step.at();
  if (end.how == ToldHow::accepted) result.passed = step.now();
  step.put(duty);
  Deed deed;
  deed.action = DutyAction::test_output;
  deed.actor = by;
  deed.output = end.output;
  deed.how = end.how;
  deed.detail = result.detail;
  step.note(std::move(deed));
}

}  // namespace watchpost::rules

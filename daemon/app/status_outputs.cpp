#include "app/status_outputs.hpp"

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"
#include "model/trouble_catalogue.hpp"
#include "rules/judgement.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;

const OutputTested* tested_of(const Duty& duty, std::string_view output) {
  const auto found = std::find_if(duty.tested.begin(), duty.tested.end(),
                                  [output](const auto& one) { return one.output == output; });
  return found == duty.tested.end() ? nullptr : &*found;
}

std::chrono::seconds age_of(ServiceTime time, const rules::Judgement& judgement, SteadyTime now) {
  return std::chrono::duration_cast<std::chrono::seconds>(now - judgement.steady_of(time));
}

std::optional<Trouble> untested(const std::string& output, const rules::Judgement& judgement,
                                SteadyTime now) {
  const OutputTested* const tested = tested_of(judgement.duty_on_disk(), output);
  if (tested == nullptr) return trouble<TroubleCode::output_never_tested>(arg<"output">(output));
  if (tested->how != ToldHow::accepted) {
    return trouble<TroubleCode::output_test_failed>(
        arg<"output">(output), arg<"code">(HowTold{tested->how, tested->detail}));
  }
  const auto age = age_of(tested->at.service, judgement, now);
  if (age < rules::kTestOutputsEvery) return std::nullopt;
  const auto days =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::days>(age).count());
  return trouble<TroubleCode::output_test_due>(arg<"output">(output), arg<"days">(days));
}

// When it was tested last, and whether it is now.
void add_tested(const std::string& name, const Snapshot& snapshot, json::object& output) {
  const rules::Judgement& judgement = snapshot.duty->judgement();
  const SteadyTime now = snapshot.now;
  const Duty& duty = judgement.duty_on_disk();
  output["testing"] = duty.output_test && duty.output_test->output == name;
  const OutputTested* const tested = tested_of(duty, name);
  if (tested == nullptr) return;
  output["tested"] = {{"how", to_string(tested->how)},
                      {"detail", as_utf8(tested->detail)},
                      {"by", as_utf8(tested->by)},
                      {"age_s", age_of(tested->at.service, judgement, now).count()}};
  if (tested->passed) output["passed_s"] = age_of(*tested->passed, judgement, now).count();
}

}  // namespace

json::array outputs_json(const Snapshot& snapshot) {
  json::array list;
  for (const outputs::OutputStatus& output : snapshot.outputs) {
    json::object object{{"name", output.name},
                        {"state", output.doing},
                        {"failure", output.trouble ? sentence_of(*output.trouble, Language::english)
                                                   : std::string()}};
    if (snapshot.duty != nullptr) add_tested(output.name, snapshot, object);
    list.push_back(std::move(object));
  }
  return list;
}

std::vector<Trouble> untested_outputs(const Snapshot& snapshot) {
  std::vector<Trouble> all;
  if (snapshot.duty == nullptr) return all;
  for (const outputs::OutputStatus& output : snapshot.outputs) {
    if (auto one = untested(output.name, snapshot.duty->judgement(), snapshot.now))
      all.push_back(*std::move(one));
  }
  return all;
}

}  // namespace watchpost::app

#include "villages/errands.hpp"

#include <algorithm>
#include <utility>

#include "model/command_json.hpp"
#include "model/event_topic.hpp"

namespace watchpost::villages {

bool Errands::begin(Errand errand, SteadyTime now, Told told) {
  if (waiting_.size() >= kMost) return false;
  waiting_.push_back({std::move(errand), now + kPatience, now, std::move(told)});
  return true;
}

void Errands::look(SteadyTime now, const std::function<void(const Errand&)>& send) {
  std::vector<Waiting> late;
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    if (each->until <= now) {
      late.push_back(std::move(*each));
      each = waiting_.erase(each);
      continue;
    }
    if (each->next <= now) {
      each->next = now + kAgain;
      send(each->errand);
    }
    ++each;
  }
  for (const Waiting& each : late) {
    CommandResult result;
    result.refusal = Refusal::no_answer;
    result.alarm = each.errand.alarm;
    each.told(result);
  }
}

void Errands::heard(const Arrived& message) {
  if (waiting_.empty()) return;
  const auto place = read_event_topic(message.topic);
  if (!place || place->use != EventTopic::Use::command ||
      message.topic != command_result_topic(place->prefix)) {
    return;
  }
  const auto answer = answer_from_json(message.payload);
  if (!answer) return;
  std::vector<Told> told;
  std::erase_if(waiting_, [&](Waiting& each) {
    if (each.errand.prefix != place->prefix || each.errand.key != answer->key) return false;
    told.push_back(std::move(each.told));
    return true;
  });
  for (const Told& tell : told) tell(answer->result);
}

}  // namespace watchpost::villages

#include "spool/queue/commit_group.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace watchpost::spool {

void Notes::move_cursor(CursorMove move) {
  const auto same = std::find_if(cursors.begin(), cursors.end(), [&](const CursorMove& known) {
    return known.upstream == move.upstream && known.event_class == move.event_class;
  });
  if (same == cursors.end()) {
    cursors.push_back(std::move(move));
  } else {
    same->cursor = std::max(same->cursor, move.cursor);
  }
}

void Notes::add(Loss loss) {
  // The known ranges lie apart, so what the wider range touches is what `loss` touches.
  const Loss found = loss;
  std::erase_if(losses, [&](const Loss& known) {
    const bool touches = known.event_class == found.event_class &&
                         known.first <= found.last.next() && found.first <= known.last.next();
    if (!touches) return false;
    loss.first = std::min(loss.first, known.first);
    loss.last = std::max(loss.last, known.last);
    return true;
  });
  losses.push_back(loss);
}

void Notes::take_over(Notes&& older) {
  for (CursorMove& move : older.cursors) move_cursor(std::move(move));
  const auto prepend = [](auto& to, auto& from) {
    to.insert(to.begin(), std::make_move_iterator(from.begin()),
              std::make_move_iterator(from.end()));
  };
  prepend(set_aside, older.set_aside);
  prepend(taken_back, older.taken_back);
  for (const Loss& loss : std::exchange(losses, std::move(older.losses))) add(loss);
}

bool CommitGroup::keeps_something() const {
  return std::any_of(appends.begin(), appends.end(), [](const Append& append) {
    return !append.refusal && (!append.records.empty() || !append.facts.empty());
  });
}

EventClass class_of(const Append& append) {
  const bool has_steps = append.steps && append.steps->last != StepNumber{};
  if (append.records.empty() || has_steps) return EventClass::alarm;
  EventClass most_urgent = EventClass::telemetry;
  for (const Record& record : append.records) {
    most_urgent = std::min(most_urgent, record.event_class);
  }
  return most_urgent;
}

}  // namespace watchpost::spool

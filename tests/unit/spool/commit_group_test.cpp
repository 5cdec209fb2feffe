#include "spool/queue/commit_group.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::spool;

namespace {

constexpr EventClass kLostClass = EventClass::telemetry;

Loss lost(std::uint64_t first, std::uint64_t last, EventClass event_class = kLostClass) {
  return {event_class, Seq{first}, Seq{last}};
}

void check_losses(const Notes& notes, const std::vector<Loss>& expected) {
  REQUIRE(notes.losses.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(notes.losses[i].event_class == expected[i].event_class);
    CHECK(notes.losses[i].first == expected[i].first);
    CHECK(notes.losses[i].last == expected[i].last);
  }
}

}  // namespace

TEST_CASE("a hole that is reported again and again waits as one loss", "[spool][unit]") {
  Notes notes;
  for (int i = 0; i < 1'000; ++i) notes.add(lost(5, 9));
  check_losses(notes, {lost(5, 9)});
  notes.add(lost(7, 8));
  check_losses(notes, {lost(5, 9)});
}

TEST_CASE("numbers lost one after the other wait as one loss", "[spool][unit]") {
  Notes notes;
  for (std::uint64_t seq = 1; seq <= 1'000; ++seq) notes.add(lost(seq, seq));
  check_losses(notes, {lost(1, 1'000)});
}

TEST_CASE("a loss joins what it touches on both sides and nothing else", "[spool][unit]") {
  Notes notes;
  notes.add(lost(1, 3));
  notes.add(lost(9, 12));
  notes.add(lost(14, 20));
  notes.add(lost(4, 8, EventClass::alarm));
  notes.add(lost(4, 9));
  check_losses(notes, {lost(14, 20), lost(4, 8, EventClass::alarm), lost(1, 12)});
}

TEST_CASE("losses of a commit that failed are not told twice", "[spool][unit]") {
  Notes older;
  older.add(lost(1, 3));
  older.add(lost(10, 12));
  Notes notes;
  notes.add(lost(10, 12));
  notes.add(lost(13, 13));
  notes.take_over(std::move(older));
  check_losses(notes, {lost(1, 3), lost(10, 13)});
}

TEST_CASE(
    "a message with a step of judgement has the room of an alarm, one judged upon others has not",
    "[spool][unit]") {
  Append message;
  message.records.emplace_back();
  message.records.back().event_class = EventClass::telemetry;
  CHECK(class_of(message) == EventClass::telemetry);
  CHECK_FALSE(goes_with_next_commit(message));
  JudgedSteps steps;
  message.steps = std::make_shared<const JudgedSteps>(steps);
  CHECK(class_of(message) == EventClass::telemetry);
  // Its turn is behind what it rests on.
  CHECK(goes_with_next_commit(message));
  steps.last = StepNumber{7};
  message.steps = std::make_shared<const JudgedSteps>(steps);
  CHECK(class_of(message) == EventClass::alarm);
}

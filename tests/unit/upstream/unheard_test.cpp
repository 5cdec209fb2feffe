// Alarms that a broker takes while nobody has subscribed (PUBACK 0x10) are not delivered.
#include "model/trouble_catalogue.hpp"
#include "unit/upstream/stage.hpp"
#include "upstream/unheard_seqs.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::Stage;

// The broker says that nobody has subscribed wherever the topic contains `where`.
void nobody_hears(Stage& stage, const std::string& where) {
  stage.broker.judge = [where](const Publication& publication) {
    const bool unheard = publication.topic.find(where) != std::string::npos;
    return unheard ? kNoMatchingSubscribers : ReasonCode{0};
  };
}

void everybody_hears(Stage& stage) {
  stage.broker.judge = [](const Publication&) { return ReasonCode{0}; };
}

std::uint64_t unheard_of(const Stage& stage, EventClass event_class) {
  const auto trouble = stage.uplink->status().unheard;
  if (!trouble) return 0;
  return std::get<PerClass<std::uint64_t>>(trouble->arguments[1].value)[index_of(event_class)];
}

}  // namespace

TEST_CASE("an alarm or patrol that no subscriber took is kept, offered again, and told",
          "[upstream][unit]") {
  const auto event_class = GENERATE(EventClass::alarm, EventClass::patrol);
  Stage stage;
  nobody_hears(stage, "/");
  stage.open();
  stage.spool.commit(event_class, 3);
  stage.run();
  CHECK(stage.cursor(event_class) == Seq{0});
  CHECK(unheard_of(stage, event_class) == 3);
  CHECK(stage.uplink->status().backlog[index_of(event_class)] == 3);
  REQUIRE(stage.uplink->status().unheard.has_value());
  const std::string told = sentence_of(*stage.uplink->status().unheard, Language::english);
  CHECK(told.find("wp/v1/310118/106/203/zhaoxiang-03/#") != std::string::npos);
  CHECK(stage.log.count("Nobody has subscribed") == 1);

  // The alarms are offered again at a pace, and the operator is told only once.
  for (int minute = 0; minute < 60; ++minute) stage.pass(1min);
  CHECK(stage.events().size() >= 3 * 6);
  CHECK(stage.events().size() <= 3 * 30);
  CHECK(stage.log.count("Nobody has subscribed") == 1);
  const auto age = stage.uplink->status().unheard->arguments[2].value;
  CHECK(std::get<std::chrono::seconds>(age) == 60min);

  everybody_hears(stage);
  stage.pass(10min);
  CHECK(stage.cursor(event_class) == Seq{3});
  CHECK(unheard_of(stage, event_class) == 0);
  CHECK_FALSE(stage.uplink->status().unheard.has_value());
  CHECK(stage.log.count("has been heard now") == 1);
  // The repeat is the same event under the same id.
  CHECK(stage.events().back().payload == stage.events()[2].payload);
}

TEST_CASE("status and telemetry that no subscriber took count as delivered", "[upstream][unit]") {
  const auto event_class = GENERATE(EventClass::status, EventClass::telemetry);
  Stage stage;
  nobody_hears(stage, "/");
  stage.open();
  stage.spool.commit(event_class, 3);
  stage.run();
  CHECK(stage.cursor(event_class) == Seq{3});
  CHECK_FALSE(stage.uplink->status().unheard.has_value());
  CHECK(stage.uplink->status().counts.unheard == 3);
}

TEST_CASE("an unheard alarm holds up no other, and only it is offered again", "[upstream][unit]") {
  Stage stage;
  stage.spool.device = "pond";
  nobody_hears(stage, "/pond");
  stage.open();
  stage.spool.commit(EventClass::alarm);
  stage.spool.device = "smoke";
  // These are more than a window, and more than may be sent past an unanswered one.
  stage.spool.commit(EventClass::alarm, 600);
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  CHECK(unheard_of(stage, EventClass::alarm) == 1);
  CHECK(stage.uplink->status().backlog[index_of(EventClass::alarm)] == 1);
  const auto all = stage.events().size();
  CHECK(all >= 601);
  // Each heard alarm shows that somebody listens: the unheard one is then offered at once, but not
  // each time.
  CHECK(all <= 603);

  stage.lose_link();
  stage.pass(61s);
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  REQUIRE(stage.events().size() == all + 1);
  CHECK(stage.events().back().topic.find("/pond") != std::string::npos);
  CHECK(unheard_of(stage, EventClass::alarm) == 1);

  everybody_hears(stage);
  stage.pass(10min);
  CHECK(stage.cursor(EventClass::alarm) == Seq{601});
}

TEST_CASE("what nobody heard is offered at once on a new link, and when somebody begins to listen",
          "[upstream][unit]") {
  const bool new_link = GENERATE(true, false);
  Stage stage;
  nobody_hears(stage, "/alarm/");
  stage.open();
  stage.spool.commit(EventClass::alarm, 20);
  stage.run();
  // After this time the longest wait between two rounds is reached.
  for (int minute = 0; minute < 60; ++minute) stage.pass(1min);
  REQUIRE(unheard_of(stage, EventClass::alarm) == 20);

  everybody_hears(stage);
  if (new_link) {
    stage.lose_link();
    stage.pass(2s);
  } else {
    stage.spool.commit(EventClass::alarm);
    stage.run();
  }
  CHECK(stage.cursor(EventClass::alarm) == Seq{new_link ? 20U : 21U});
}

TEST_CASE("a new alarm leaves before those that nobody heard, and they do not wait for a backlog",
          "[upstream][unit]") {
  Stage stage;
  nobody_hears(stage, "/alarm/");
  UplinkOptions options;
  options.forwarding.window = 64;
  stage.open(options);
  stage.spool.commit(EventClass::alarm, 4);
  stage.run();
  stage.lose_link();
  stage.spool.commit(EventClass::telemetry, 2'000);
  stage.spool.device = "new";
  stage.spool.commit(EventClass::alarm);
  const auto before = stage.events().size();
  stage.pass(2s);
  const auto events = stage.events();
  REQUIRE(events.size() >= before + 2'005);
  const auto place_of = [&](const std::string& part) {
    std::size_t at = before;
    while (at < events.size() && events[at].topic.find(part) == std::string::npos) ++at;
    return at - before;
  };
  CHECK(place_of("/alarm/fire/new") < place_of("/alarm/fire/smoke-3f-07"));
  // A window of telemetry may leave while the alarms are read from the disk.
  CHECK(place_of("/alarm/fire/smoke-3f-07") < 100);
}

TEST_CASE("many unheard alarms cost little, and the rounds come to each of them",
          "[upstream][unit]") {
  Stage stage;
  nobody_hears(stage, "/alarm/");
  stage.open();
  stage.spool.commit(EventClass::alarm, 1'000);
  stage.run();
  const auto first = stage.events().size();
  std::set<std::string> offered;
  for (int minute = 0; minute < 180; ++minute) stage.pass(1min);
  const auto events = stage.events();
  for (std::size_t i = first; i < events.size(); ++i) offered.insert(events[i].payload);
  CHECK(offered.size() == 1'000);
  CHECK(events.size() - first <= 40 * (UnheardRounds::kMostMisses + UnheardRounds::kTogether));
}

TEST_CASE("an unheard alarm that is stored no more is not waited for", "[upstream][unit]") {
  Stage stage;
  nobody_hears(stage, "/alarm/");
  stage.open();
  stage.spool.commit(EventClass::alarm, 3);
  stage.run();
  stage.spool.forget(EventClass::alarm, Seq{2});
  for (int minute = 0; minute < 11; ++minute) stage.pass(1min);
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(unheard_of(stage, EventClass::alarm) == 1);
}

TEST_CASE("what nobody heard stays when its offer is refused, or the link goes meanwhile",
          "[upstream][unit]") {
  const bool refused = GENERATE(true, false);
  Stage stage;
  nobody_hears(stage, "/alarm/");
  stage.open();
  stage.spool.commit(EventClass::alarm);
  stage.run();
  stage.broker.answers = false;
  stage.pass(6s);
  REQUIRE(stage.events().size() == 2);
  if (refused) {
    stage.publisher->acknowledge(stage.events().back().token, ReasonCode{0x87});
    stage.run();
  } else {
    stage.lose_link();
  }
  CHECK(unheard_of(stage, EventClass::alarm) == 1);
  CHECK(stage.cursor(EventClass::alarm) == Seq{0});
  stage.broker.answers = true;
  everybody_hears(stage);
  stage.pass(10min);
  CHECK(stage.cursor(EventClass::alarm) == Seq{1});
}

TEST_CASE("under custody receipt an alarm may be unheard too, and its receipt ends that",
          "[upstream][unit]") {
  UplinkOptions options;
  options.forwarding.custody.fill(Custody::receipt);
  Stage stage;
  nobody_hears(stage, "/alarm/");
  stage.open(options);
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  CHECK(unheard_of(stage, EventClass::alarm) == 2);
  stage.publisher->arrive("wp/v1/310118/106/203/zhaoxiang-03/rcpt",
                          R"({"epoch":"7f3a0001","class":"alarm","sequence":2})");
  stage.run();
  CHECK(stage.cursor(EventClass::alarm) == Seq{2});
  CHECK(unheard_of(stage, EventClass::alarm) == 0);
  CHECK_FALSE(stage.uplink->status().unheard.has_value());
}

TEST_CASE("an alarm set aside is not taken back while nobody would hear it", "[upstream][unit]") {
  Stage stage;
  REQUIRE(stage.spool.set_aside("street", upstream_test::a_record(EventClass::alarm, 1), 0x90));
  REQUIRE(stage.spool.set_aside("street", upstream_test::a_record(EventClass::status, 1), 0x90));
  nobody_hears(stage, "/");
  stage.open();
  CHECK(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.begin()->second.record.event_class == EventClass::alarm);
}

TEST_CASE("unheard numbers are kept as ranges within a bound, and none is forgotten",
          "[upstream][unit]") {
  UnheardSeqs unheard;
  std::set<std::uint64_t> model;
  std::mt19937_64 random{11};
  for (int step = 0; step < 20'000; ++step) {
    const Seq seq{1 + random() % 300};
    switch (random() % 8) {
      case 0:
        unheard.remove(seq);
        model.erase(seq.value);
        break;
      case 1:
        if (random() % 40 != 0) break;
        unheard.forget_up_to(seq);
        model.erase(model.begin(), model.upper_bound(seq.value));
        break;
      default:
        unheard.add(seq);
        model.insert(seq.value);
    }
    REQUIRE(unheard.count() == model.size());
    const auto next = model.upper_bound(seq.value);
    REQUIRE(unheard.next_after(seq).has_value() == (next != model.end()));
    if (next != model.end()) REQUIRE(unheard.next_after(seq)->value == *next);
    REQUIRE(unheard.contains(seq) == model.contains(seq.value));
    const Seq clear{model.empty() ? 1'000 : *model.begin() - 1};
    REQUIRE(unheard.clear_up_to(Seq{1'000}) == clear);
  }

  UnheardSeqs scattered;
  for (std::uint64_t i = 1; i <= 10'000; ++i) scattered.add(Seq{2 * i});
  for (std::uint64_t i = 1; i <= 10'000; ++i) REQUIRE(scattered.contains(Seq{2 * i}));
  // Ranges that were merged to stay within the bound are offered once more.
  CHECK(scattered.count() == 10'000 + (10'000 - UnheardSeqs::kMostRanges));
  CHECK(scattered.next_after(Seq{19'999})->value == 20'000);
}

}  // namespace watchpost::upstream

#include "app/status_duty.hpp"

#include <algorithm>

#include "app/status_outputs.hpp"
#include "pipeline/judging.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::app;

namespace {

// Judgement whose steps are committed at once.
struct Office {
  settings::Config config;
  pipeline::PipelineTotals totals;
  pipeline::DeviceRoll devices;
  ClockReading now;
  pipeline::Judging judging;
  std::uint64_t sequence = 0;

  static rules::JudgementOptions options(std::size_t most_alarms,
                                         std::vector<std::string> outputs) {
    rules::JudgementOptions options;
    options.outputs = std::move(outputs);
    options.epoch = 0xc0ffee;
    options.most_alarms = most_alarms;
    return options;
  }
  explicit Office(std::size_t most_alarms = 100, std::vector<std::string> outputs = {})
      : judging(options(most_alarms, std::move(outputs)), StoredJudgement{}, ClockReading{}) {}

  void commit(rules::Changes changes, bool has_record) {
    std::vector<pipeline::Judging::Caused> all;
    spool::Append append;
    if (has_record) append.records.emplace_back();
    all.push_back({std::move(changes), has_record ? std::optional<std::size_t>(0) : std::nullopt});
    if (all.front().is_nothing()) return;
    judging.add(all, append);
    for (Record& record : append.records) {
      record.epoch = "00c0ffee";
      record.seq = Seq{++sequence};
    }
    judging.settled(append, true);
  }
  void says(std::string device, Kind kind, DeclaredState state) {
    Observation observation;
    observation.device = std::move(device);
    observation.kind = kind;
    observation.state = state;
    commit(judging.judge(observation, now, {}).changes, true);
  }
  void take(std::uint64_t number) {
    Command command;
    command.action = DutyAction::take;
    command.alarm.serial.value = number;
    command.by = {Origin::cli, "Wang", "desk"};
    command.granted = all_actions();
    command.seen_revision = 1;
    command.key = "take " + std::to_string(number);
    commit(judging.obey(command, now).changes, false);
  }
  [[nodiscard]] Snapshot snapshot() const {
    Snapshot snapshot{config, now.steady, {}, {}, {}, {}, totals, devices, {}, {}, {}};
    snapshot.duty = &judging;
    return snapshot;
  }
};

}  // namespace

TEST_CASE("open alarms stand in the status, what nobody has taken first", "[app][unit]") {
  Office office;
  office.judging.on_unnamed([](std::string_view) { return std::string("3F kitchen"); });
  office.says("kitchen", Kind::smoke, DeclaredState::alarm);
  office.now.steady += std::chrono::seconds{65};
  office.says("hall", Kind::water_leak, DeclaredState::alarm);
  office.take(1);

  const auto alarms = alarms_json(office.snapshot());
  REQUIRE(alarms.size() == 2);
  const auto& leak = alarms[0].as_object();
  CHECK(leak.at("device") == "hall");
  CHECK(leak.at("state") == "UNACK");
  const auto& smoke = alarms[1].as_object();
  CHECK(smoke.at("number").to_number<int>() == 1);
  CHECK(smoke.at("name") == "3F kitchen");
  CHECK(smoke.at("kind") == "smoke");
  CHECK(smoke.at("state") == "ACK");
  CHECK(smoke.at("owner") == "Wang");
  CHECK(smoke.at("age_s").to_number<int>() == 65);
  CHECK(count_open(office.snapshot()) == 2);
  CHECK(status_line(office.snapshot()).find("; 2 open alarms") != std::string::npos);
}

TEST_CASE("the status shows the 50 most urgent alarms, and counts all", "[app][unit]") {
  Office office;
  for (int i = 0; i < 60; ++i)
    office.says("d" + std::to_string(i), Kind::smoke, DeclaredState::alarm);
  CHECK(alarms_json(office.snapshot()).size() == 50);
  CHECK(count_open(office.snapshot()) == 60);
  CHECK(duty_json(office.snapshot()).at("untaken").to_number<int>() == 60);
}

TEST_CASE("what nobody has taken is counted: no fault, and nothing that was taken", "[app][unit]") {
  Office office;
  office.says("kitchen", Kind::smoke, DeclaredState::alarm);
  office.says("hall", Kind::smoke, DeclaredState::alarm);
  office.says("cellar", Kind::smoke, DeclaredState::fault);
  const auto untaken = [&] { return duty_json(office.snapshot()).at("untaken").to_number<int>(); };
  CHECK(untaken() == 2);
  office.take(1);
  CHECK(untaken() == 1);
  office.says("hall", Kind::smoke, DeclaredState::normal);
  CHECK(untaken() == 1);  // it is over, and nobody has seen to it
}

TEST_CASE("the status says that more alarms are said than the list has room for", "[app][unit]") {
  Office office(1);
  office.says("kitchen", Kind::smoke, DeclaredState::alarm);
  office.says("hall", Kind::smoke, DeclaredState::alarm);
  const auto duty = duty_json(office.snapshot());
  CHECK(duty.at("open").to_number<int>() == 1);
  CHECK(duty.at("beyond").to_number<int>() == 1);
  CHECK_FALSE(duty.at("beyond_is_more").as_bool());
}

TEST_CASE("more alarms than the list holds are a trouble", "[app][unit]") {
  Office office(1);
  const auto is_told = [&office] {
    const auto troubles = troubles_of(office.snapshot());
    return std::any_of(troubles.begin(), troubles.end(), [](const Trouble& trouble) {
      return trouble.code == TroubleCode::alarms_beyond;
    });
  };
  office.says("kitchen", Kind::smoke, DeclaredState::alarm);
  CHECK_FALSE(is_told());
  office.says("hall", Kind::smoke, DeclaredState::alarm);
  CHECK(is_told());
}

TEST_CASE("an alarm that came after the fact is a trouble with its number", "[app][unit]") {
  Office office;
  const auto told = [&office]() -> std::optional<Trouble> {
    for (Trouble& one : troubles_of(office.snapshot())) {
      if (one.code == TroubleCode::alarms_told_late) return std::move(one);
    }
    return std::nullopt;
  };
  office.says("kitchen", Kind::smoke, DeclaredState::alarm);
  CHECK_FALSE(told());
  Observation late;
  late.device = "hall";
  late.kind = Kind::fall;
  late.state = DeclaredState::confirmed;
  late.history = true;
  office.commit(office.judging.judge(late, office.now, {}).changes, true);
  REQUIRE(told());
  const auto text = sentence_of(*told(), Language::english);
  CHECK(text.find("1 alarm came after the fact: 2.") != std::string::npos);
  CHECK(office.judging.judgement().told_late().size() == 1);
}

TEST_CASE("rules that do not remember all of their devices are a trouble", "[app][unit]") {
  Office office;
  SiteRule rise;
  rise.name = "rise";
  rise.test = RuleTest::rise;
  rise.quantity = "water_level";
  rise.limit = 0.5;
  rise.window = std::chrono::minutes{10};
  office.judging.use_rules(std::make_shared<const rules::Conditions::Rules>(1, rise), office.now);
  const auto is_told = [&office] {
    const auto troubles = troubles_of(office.snapshot());
    return std::any_of(troubles.begin(), troubles.end(), [](const Trouble& trouble) {
      return trouble.code == TroubleCode::rules_beyond;
    });
  };
  const auto hear = [&office](std::size_t device) {
    Observation observation;
    observation.device = "gauge-" + std::to_string(device);
    observation.kind = Kind::water_level;
    observation.readings = {{"water_level", "m", 1.0}};
    office.commit(office.judging.judge(observation, office.now, {}).changes, true);
  };
  for (std::size_t i = 0; i < rules::Conditions::kMostWatches; ++i) hear(i);
  CHECK_FALSE(is_told());
  hear(rules::Conditions::kMostWatches);
  CHECK(is_told());
}

TEST_CASE("the status shows a drill and a silence that are under way", "[app][unit]") {
  Office office;
  CHECK_FALSE(duty_json(office.snapshot()).contains("drill"));
  Command command;
  command.action = DutyAction::drill_start;
  command.by = {Origin::cli, "Wang", "desk"};
  command.granted = all_actions();
  command.key = "drill";
  command.note = "autumn";
  command.lasts = std::chrono::minutes{10};
  command.scope.kinds = {Kind::smoke};
  office.commit(office.judging.obey(command, office.now).changes, false);
  office.says("hall", Kind::water_leak, DeclaredState::alarm);
  command.action = DutyAction::silence_siren;
  command.key = "silence";
  office.commit(office.judging.obey(command, office.now).changes, false);

  office.now.steady += std::chrono::seconds{60};
  const auto duty = duty_json(office.snapshot());
  const auto& drill = duty.at("drill").as_object();
  CHECK(drill.at("by") == "Wang");
  CHECK(drill.at("note") == "autumn");
  CHECK(drill.at("left_s").to_number<int>() == 540);
  CHECK(drill.at("kinds").as_array().at(0) == "smoke");
  CHECK(duty.at("silence").at("left_s").to_number<int>() == 60);
  office.now.steady += std::chrono::seconds{61};
  CHECK_FALSE(duty_json(office.snapshot()).contains("silence"));
}

TEST_CASE("an output that was not tested, not for long or without success is told of",
          "[app][unit]") {
  Office office(10, {"yard"});
  const auto told = [&office] {
    Snapshot snapshot = office.snapshot();
    snapshot.outputs = {{"yard", "silent", {}}};
    std::vector<TroubleCode> codes;
    for (const Trouble& one : untested_outputs(snapshot)) codes.push_back(one.code);
    return codes;
  };
  const auto test = [&office](ToldHow how) {
    Command command;
    command.action = DutyAction::test_output;
    command.by = {Origin::cli, "Wang", "desk"};
    command.granted = all_actions();
    command.key = std::to_string(office.now.steady.time_since_epoch().count());
    command.output = "yard";
    office.commit(office.judging.obey(command, office.now).changes, false);
    const auto& asked = office.judging.judgement().duty_on_disk().output_test;
    REQUIRE(asked);
    spool::Append append;
    office.judging.output_tested({"yard", asked->since, how, {}}, office.now, append);
    office.judging.settled(append, true);
  };
  CHECK(told() == std::vector{TroubleCode::output_never_tested});
  test(ToldHow::accepted);
  CHECK(told().empty());
  office.now.steady += std::chrono::hours{24 * 35 - 1};
  office.now.wall += std::chrono::hours{24 * 35 - 1};
  CHECK(told().empty());
  office.now.steady += std::chrono::hours{1};
  office.now.wall += std::chrono::hours{1};
  CHECK(told() == std::vector{TroubleCode::output_test_due});
  test(ToldHow::no_answer);
  CHECK(told() == std::vector{TroubleCode::output_test_failed});
  Snapshot snapshot = office.snapshot();
  snapshot.outputs = {{"yard", "failing", {}}};
  const auto all = outputs_json(snapshot);
  const auto& shown = all.at(0).as_object();
  CHECK(shown.at("tested").at("how") == "no_answer");
  CHECK(shown.at("passed_s").to_number<int>() == 35 * 24 * 3'600);
}

TEST_CASE("a status without judgement shows no alarm", "[app][unit]") {
  const Office office;
  Snapshot snapshot = office.snapshot();
  snapshot.duty = nullptr;
  CHECK(alarms_json(snapshot).empty());
  CHECK(count_open(snapshot) == 0);
}

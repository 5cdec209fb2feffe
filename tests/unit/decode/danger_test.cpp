// The grammar of danger: names, values and what they make of a message together.
#include <boost/json/parse.hpp>
#include <chrono>

#include "danger/facts.hpp"
#include "danger/findings.hpp"
#include "danger/loose_report.hpp"
#include "danger/names.hpp"
#include "danger/units.hpp"
#include "danger/values.hpp"
#include "support/catch.hpp"

namespace watchpost::danger {
namespace {

Findings findings(std::string_view text, const DeviceFacts* facts = nullptr) {
  static boost::json::value state;  // what is found points into it
  state = boost::json::parse(text);
  return findings_in(state.as_object(), facts);
}

// The worst that is said of `danger`; nothing where it is not spoken of.
std::optional<Saying> said(const Findings& found, Danger danger) {
  for (const auto& finding : found.dangers) {
    if (finding.danger == danger) return finding.saying;
  }
  return std::nullopt;
}

bool raises(std::string_view text, Danger danger) {
  const auto saying = said(findings(text), danger);
  return saying && *saying >= Saying::suspected;
}

bool is_silent(std::string_view text) {
  for (const auto& finding : findings(text).dangers) {
    if (finding.saying >= Saying::unread) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a danger has many names", "[danger][unit]") {
  for (const auto* name :
       {"smoke", "Smoke", "smoke_1", "smokeAlarm", "smoke-alarm", "SMOKE_ALARM", "smokealarm",
        "smoke_detected", "smoke_alarm_2", "is_smoke", "channel_3_smoke", "smokeState"}) {
    INFO(name);
    const auto meaning = meaning_of_name(name);
    CHECK(meaning.role == Role::danger);
    CHECK(meaning.danger == Danger::smoke);
  }
  CHECK(meaning_of_name("COAlarm").danger == Danger::co);
  CHECK(meaning_of_name("active_water_leak").danger == Danger::leak);
  CHECK(meaning_of_name("input_4_leak_detect_10").danger == Danger::leak);
  CHECK(meaning_of_name("gas_sensor_state").danger == Danger::gas);
  CHECK(meaning_of_name("sos_alarm").danger == Danger::sos);
  CHECK(meaning_of_name("fall_down_status").danger == Danger::fall);
}

TEST_CASE("settings, mutes, tests, tampers and batteries are no danger", "[danger][unit]") {
  for (const auto* name :
       {"smoke_sensitivity", "smoke_alarm_silenced", "gas_test", "smoke_battery", "heat_required",
        "co2", "co2_alarm", "water_leak_buzzer", "gas_valve_state", "fall_sensitivity", "fallback",
        "enable_gas", "battery_alarm_state", "tamper_alarm",

        "alarm_switch", "alarm_volume", "occupied_heating_setpoint", "soil_moisture",
        "water_warning"}) {
    INFO(name);
    const auto role = meaning_of_name(name).role;
    CHECK((role == Role::none || role == Role::measure));
  }
  CHECK(is_silent(R"({"tamper":true,"battery_low":true,"fault":true,"test":true,"mute":true})"));
  CHECK(is_silent(R"({"fall_detection":"ON","enable_gas":"ON","force_smoke_alarm":"ON"})"));
}

TEST_CASE("a value says alarm in many forms", "[danger][unit]") {
  for (const auto* text :
       {R"({"smoke":true})", R"({"smoke":1})", R"({"smoke":"ON"})", R"({"smoke":"true"})",
        R"({"smoke":"1"})", R"({"smoke":"yes"})", R"({"smoke_state":"alarm"})",
        R"({"smoke_state":"Alarm Active"})", R"({"smoke":"detected"})",
        R"({"smoke_status":"smokeDetected"})", R"({"smoke":"critical_alarm"})",
        R"({"smoke":"pre_alarm"})", R"({"status":"smoke"})", R"({"alert":"smoke_alarm"})"}) {
    INFO(text);
    CHECK(raises(text, Danger::smoke));
  }
  CHECK(raises(R"({"water_leakage_state":"water_leakage_yes"})", Danger::leak));
  CHECK(raises(R"({"current_device_status":"water_shortage & water_leakage"})", Danger::leak));
  CHECK(raises(R"({"carbon_monoxide":"ON"})", Danger::co));
  CHECK(raises(R"({"gas":1})", Danger::gas));
  CHECK(raises(R"({"carbon_monoxide":1,"co":null,"gas":1,"gas_value":null})", Danger::co));
  CHECK(raises(R"({"fall_down_status":"maybe_fall"})", Danger::fall));
  CHECK(raises(R"({"alarm_1":true})", Danger::none));
  CHECK(raises(R"({"alarm_state":"critical_alarm"})", Danger::none));
  CHECK(raises(R"({"alarm_state":"critical_alarm","smoke":false})", Danger::smoke));
}

TEST_CASE("a value says that all is well in many forms", "[danger][unit]") {
  for (const auto* text :
       {R"({"smoke":false})", R"({"smoke":0})", R"({"smoke":"OFF"})", R"({"smoke":"none"})",
        R"({"smoke_state":"normal"})", R"({"smoke":"not_detected"})", R"({"smoke":"no_alarm"})",
        R"({"smoke":"no smoke"})", R"({"smoke":"clear"})"}) {
    INFO(text);
    CHECK(said(findings(text), Danger::smoke) == Saying::calm);
  }
  CHECK(said(findings(R"({"water_leakage_state":"water_leakage_no"})"), Danger::leak) ==
        Saying::calm);
  for (const auto* text : {R"({"smoke_state":"detecting"})", R"({"smoke":null})",
                           R"({"fall_status":"unknown"})", R"({"smoke_state":""})"}) {
    INFO(text);
    CHECK(is_silent(text));
  }
  CHECK(said(findings(R"({"smoke_state":"silenced"})"), Danger::smoke) == Saying::muted);
  CHECK(said(findings(R"({"halo_alert_state":"smoke_test"})"), Danger::smoke) == Saying::test);
}

TEST_CASE("a calm value never hides an alarming one of the same subject", "[danger][unit]") {
  CHECK(raises(R"({"active_water_leak":true,"water_leak":false})", Danger::leak));
  CHECK(raises(R"({"water_leak":false,"active_water_leak":true})", Danger::leak));
  CHECK(raises(R"({"smoke":false,"smoke_state":"alarm","smoke_alarm_2":false})", Danger::smoke));
  CHECK(said(findings(R"({"smoke":true,"carbon_monoxide":false})"), Danger::co) == Saying::calm);
}

TEST_CASE("a room beside the name of a danger changes nothing", "[danger][unit]") {
  CHECK(raises(R"({"kitchen_smoke":true})", Danger::smoke));
  CHECK(raises(R"({"leak_basement":1})", Danger::leak));
}

TEST_CASE("Chinese names and values are read as what they mean", "[danger][unit]") {
  CHECK(raises(R"({"烟雾报警":true})", Danger::smoke));
  CHECK(raises(R"({"3号楼烟感":"报警"})", Danger::smoke));
  CHECK(raises(R"({"厨房燃气":1})", Danger::gas));
  CHECK(raises(R"({"水浸":"有水浸"})", Danger::leak));
  CHECK(raises(R"({"status":"老人求助报警"})", Danger::sos));
  CHECK(raises(R"({"status":"李四求助报警"})", Danger::sos) == false);  // a word that is unknown
  CHECK(raises(R"({"status":"跌倒报警"})", Danger::fall));
  CHECK(raises(R"({"烟感":"疑似报警"})", Danger::smoke));
  CHECK(said(findings(R"({"烟感":"正常"})"), Danger::smoke) == Saying::calm);
  CHECK(said(findings(R"({"烟感":"未检测到烟雾"})"), Danger::smoke) == Saying::calm);
  CHECK(said(findings(R"({"烟感":"报警解除"})"), Danger::smoke) == Saying::calm);
  CHECK(said(findings(R"({"烟感":"自检"})"), Danger::smoke) == Saying::test);
  CHECK(said(findings(R"({"烟感":"消音"})"), Danger::smoke) == Saying::muted);
  CHECK(said(findings(R"({"烟感":"二级"})"), Danger::smoke) == Saying::unread);
  CHECK(is_silent(R"({"烟感电量":1,"烟感故障":true,"燃气浓度":12,"烟感开关":"开启"})"));
  CHECK(is_silent(R"({"水位":1.2,"水表":1,"水压":1})"));
}

TEST_CASE("a word that nobody knows before the name of a danger makes no alarm silent",
          "[danger][unit]") {
  for (const auto* text : {R"({"wang_smoke":true})", R"({"wang_smoke":1})",
                           R"({"Wang Smoke":"on"})", R"({"wang_smoke_detected":1})"}) {
    INFO(text);
    const auto found = findings(text);
    CHECK(said(found, Danger::smoke) == Saying::unread);
    CHECK_FALSE(found.unread.empty());
  }
  CHECK(said(findings(R"({"wang_smoke":"alarm"})"), Danger::smoke) == Saying::alarm);
  CHECK(said(findings(R"({"wang_smoke":false})"), Danger::smoke) == Saying::calm);
  CHECK(is_silent(R"({"wang_smoke":12.5,"wang_smoke_mode":"fast","hot_water":true})"));
  CHECK(is_silent(R"({"wang_smoke":"fast"})"));
}

TEST_CASE("a 1 is a yes where the name asks yes or no", "[danger][unit]") {
  CHECK(raises(R"({"water_detected":1})", Danger::leak));
  CHECK(raises(R"({"heat_alarm":1})", Danger::heat));
  CHECK(raises(R"({"gas_alarm":1,"gas_state":"ok"})", Danger::gas));
  CHECK(raises(R"({"is_wet":1})", Danger::leak));
  CHECK(said(findings(R"({"water_detected":0})"), Danger::leak) == Saying::calm);
  CHECK(findings(R"({"water":1,"heat":1})").dangers.empty());
}

TEST_CASE("water that is too high and a pressed button have words of their own", "[danger][unit]") {
  CHECK(raises(R"({"water_overflow":true})", Danger::leak));
  CHECK(raises(R"({"high_water":true})", Danger::leak));
  CHECK(raises(R"({"pipe_burst":1})", Danger::leak));
  CHECK(raises(R"({"state":"wet"})", Danger::leak));
  CHECK(said(findings(R"({"state":"dry","leak":"dry"})"), Danger::leak) == Saying::calm);
  CHECK(raises(R"({"sos":"pressed"})", Danger::sos));
  CHECK(raises(R"({"panic_button":"pushed"})", Danger::sos));
  CHECK(said(findings(R"({"sos":"released"})"), Danger::sos) == Saying::calm);
}

TEST_CASE("what is not understood is said so, with name and value", "[danger][unit]") {
  for (const auto* text : {R"({"smoke_state":"stage_two"})", R"({"smoke":7})",
                           R"({"water_leak":"maybe wetness"})", R"({"sos":3})"}) {
    const auto found = findings(text);
    INFO(text);
    REQUIRE(found.dangers.size() == 1);
    CHECK(found.dangers.front().saying == Saying::unread);
    CHECK_FALSE(found.unread.empty());
  }
  const auto found = findings(R"({"smoke_state":"stage_two"})");
  CHECK(found.unread.find(R"("smoke_state" says "stage_two")") == 0);
}

TEST_CASE("a number under the name of a state is a code, under another it is measured",
          "[danger][unit]") {
  for (const auto* text : {R"({"smoke_state":2})", R"({"gas_status":3})", R"({"co_state":"4"})",
                           R"({"gas_alarm":2})", R"({"wang_smoke_state":2})"}) {
    INFO(text);
    const auto found = findings(text);
    REQUIRE(found.dangers.size() == 1);
    CHECK(found.dangers.front().saying == Saying::unread);
  }
  for (const auto* text : {R"({"gas_level":2})", R"({"gas_state":312})", R"({"gas_status":2.5})",
                           R"({"gas_value":7,"gas":0})", R"({"water_state":2})"}) {
    INFO(text);
    CHECK(is_silent(text));
  }
  CHECK(raises(R"({"gas_value":1200,"gas":"1"})", Danger::gas));  // a number as text says 1 too
}

TEST_CASE("a limit of the device's own is an alarm, and its switch is none", "[danger][unit]") {
  for (const auto* text :
       {R"({"over_temperature":true})", R"({"high_temperature":true})", R"({"HighTempAlarm":1})",
        R"({"temperature_alarm":"upper_alarm"})", R"({"event":"high_temp_alarm"})",
        R"({"alarm":"over_temperature"})", R"({"temperature_alarm_status":"high"})"}) {
    INFO(text);
    CHECK(raises(text, Danger::heat));
  }
  for (const auto* text :
       {R"({"over_temperature_alarm":"ON"})", R"({"high_temperature_breaker":"ON"})",
        R"({"high_temperature":31.5})", R"({"temperature_alarm":"lower_alarm"})",
        R"({"temperature_alarm":true})", R"({"over_temperature":false})",
        R"({"temperature_alarm":"upper_alarm","soil_moisture":40})"}) {
    INFO(text);
    CHECK(is_silent(text));
  }
  CHECK(said(findings(R"({"temperature_alarm":"cancel"})"), Danger::heat) == Saying::calm);
  DeviceFacts facts;
  auto& member = facts.members.emplace_back();
  member.name = "over_temperature";
  member.settable = true;
  CHECK(findings(R"({"over_temperature":true})", &facts).dangers.empty());
}

TEST_CASE("a level over its limit is an alarm of the level", "[danger][unit]") {
  for (const auto* text : {R"({"water_level_alarm":1})", R"({"level_alarm":true})",
                           R"({"liquid_state":"high"})", R"({"water_level_alarm":"HIGH"})",
                           R"({"水位状态":"超警戒水位"})", R"({"event":"water level alarm"})"}) {
    INFO(text);
    CHECK(raises(text, Danger::level));
  }
  CHECK(is_silent(R"({"water_level":3.2,"liquid_level":1,"alarm_level":3})"));
  CHECK(is_silent(R"({"noise_level_alarm":true,"battery_level_alarm":true})"));
  CHECK(said(findings(R"({"water_level_alarm":"rather high"})"), Danger::level) == Saying::unread);
}

TEST_CASE("a state that says alarm is of what the message speaks of", "[danger][unit]") {
  CHECK(raises(R"({"state":"alarm","smoke_concentration":22})", Danger::smoke));
  CHECK(raises(R"({"smoke_detector":{"alarm":true}})", Danger::smoke));
  CHECK(raises(R"({"smoke_alarm_level":"HIGH"})", Danger::smoke));
  CHECK(is_silent(R"({"state":"alarm"})"));
  CHECK(is_silent(R"({"fault":"alarm","smoke_concentration":22})"));
  CHECK(is_silent(R"({"smoke_detector":{"threshold":1}})"));
}

TEST_CASE("where a member names the value, it is about that and not about the device",
          "[danger][unit]") {
  const auto speaks = [](std::string_view text) {
    const auto object = boost::json::parse(text).as_object();
    return speaks_of_danger(LooseReport(object).read());
  };
  for (const auto* text :
       {R"({"device":"smoke detector","attribute":"battery_low","value":true})",
        R"({"name":"smoke1","property":"tamper","value":1})",
        R"({"sensor":"smoke","measurement":"rssi","value":1})",
        R"({"val":true,"hm":{"channelType":"SMOKE_DETECTOR","datapoint":"LOWBAT"}})"}) {
    INFO(text);
    CHECK_FALSE(speaks(text));
  }
  for (const auto* text :
       {R"({"device":"hall","attribute":"smoke","value":true})",
        R"({"name":"smoke1","property":"alarm","value":1})",
        R"({"val":true,"hm":{"channelType":"SMOKE_DETECTOR","datapoint":"STATE"}})",
        R"({"type":"smoke sensor","event":"alarm"})", R"({"type":"smoke","alarm":"2"})"}) {
    INFO(text);
    CHECK(speaks(text));
  }
}

TEST_CASE("numbers of a detector are readings with their unit", "[danger][unit]") {
  const auto found = findings(R"({"co":35,"smoke_density_dbm":0.12,"gas":51200,"gas_value":4})");
  CHECK(found.dangers.empty());
  REQUIRE(found.measures.size() == 4);
  CHECK(found.measures[0].unit == "ppm");
  CHECK(found.measures[1].unit == "dB/m");
  CHECK(found.measures[2].unit.empty());

  DeviceFacts facts;
  facts.members.push_back({"gas_value", "", "LEL", "", "", false, true});
  facts.members.push_back({"gas", "", "%LEL", "", "", false, true});
  const auto listed = findings(R"({"gas_value":4,"gas":1})", &facts);
  CHECK(listed.dangers.empty());
  REQUIRE(listed.measures.size() == 2);
  CHECK(listed.measures[0].unit == "%LEL");
  CHECK(unit_named("kPa") == "kPa");
  CHECK_FALSE(unit_named("furlong"));
}

TEST_CASE("a bare alarm is of what the catalogue says of the device", "[danger][unit]") {
  const auto topic_of = [](std::string description, std::string of_member, bool settable) {
    DeviceFacts facts;
    facts.description = std::move(description);
    facts.members.push_back({"alarm", std::move(of_member), "", "true", "false", settable, false});
    const auto found = findings(R"({"alarm":true,"temperature":21})", &facts);
    return found.dangers.empty() ? std::string("none")
                                 : std::string(subject_of(found.dangers[0].danger).quantity);
  };
  CHECK(topic_of("Smart heat alarm", "Alarm state", false) == "heat");
  CHECK(topic_of("Smoke sensor", "", false) == "smoke");
  CHECK(topic_of("Smart water leakage alarm sensor", "", false) == "water_leak");
  CHECK(topic_of("Combined detector", "CO alarm active", false) == "carbon_monoxide");
  CHECK(topic_of("Hears the siren of a smoke detector", "", false) == "smoke");
  CHECK(topic_of("Smart siren", "", false) == "none");
  CHECK(topic_of("Door sensor", "", false) == "none");
  CHECK(topic_of("Smoke sensor", "Enable the alarm", true) == "none");
  CHECK(topic_of("Something new", "", false) == "alarm");
}

TEST_CASE("a switch named alarm is none where nothing lists it", "[danger][unit]") {
  CHECK(is_silent(R"({"alarm":"ON","co2":600})"));
  CHECK(is_silent(R"({"alarm":true,"melody":3,"volume":"high"})"));
  CHECK(is_silent(R"({"alarm":true,"smoke":false})"));
  CHECK(is_silent(R"({"alarm_state":"alarm_sound"})"));
}

TEST_CASE("water that is wanted is no leak", "[danger][unit]") {
  CHECK(is_silent(R"({"water":true,"alarm_mode":"water_absence"})"));
  CHECK(raises(R"({"water":true,"alarm_mode":"water_presence"})", Danger::leak));
}

TEST_CASE("a button of which each press calls for help is told by its description",
          "[danger][unit]") {
  CHECK(calls_with_every_press("SOS button", {"single", "double"}));
  CHECK(calls_with_every_press("Smart emergency button", {"off", "single"}));
  CHECK_FALSE(calls_with_every_press("Wireless button", {"single"}));
  CHECK_FALSE(calls_with_every_press("SOS button", {"emergency"}));
  CHECK_FALSE(calls_with_every_press("Emergency remote", {"disarm", "single"}));
  CHECK(calls_for_help("emergency"));
  CHECK(calls_for_help("sos_2"));
  CHECK(calls_for_help("emergency_press"));
  CHECK_FALSE(calls_for_help("single"));
  CHECK_FALSE(calls_for_help("fall"));
  CHECK_FALSE(is_press("release"));
  CHECK_FALSE(is_press(""));
}

TEST_CASE("a message of very many members is read in time that grows with it", "[danger][unit]") {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i) text += "\"gas_" + std::to_string(i) + "\":1,";
  const auto found = findings(text + "\"gas\":true}");
  REQUIRE(found.dangers.size() == 1);
  CHECK(found.dangers[0].saying == Saying::on);
  CHECK(found.dangers[0].members.size() <= 32);
  CHECK(found.measures.size() <= 64);
}

TEST_CASE("a loose report of very many members is read in time that grows with it",
          "[danger][unit]") {
  std::string text = "{";
  for (int i = 0; i < 1'500; ++i) {
    const auto n = std::to_string(i);
    text += "\"alarm_msg_" + n + "\":\"note\",\"o" + n + "\":{\"type\":\"smoke\",\"value\":0},";
  }
  const auto value = boost::json::parse(text + "\"smoke\":true}");
  const auto began = std::chrono::steady_clock::now();
  const auto meaning = LooseReport(value.as_object()).read();
  CHECK(raises(meaning));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
}

TEST_CASE("hostile texts are read to their bound", "[danger][unit]") {
  const std::string longest(100'000, 'a');
  CHECK(meaning_of_name(longest).role == Role::none);
  CHECK(meaning_of_text({.name = "smoke", .text = longest}).saying == Saying::unread);
  CHECK(meaning_of_text({.name = "smoke", .text = std::string(100'000, ',')}).saying ==
        Saying::nothing);
  CHECK(meaning_of_name("").role == Role::none);
  CHECK(meaning_of_name("\xff\xfe_smoke").role == Role::unfamiliar);
}

}  // namespace watchpost::danger

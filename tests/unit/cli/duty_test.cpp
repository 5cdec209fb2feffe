#include <boost/json.hpp>

#include "cli/duty/alarm_page.hpp"
#include "cli/duty/device_csv.hpp"
#include "cli/status_page.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::cli;

namespace {

namespace json = boost::json;

json::object parsed_object(std::string_view text) {
  return json::parse({text.data(), text.size()}).as_object();
}

const std::string kSmoke =
    R"({"number":37,"epoch":"7f3a0001","device":"s-3f-07","name":"3F kitchen","place":"block 3",)"
    R"("kind":"smoke","condition":"alarm","state":"ACK","level":"orange","revision":2,"count":5,)"
    R"("age_s":300,"owner":"Wang","since":"2026-11-23T19:41:07.120Z"})";

json::object change(int sequence) {
  return parsed_object(
      R"({"id":"7f3a0001.a.)" + std::to_string(sequence) +
      R"(","recordedtime":"2026-11-23T19:41:07.120Z","data":{"alarm":{"previous":"UNACK",)"
      R"("state":"ACK","event":"taken","by":{"origin":"cli","who":"Wang","from":"desk"},)"
      R"("note":"on my way"}}})");
}

std::string story_page(std::string_view status, Language language = Language::english) {
  return alarm_page({parsed_object(kSmoke), {change(2), change(4)}, parsed_object(status), {}},
                    {language, 0});
}

bool says_part(const std::string& text, std::string_view part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the list of alarms names each with number, state, place and who sees to it",
          "[cli][unit]") {
  const auto page = alarms_page("{\"alarms\":[" + kSmoke + "],\"beyond\":0}", {}).value();
  CHECK(says_part(page, "Open alarms: 1"));
  CHECK(says_part(page, "3F kitchen (s-3f-07), block 3"));
  CHECK(says_part(page, "said 5 times, Wang sees to it"));
  CHECK(says_part(alarms_page(R"({"alarms":[]})", {}).value(), "No alarm is open"));
  CHECK(says_part(alarms_page(R"({"alarms":[]})", {Language::chinese, 0}).value(),
                  "没有未关闭的警情"));
  CHECK_FALSE(alarms_page("no JSON", {}).has_value());
  CHECK_FALSE(alarms_page(R"({"error":"No"})", {}).has_value());
}

TEST_CASE("whom to call stands at the top of an alarm, and in the list while nobody has it",
          "[cli][unit]") {
  const std::string call = R"(,"household":"Zhang 3-501","contact":"Mei, 13800001111"})";
  const std::string taken = kSmoke.substr(0, kSmoke.size() - 1) + call;
  std::string waiting = taken;
  waiting.replace(waiting.find(R"("owner":"Wang",)"), 15, "");
  const auto page = alarms_page("{\"alarms\":[" + waiting + "],\"beyond\":0}", {}).value();
  CHECK(says_part(page, "        household: Zhang 3-501\n        call: Mei, 13800001111\n"));
  const auto chinese =
      alarms_page("{\"alarms\":[" + waiting + "],\"beyond\":0}", {Language::chinese, 0}).value();
  CHECK(says_part(chinese, "        联系人：Mei, 13800001111\n"));
  CHECK_FALSE(says_part(alarms_page("{\"alarms\":[" + taken + "]}", {}).value(), "Mei"));
  const auto one = alarm_page({parsed_object(taken), {}, {}, {}}, {});
  CHECK(says_part(one, "\n  household: Zhang 3-501\n  call: Mei, 13800001111\n  device: "));
}

TEST_CASE("the list says what was told after the fact: where, when it was and when it came",
          "[cli][unit]") {
  const auto page = alarms_page(
      R"({"alarms":[],"late":[{"number":5,"device":"f-2","name":"","place":"block 3",)"
      R"("kind":"fall",)"
      R"("condition":"alarm","level":"orange","history":true,"since":"2026-11-23T01:02:03Z",)"
      R"("closed":"2026-11-23T09:10:11Z"}]})",
      {});
  REQUIRE(page.has_value());
  CHECK(says_part(*page, "Told after the fact within the last day: 1"));
  CHECK(says_part(*page, "f-2, block 3"));
  CHECK(says_part(*page, ":02:03"));
  CHECK(says_part(*page, ":10:11"));
  CHECK_FALSE(says_part(alarms_page(R"({"alarms":[],"late":[]})", {}).value(), "after the fact"));
}

TEST_CASE("the list says that there are more than it has room for", "[cli][unit]") {
  CHECK(says_part(alarms_page(R"({"alarms":[],"beyond":3,"beyond_is_more":false})", {}).value(),
                  "and 3 more"));
  // It could not count all of them.
  CHECK(says_part(alarms_page(R"({"alarms":[],"beyond":10000,"beyond_is_more":true})", {}).value(),
                  "and more than 10000 more"));
  CHECK(says_part(alarms_page(R"({"alarms":[],"beyond":0,"beyond_is_more":true})", {}).value(),
                  "more"));
  CHECK_FALSE(says_part(alarms_page(R"({"alarms":[],"beyond":0})", {}).value(), "more"));
}

TEST_CASE("an alarm is told with its course and who did what from where", "[cli][unit]") {
  const auto page = story_page("{}");
  CHECK(says_part(page, "Alarm 37: "));
  CHECK(says_part(page, "(Wang, desk): on my way"));
  CHECK(says_part(story_page("{}", Language::chinese), "警情 37"));
}

TEST_CASE("what an upstream is still to be sent is on its way, and nothing else is",
          "[cli][unit]") {
  const auto upstream = [](int cursor, int backlog, std::string_view more = "") {
    return R"({"upstreams":[{"name":"street","cursors":{"alarm":)" + std::to_string(cursor) +
           R"(},"backlog":{"alarm":)" + std::to_string(backlog) + "}" + std::string(more) + "}]}";
  };
  CHECK(says_part(story_page(upstream(4, 0)), "nothing of it waits for street"));
  CHECK(says_part(story_page(upstream(3, 2)), "street: 1 of 2 changes are on their way"));
  // What is left is nothing that it gets: not on its way for ever.
  CHECK(says_part(story_page(upstream(0, 0)), "nothing of it waits for street"));
  CHECK(says_part(story_page(upstream(0, 0, R"(,"classes":["patrol"])")),
                  "street is not sent events of its class"));
  CHECK(says_part(story_page(upstream(4, 0, R"(,"classes":["alarm"])")),
                  "nothing of it waits for street"));
}

TEST_CASE("a cursor that went past what was refused or given up is not told as arrival",
          "[cli][unit]") {
  const auto page = story_page(
      R"({"store":{"dropped":{"alarm":1}},"upstreams":[{"name":"street","cursors":{"alarm":4},)"
      R"("backlog":{"alarm":0},"set_aside":{"alarm":2}}]})");
  CHECK(says_part(page, "were refused there"));
  CHECK(says_part(page, "were given up"));
}

TEST_CASE("a drill and a silence stand above the alarms", "[cli][unit]") {
  const std::string under_way =
      R"("drill":{"by":"Wang","note":"autumn","left_s":600,"devices":[],"places":["block 3"],)"
      R"("kinds":["smoke"]},"silence":{"by":"Li","left_s":90})";
  const auto page = alarms_page(R"({"alarms":[],)" + under_way + "}", {}).value();
  CHECK(page.starts_with(
      "! A DRILL is under way for 10 min more (Wang, autumn): alarms of block 3, "));
  CHECK(says_part(page, "! The siren is SILENCED for 90 s more (by Li)"));
  const auto status = status_page(R"({"duty":{)" + under_way + "}}", {}).value();
  CHECK(status.starts_with("! A DRILL"));
  const auto all = alarms_page(R"({"alarms":[],"drill":{"by":"W","left_s":1}})", {}).value();
  CHECK(says_part(all, "alarms of everything are marked as drill"));
}

TEST_CASE("what became of a command is one line", "[cli][unit]") {
  const auto done =
      parsed_object(R"({"done":true,"repeat":false,"alarm":{"number":37,"state":"ACK"}})");
  CHECK(says_part(done_line(done, "take", Language::english), "alarm 37 is now: "));
  const auto over = parsed_object(
      R"({"done":true,"repeat":false,"taken_from":"Li","alarm":{"number":37,"state":"ACK"}})");
  CHECK(done_line(over, "take", Language::english).ends_with("; taken over from Li"));
  CHECK(done_line(over, "take", Language::chinese).ends_with("；由 Li 移交"));
  const auto again = parsed_object(R"({"done":true,"repeat":true})");
  CHECK(done_line(again, "start a drill", Language::english) ==
        "Done before, nothing was done again: Done: start a drill");
  const auto refused =
      parsed_object(R"({"done":false,"text":{"en":"No. Do this","zh-CN":"不行"}})");
  CHECK(done_line(refused, "take", Language::english) == "No. Do this");
  CHECK(done_line(refused, "take", Language::chinese) == "不行");
}

TEST_CASE("a table of devices is read as office programs write it", "[cli][unit]") {
  const auto lines = device_lines_from_csv(
                         "\xEF\xBB\xBF"
                         "place,device,, name \r\n"
                         "\"block 3, \"\"east\"\"\",s-1,,Kitchen,,\r\n"
                         ",,,\r\n"
                         "block 4,s-2,,\n")
                         .value();
  CHECK(lines ==
        std::vector<DeviceLine>{{"s-1", "Kitchen", "block 3, \"east\""}, {"s-2", "", "block 4"}});
  const auto narrow = device_lines_from_csv("device;name\ns-1;Kitchen").value();
  CHECK(narrow.at(0).name == "Kitchen");
  // A column that is not there is no empty one.
  CHECK_FALSE(narrow.at(0).place.has_value());
}

TEST_CASE("a table of a Chinese spreadsheet is read, and one of no known coding is not",
          "[cli][unit]") {
  const auto gbk = device_lines_from_csv("device,name\ns-1,\xB3\xF8\xB7\xBF\n").value();
  CHECK(gbk.at(0).name == "厨房");
  const auto odd = device_lines_from_csv("device,name\ns-1,\xFF\xFF\n");
  REQUIRE_FALSE(odd.has_value());
  CHECK(says_part(odd.error().chinese, "CSV UTF-8"));
}

TEST_CASE("no cell of an exported table is a formula", "[cli][unit]") {
  CHECK(csv_line({"=1+1", "+86", "-5", "@x", "'a", "a=b", "=\"x\""}) ==
        "'=1+1,'+86,'-5,'@x,''a,a=b,\"'=\"\"x\"\"\"\r\n");
  for (const std::string name : {"=1+1", "+86", "'=a", "'", "''", "\t=x"}) {
    const auto read =
        device_lines_from_csv(csv_line({"device", "name"}) + csv_line({"s-1", name})).value();
    CHECK(read.at(0).name == name);
  }
}

TEST_CASE("what is exported and read again is the same", "[cli][unit]") {
  const DeviceLine odd{"a,b", "line\nend", "\"quoted\";"};
  const auto text =
      csv_line({"device", "name", "place"}) + csv_line({odd.device, *odd.name, *odd.place});
  CHECK(device_lines_from_csv(text).value() == std::vector<DeviceLine>{odd});

  DeviceLine whole{"q1", "bed", "3F", "1 h", "in_service", "", "", ""};
  whole.card = {"north", "Zhang, 3-501", "+86 138", "over 80", "f", "Zhang, noted by Wang"};
  const auto table = csv_line(device_columns()) + device_csv_line(whole);
  CHECK(says_part(table,
                  ",expected_interval,group,household,contact,age_group,sex,consent,service,"));
  CHECK(device_lines_from_csv(table).value() == std::vector<DeviceLine>{whole});
}

TEST_CASE("a table with who lives there and without consent enters nothing", "[cli][unit]") {
  const auto refusal = [](std::string_view text) {
    const auto lines = device_lines_from_csv(text);
    return lines ? Failure{} : lines.error();
  };
  const auto sex = refusal("device,sex,consent\na,f,agreed\nb,f,\n");
  CHECK(sex.sentence() ==
        "Line 3: the age group and the sex of who lives there are kept only with consent, and "
        "`consent` is empty. Write there who agreed, who noted it and when, or empty `age_group` "
        "and `sex`; nothing was entered");
  CHECK(says_part(sex.chinese, "第 3 行：住户的年龄段和性别须经本人同意才能保存"));
  CHECK_FALSE(refusal("device,age_group,consent\nb,over 80,\n").what.empty());
  // The daemon knows whether there is one.
  CHECK(refusal("device,age_group\nb,over 80\n").what.empty());
  CHECK(refusal("device,contact,consent\nb,Mei,\n").what.empty());
  const auto long_contact = refusal("device,contact\nb," + std::string(129, 'x') + "\n");
  CHECK(says_part(long_contact.what, "Line 2: the contact \"xxx"));
  CHECK(says_part(long_contact.what, "has 129 bytes, 128 at most"));
}

TEST_CASE("a table with a mistake enters nothing and names the line", "[cli][unit]") {
  const auto mistake = [](std::string_view text) {
    const auto lines = device_lines_from_csv(text);
    return lines ? std::string() : lines.error().what;
  };
  CHECK(mistake("name,place\nKitchen,3") == "Line 1: there is no column `device`");
  CHECK(mistake("") == "Line 1: there is no column `device`");
  CHECK(mistake("device,name\ns-1,\"a\nb\"\n,Kitchen") == "Line 4: it names no device");
  CHECK(mistake("device\ns-1\ns-1") == "Line 3: the device stands there twice");
  CHECK(mistake("device\n\"s-1") == "Line 2: a quote is never closed");
}

TEST_CASE("no field of a table is passed over", "[cli][unit]") {
  const auto refusal = [](std::string_view text) {
    const auto lines = device_lines_from_csv(text);
    return lines ? Failure{} : lines.error();
  };
  // A comma that belongs to the place.
  const auto comma = refusal("device,name,place\nq1,王奶奶, 床头,5号楼\n");
  CHECK(comma.sentence() ==
        "Line 2: its field 4, \"5号楼\", stands below no column. Put a text with a comma in it "
        "between double quotes, as \"3F, east\"; nothing was entered");
  CHECK(says_part(comma.chinese, "第 2 行：第 4 个字段 “5号楼” 没有对应的列"));
  CHECK(says_part(comma.chinese, "双引号"));
  CHECK(refusal("device,,name\nq1,x,n\n").what.starts_with("Line 2: its field 2, \"x\","));
  // It would have emptied the place.
  CHECK(refusal("device,name,place\nq1,n,p\nq2,n\n").what ==
        "Line 3: it has 2 of the 3 fields that the first line names");
  const auto unknown = refusal("device,palce\nq1,bed\n");
  CHECK(unknown.what == "Line 1: \"palce\" is no column");
  CHECK(says_part(unknown.remedy, "Write `place`, or delete the column; there are: device, name,"));
  CHECK(says_part(unknown.chinese, "请写 `place`，或删去该列"));
  CHECK(says_part(refusal("device,phone\nq1,110\n").sentence(),
                  "Line 1: \"phone\" is no column. Correct its name, or delete"));
  CHECK(says_part(refusal("device,name,name\nq1,a,b\n").what, "stands there twice"));
}

TEST_CASE("a value that the daemon would not take is told with its line", "[cli][unit]") {
  const auto refusal = [](std::string_view interval) {
    const auto lines =
        device_lines_from_csv("device,expected_interval\na,1 h\nb," + std::string(interval) + "\n");
    return lines ? Failure{} : lines.error();
  };
  for (const std::string good : {"10 s", "366 d", "never", ""}) CHECK(refusal(good).what.empty());
  for (const std::string bad : {"soon", "3 s", "9 s", "367 d", "400 d", "0 s"}) {
    const auto told = refusal(bad);
    CHECK(told.sentence() ==
          "Line 3: the expected_interval \"" + bad +
              "\" is not what it may be. Write a whole number and a unit, from 10 s to 366 d, such "
              "as 30 min, or never, or leave it empty; nothing was entered");
    CHECK(says_part(told.chinese, "第 3 行：expected_interval 列 “" + bad + "” 不符合要求"));
    CHECK(says_part(told.chinese, "从 10 s 到 366 d"));
  }
  std::string name;
  for (int i = 0; i < 43; ++i) name += "厨";
  const auto long_name = device_lines_from_csv("device,name\na,n\nb," + name + "\n");
  REQUIRE_FALSE(long_name.has_value());
  CHECK(says_part(long_name.error().what, "Line 3: the name \"厨"));
  CHECK(says_part(long_name.error().what, "has 129 bytes, 128 at most"));
  CHECK(says_part(long_name.error().chinese, "有 129 字节，最多 128"));
  name.resize(126);
  CHECK(device_lines_from_csv("device,place\nb," + name + "\n").has_value());
  CHECK_FALSE(device_lines_from_csv("device\n" + std::string(1025, 'x') + "\n").has_value());
}

TEST_CASE("an alarm of a rule says of which rule, and what was reached", "[cli][unit]") {
  const auto alarm = [](std::string_view more) {
    return R"({"number":5,"device":"f-1","condition":"rule","rule":"freezer-warm",)"
           R"("state":"UNACK","level":"yellow","age_s":60,"count":1)" +
           std::string(more) + "}";
  };
  const auto page = [&](std::string_view more, Language language = Language::english) {
    return alarms_page("{\"alarms\":[" + alarm(more) + "]}", {language, 0}).value();
  };
  const auto one = [&](std::string_view more, Language language = Language::english) {
    return alarm_page({parsed_object(alarm(more)), {}, {}, {}}, {language, 0});
  };
  // Without a text of its own, "measurement" says nothing.
  const std::string bare = R"(,"kind":"measurement","peak":9.5,"unit":"Cel")";
  CHECK(says_part(page(bare), "rule freezer-warm"));
  CHECK_FALSE(says_part(page(bare), "measurement"));
  CHECK(says_part(page(bare), "said once, reached 9.5 °C\n"));
  CHECK(says_part(page(bare, Language::chinese), "规则 freezer-warm"));
  CHECK(says_part(page(bare, Language::chinese), "报了 1 次，达到 9.5 °C"));
  CHECK(says_part(one(bare), "Alarm 5: rule freezer-warm, not taken\n"));
  CHECK(says_part(one(bare), "  reached 9.5 °C\n"));
  // What says more than the name stands with it.
  CHECK(says_part(page(R"(,"kind":"water_level","peak":4.125)"), "water level, rule freezer-warm"));
  CHECK(says_part(page(R"(,"kind":"water_level","peak":4.125)"), "reached 4.125\n"));
  const std::string told = R"(,"kind":"measurement","text":"Too warm")";
  CHECK(says_part(page(told), "Too warm"));
  CHECK(says_part(page(told), "said once, rule freezer-warm\n"));
  CHECK(says_part(one(told), "  rule freezer-warm\n"));
  CHECK(says_part(page(told, Language::chinese), "Too warm"));
  const auto status = status_page("{\"alarms\":[" + alarm(bare) + "]}", {}).value();
  CHECK(says_part(status, "rule freezer-warm"));
}

TEST_CASE("where villages are listed, the list says which alarms are of this box", "[cli][unit]") {
  const auto page = [](std::string_view own, Language language = Language::english) {
    return alarms_page(R"({"alarms":[)" + std::string(own) +
                           R"(],"villages":[{"gateway":"v2","connected":true,"alarms":[)" + kSmoke +
                           "]}]}",
                       {language, 0})
        .value();
  };
  CHECK(page("").starts_with("No alarm of this box is open\nv2, connected; open alarms: 1\n"));
  CHECK(page("", Language::chinese).starts_with("本机没有未关闭的警情\nv2，已连接"));
  CHECK(page(kSmoke).starts_with("Open alarms of this box: 1\n"));
  CHECK(page(kSmoke, Language::chinese).starts_with("本机未关闭的警情：1\n"));
}

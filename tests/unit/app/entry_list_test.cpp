#include "app/entry_list.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::app;

namespace {

EntryList list_of(std::string_view text) {
  return entry_list_from_json(text).value();
}

pipeline::Judging knowing(std::vector<Device> devices, pipeline::Judging::FixedDevices fixed = {}) {
  StoredJudgement stored;
  for (Device& device : devices)
    stored.devices.push_back(std::make_shared<const Device>(std::move(device)));
  pipeline::Judging judging({}, stored, {});
  judging.fix(std::make_shared<const pipeline::Judging::FixedDevices>(std::move(fixed)));
  return judging;
}

Device device(std::string id, std::string name, DeviceService service) {
  Device device;
  device.id = std::move(id);
  device.name = std::move(name);
  device.service = service;
  return device;
}

}  // namespace

TEST_CASE("a list of devices says who enters it", "[app][unit]") {
  const auto list = list_of(R"({"by":"Wang","from":"desk","dry_run":true,)"
                            R"("devices":[{"device":"a","name":"n","place":"p"}]})");
  CHECK(list.by.who == "Wang");
  CHECK(list.by.from == "desk");
  CHECK(list.dry_run);
  REQUIRE(list.entries.size() == 1);
  CHECK(list.entries[0].place == "p");
  CHECK(entry_list_from_json(R"({"devices":[]})").error().what.find("Nobody is named") == 0);
  CHECK_FALSE(entry_list_from_json(R"({"by":"Wang"})").has_value());
  CHECK_FALSE(entry_list_from_json(R"({"by":"Wang","devices":[7]})").has_value());
  CHECK_FALSE(entry_list_from_json("devices").has_value());
}

TEST_CASE("nothing of a list of devices is guessed", "[app][unit]") {
  const auto wrong = [](std::string_view text) {
    const auto list = entry_list_from_json(text);
    return list ? std::string() : list.error().what;
  };
  const auto is_wrong = [&wrong](std::string_view text, std::string_view member) {
    return wrong(text).find("`" + std::string(member) + "`") != std::string::npos;
  };
  // As text it would have entered for real.
  CHECK(is_wrong(R"({"by":"Wang","dry_run":"true","devices":[]})", "dry_run"));
  CHECK(is_wrong(R"({"by":"Wang","dryrun":true,"devices":[]})", "dryrun"));
  CHECK(is_wrong(R"({"by":7,"devices":[]})", "by"));
  CHECK(is_wrong(R"({"by":"Wang","devices":[{"device":7}]})", "device"));
  CHECK(is_wrong(R"({"by":"Wang","devices":[{"name":"Kitchen"}]})", "device"));
  CHECK(is_wrong(R"({"by":"Wang","devices":[{"device":"a","plase":"3F"}]})", "plase"));
  CHECK(is_wrong(R"({"by":"Wang","devices":[{"device":"a","name":null}]})", "name"));
  const std::string long_text(129, 'x');
  CHECK(is_wrong(R"({"by":")" + long_text + R"(","devices":[]})", "by"));
  CHECK(is_wrong(R"({"by":"Wang","from":")" + long_text + R"(","devices":[]})", "from"));
  CHECK(is_wrong(R"({"by":"Wang","devices":[{"device":"a","place":")" + long_text + R"("}]})",
                 "place"));
  CHECK(entry_list_from_json("{}").error().chinese.find("没有写明由谁登记") == 0);
}

TEST_CASE("what is wrong in a list of devices is told with its device, value and bounds",
          "[app][unit]") {
  const auto refusal = [](std::string_view device) {
    return entry_list_from_json(R"({"by":"Wang","devices":[)" + std::string(device) + "]}").error();
  };
  const auto soon = refusal(R"({"device":"q1","expected_interval":"3 s"})");
  CHECK(soon.what ==
        "The member `expected_interval` of device q1 is \"3 s\"; it must be a whole number and a "
        "unit, from 10 s to 366 d, such as 30 min, or never, or empty");
  CHECK(soon.chinese.starts_with("设备 q1 的成员 `expected_interval` 是 \"3 s\"；应为"));
  CHECK(soon.chinese.find("从 10 s 到 366 d") != std::string::npos);
  CHECK(refusal(R"({"device":"q1","expected_interval":"367 d"})").what.find("366 d") !=
        std::string::npos);
  const auto unknown = refusal(R"({"device":"q1","plase":"3F"})");
  CHECK(unknown.what ==
        "The member `plase` of device q1 is not known; there are: device, name, place, "
        "expected_interval, group, household, contact, age_group, sex, consent");
  const auto long_name = refusal(R"({"device":"q1","name":")" + std::string(129, 'x') + "\"}");
  CHECK(long_name.what.ends_with("…; it must be a text of at most 128 bytes"));
  CHECK(refusal(R"({"name":"n"})").what == "The member `device` is missing");
  CHECK(refusal("7").what.find("a list of at most 500 objects") != std::string::npos);
}

TEST_CASE("a list of devices is bounded in entries, bytes and depth", "[app][unit]") {
  const auto list_with = [](std::size_t count) {
    std::string text = R"({"by":"Wang","devices":[)";
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "" : ",") + std::string(R"({"device":"d)") + std::to_string(i) + R"("})";
    return text + "]}";
  };
  CHECK(list_of(list_with(EntryList::kMost)).entries.size() == EntryList::kMost);
  CHECK(entry_list_from_json(list_with(EntryList::kMost + 1)).error().what.find("`devices`") !=
        std::string::npos);

  const std::string blanks(1U << 20U, ' ');
  CHECK_FALSE(entry_list_from_json(list_with(1) + blanks).has_value());
  CHECK(entry_list_from_json(list_with(1) + blanks).error().what.find("no JSON") !=
        std::string::npos);
  const auto nested = [](std::size_t depth) {
    return R"({"by":"Wang","devices":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(entry_list_from_json(nested(7)).error().what.find("`devices`") != std::string::npos);
  CHECK(entry_list_from_json(nested(8)).error().what.find("no JSON") != std::string::npos);
}

TEST_CASE("a list says what it would change, and leaves alone what the configuration fixes",
          "[app][unit]") {
  auto list = list_of(
      R"({"by":"Wang","devices":[{"device":"new","name":"N"},{"device":"heard","name":"H"},)"
      R"({"device":"same","name":"S"},{"device":"other","name":"O"},)"
      R"({"device":"fixed","name":"F"},{"device":"placed","name":"from the file","place":"3F"}]})");
  const auto judging =
      knowing({device("heard", "", DeviceService::unregistered),
               device("same", "S", DeviceService::in_service),
               device("other", "before", DeviceService::in_service),
               device("fixed", "", DeviceService::in_service),
               device("placed", "", DeviceService::in_service)},
              {{"fixed", {"from the file", {}}}, {"placed", {"from the file", {}}}});
  REQUIRE(compare(list, judging).has_value());
  using Change = Entry::Change;
  std::vector<Change> changes;
  for (const Entry& entry : list.entries) changes.push_back(entry.change);
  CHECK(changes == std::vector<Change>{Change::entered, Change::entered, Change::same,
                                       Change::edited, Change::fixed, Change::edited});
  // A place may be entered where the name is fixed, and the name stays out of the row.
  CHECK(list.entries[5].device.place == "3F");
  CHECK(list.entries[5].device.name.empty());
  CHECK(list.entries[5].fixed.empty());
  list.entries[0].result.refusal = Refusal::no_room;
  const auto answer = boost::json::parse(answer_text(list)).as_object();
  const auto& told = answer.at("devices").as_array();
  CHECK(told.at(0).at("reason") == "no_room");
  CHECK(told.at(3).at("name_before") == "before");
  CHECK(told.at(4).at("change") == "fixed");
  CHECK(told.at(4).at("fixed").as_bool());
  CHECK(told.at(4).at("fixed_texts") == boost::json::array{"name"});
}

TEST_CASE("a member that is absent leaves the value as it is", "[app][unit]") {
  auto list = list_of(R"({"by":"Wang","devices":[{"device":"a","place":"4F"},{"device":"b"},)"
                      R"({"device":"c","name":""}]})");
  auto b = device("b", "B", DeviceService::in_service);
  b.place = "3F";
  auto a = b, c = b;
  a.id = "a";
  c.id = "c";
  REQUIRE(compare(list, knowing({a, b, c})).has_value());
  CHECK(list.entries[0].device.name == "B");
  CHECK(list.entries[0].change == Entry::Change::edited);
  CHECK(list.entries[1].change == Entry::Change::same);
  CHECK(list.entries[2].device.name.empty());
  CHECK(list.entries[2].device.place == "3F");
}

TEST_CASE("what is known of a household is entered as the rest, and not before the configuration",
          "[app][unit]") {
  auto list = list_of(
      R"({"by":"Wang","devices":[{"device":"a","contact":"Mei, 139"},{"device":"b","contact":""},)"
      R"({"device":"c","household":"Li","contact":"Mei, 138"},)"
      R"({"device":"d","household":"Zhang"}]})");
  auto a = device("a", "", DeviceService::in_service);
  a.card = DeviceCard{"north", {}, "Mei, 138"};
  auto b = a, c = a, d = a;
  b.id = "b", c.id = "c", d.id = "d";
  b.card = DeviceCard{{}, {}, "Mei, 138"};
  REQUIRE(compare(list, knowing({a, b, c, d},
                                {{"c", {"", {{}, "Zhang", {}}}}, {"d", {"", {{}, "Zhang", {}}}}}))
              .has_value());
  using Change = Entry::Change;
  CHECK(list.entries[0].change == Change::edited);
  CHECK(list.entries[0].device.card == DeviceCard{"north", {}, "Mei, 139"});
  CHECK(list.entries[1].change == Change::edited);
  CHECK_FALSE(list.entries[1].device.card);
  CHECK(list.entries[2].change == Change::fixed);
  CHECK(list.entries[2].fixed == std::vector<std::string_view>{"household"});
  CHECK(list.entries[2].device.card->household.empty());
  CHECK(list.entries[3].change == Change::same);
  const auto answer = boost::json::parse(answer_text(list)).as_object();
  const auto& first = answer.at("devices").at(0).as_object();
  CHECK(first.at("contact") == "Mei, 139");
  CHECK(first.at("contact_before") == "Mei, 138");
  CHECK_FALSE(first.contains("household"));
  CHECK(knowing({c}, {{"c", {"", {{}, "Zhang", {}}}}}).card_of("c") ==
        DeviceCard{"north", "Zhang", "Mei, 138"});
}

TEST_CASE("who lives there is kept only with consent", "[app][unit]") {
  auto agreed = device("a", "", DeviceService::in_service);
  agreed.card = DeviceCard{{}, {}, {}, "over 80", {}, "Zhang, noted by Wang, 1 May"};
  const auto told = [&agreed](std::string_view members) {
    auto list = list_of(R"({"by":"Wang","dry_run":true,"devices":[{"device":"n"},{"device":)" +
                        std::string(members) + "}]}");
    const auto compared = compare(list, knowing({agreed}));
    return compared ? Failure{} : compared.error();
  };
  const auto refused = told(R"("b","sex":"f")");
  CHECK(refused.sentence() ==
        "Device b: the age group and the sex of who lives there are kept only with consent, and "
        "none is noted. Write in `consent` who agreed, who noted it and when, or empty `age_group` "
        "and `sex`; nothing was entered");
  CHECK(refused.chinese.starts_with("设备 b：住户的年龄段和性别须经本人同意才能保存"));
  CHECK(told(R"("b","age_group":"over 80","consent":"Li, noted by Wang")").what.empty());
  CHECK(told(R"("a","sex":"f")").what.empty());
  // Withdrawn: what was kept with it goes too.
  CHECK_FALSE(told(R"("a","consent":"")").what.empty());
  CHECK(told(R"("a","consent":"","age_group":"")").what.empty());
}

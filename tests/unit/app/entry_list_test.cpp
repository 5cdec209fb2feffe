#include "app/entry_list.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::app;

namespace {

EntryList list_of(std::string_view text) {
  return entry_list_from_json(text).value();
}

rules::Judgement knowing(std::vector<Device> devices) {
  StoredJudgement stored;
  for (Device& device : devices)
    stored.devices.push_back(std::make_shared<const Device>(std::move(device)));
  return rules::Judgement({}, stored, {});
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
  CHECK(list.entries[0].device.place == "p");
  CHECK(entry_list_from_json(R"({"devices":[]})").error().what.find("Nobody is named") == 0);
  CHECK_FALSE(entry_list_from_json(R"({"by":"Wang"})").has_value());
  CHECK_FALSE(entry_list_from_json(R"({"by":"Wang","devices":[7]})").has_value());
  CHECK_FALSE(entry_list_from_json("devices").has_value());
}

TEST_CASE("a list says what it would change, and leaves alone what the configuration fixes",
          "[app][unit]") {
  auto list = list_of(
      R"({"by":"Wang","devices":[{"device":"new","name":"N"},{"device":"heard","name":"H"},)"
      R"({"device":"same","name":"S"},{"device":"other","name":"O"},)"
      R"({"device":"fixed","name":"F"}]})");
  const auto judgement = knowing({device("heard", "", DeviceService::unregistered),
                                  device("same", "S", DeviceService::in_service),
                                  device("other", "before", DeviceService::in_service)});
  settings::Config config;
  config.devices.push_back({});
  config.devices.back().id = "fixed";
  config.devices.back().name = "from the file";
  compare(list, judgement, config);
  using Change = Entry::Change;
  std::vector<Change> changes;
  for (const Entry& entry : list.entries) changes.push_back(entry.change);
  CHECK(changes == std::vector<Change>{Change::entered, Change::entered, Change::same,
                                       Change::edited, Change::fixed});
  list.entries[0].result.refusal = Refusal::no_room;
  const auto answer = boost::json::parse(answer_text(list)).as_object();
  const auto& told = answer.at("devices").as_array();
  CHECK(told.at(0).at("reason") == "no_room");
  CHECK(told.at(3).at("name_before") == "before");
  CHECK(told.at(4).at("change") == "fixed");
}

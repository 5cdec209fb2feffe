#include "console/trouble_json.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"

using namespace watchpost;
using Code = TroubleCode;

TEST_CASE("a trouble is told with code, arguments, both languages and its cause",
          "[console][unit]") {
  const auto refuses =
      trouble<Code::upstream_set_aside>(arg<"upstream">("street"), arg<"events">(3U),
                                        arg<"by_class">(PerClass<std::uint64_t>{1, 0, 0, 2}))
          .because(
              trouble<Code::class_set_aside>(arg<"class">(EventClass::alarm), arg<"code">("0x95")));

  const auto json = console::trouble_json(refuses);

  CHECK(json.at("code").as_string() == "upstream_set_aside");
  CHECK(json.at("severity").as_string() == "critical");
  const auto& args = json.at("args").as_object();
  CHECK(args.at("upstream").as_string() == "street");
  CHECK(args.at("events").to_number<int>() == 3);
  CHECK(args.at("by_class").as_object().at("telemetry").to_number<int>() == 2);
  CHECK(json.at("text").as_object().at("en").as_string().starts_with("Upstream street refused"));
  CHECK(json.at("text").as_object().at("zh-CN").as_string().starts_with("上级 street 始终拒收"));
  CHECK(json.at("next").as_object().at("en").as_string().find("0x95") != std::string::npos);
  CHECK(json.at("next").as_object().at("zh-CN").as_string().find("0x95") != std::string::npos);
  const auto& cause = json.at("cause").as_object();
  CHECK(cause.at("code").as_string() == "class_set_aside");
  CHECK(cause.at("args").as_object().at("class").as_string() == "alarm");
  CHECK(cause.if_contains("cause") == nullptr);
}

// [[rule]] and the water levels of [[device]]: what they mean, and which mistakes are told, with
// their lines.
#include "settings/site_rules.hpp"
#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kRise = R"([[rule]]
name = "fast-rise"
devices = ["river-1"]
quantity = "level"
unit = "m"
rise = 0.3
within = "10 min"
level = "yellow"
text_zh = "河水上涨快"
)";

const Row kRows[] = {
    {"two conditions",
     "[[rule]]\nname = \"r\"\nquantity = \"humidity\"\nlevel = \"red\"\nabove = 4\nbelow = 2\n",
     6,
     {"watchpost.toml:6:1: rule.below: above and below stand together, and a rule has one",
      "Write a [[rule]] for each"},
     {"above 和 below 同时出现", "请各写一段 [[rule]]"}},
    {"no condition",
     "[[rule]]\nname = \"r\"\nquantity = \"level\"\nlevel = \"red\"\n",
     2,
     {"the rule says no condition", "as above = 4.2"},
     {"规则没有写条件", "例如 above = 4.2"}},
    {"a quantity that is spelled wrong",
     "[[rule]]\nname = \"r\"\nquantity = \"temprature\"\nabove = 60\nlevel = \"red\"\n",
     3,
     {"no decoder tells a quantity \"temprature\"", "Did you mean \"temperature\"?"},
     {"没有解码器给出量 \"temprature\"", "是不是 \"temperature\"？"}},
    {"no quantity",
     "[[rule]]\nname = \"r\"\nabove = 60\nlevel = \"red\"\n",
     3,
     {"does not say what is measured", "quantity = \"level\""},
     {"没有写测量的是什么", "请加上键 quantity"}},
    {"a length without a unit",
     "[[rule]]\nname = \"r\"\nquantity = \"level\"\nabove = 4\nlevel = \"red\"\n",
     4,
     {"devices tell level in several units", "one of m, cm, mm"},
     {"level 有多种单位", "m, cm, mm 之一"}},
    {"a unit of something else",
     "[[rule]]\nname = \"r\"\nquantity = \"level\"\nunit = \"kPa\"\nabove = 4\nlevel = \"red\"\n",
     4,
     {"\"kPa\" is no unit of level", "Write one of m, cm, mm"},
     {"\"kPa\" 不是 level 的单位", "请写其中之一：m, cm, mm"}},
    {"a deadband as large as the rise",
     "[[rule]]\nname = \"r\"\nquantity = \"level\"\nunit = \"m\"\nrise = 0.3\nwithin = \"5 min\"\n"
     "deadband = 0.3\nlevel = \"red\"\n",
     7,
     {"0.3 is larger than rise itself, 0.3: it would never be over", "a small part"},
     {"0.3 比 rise 本身（0.3）还大", "一小部分"}},
    {"a deadband larger than the limit",
     "[[rule]]\nname = \"r\"\nquantity = \"level\"\nunit = \"m\"\nabove = 0.5\ndeadband = 3\n"
     "level = \"red\"\n",
     6,
     {"3 is larger than above itself, 0.5"},
     {"3 比 above 本身（0.5）还大"}},
    {"a level that nobody knows",
     "[[rule]]\nname = \"r\"\nquantity = \"humidity\"\nabove = 90\nlevel = \"orang\"\n",
     5,
     {"write one of blue, yellow, orange, red", "Did you mean \"orange\"?"},
     {"blue, yellow, orange, red", "是不是 \"orange\"？"}},
    {"no level",
     "[[rule]]\nname = \"r\"\nquantity = \"humidity\"\nabove = 90\n",
     1,
     {"rule.level: this key is missing", "Every [[rule]] needs the key level"},
     {"每个 [[rule]] 都要有键 level"}},
    {"a rise without a time",
     "[[rule]]\nname = \"r\"\nquantity = \"humidity\"\nrise = 9\nlevel = \"red\"\n",
     4,
     {"rise needs a time", "within = \"10 min\""},
     {"rise 要写时间", "within = \"10 min\""}},
    {"a time that means nothing",
     "[[rule]]\nname = \"r\"\nquantity = \"humidity\"\nabove = 9\nwithin = \"5 min\"\nlevel = "
     "\"red\"\n",
     5,
     {"within means nothing beside above", "Remove this key"},
     {"within 与 above 同写没有意义", "请删掉这个键"}},
    {"a delay of silence",
     "[[rule]]\nname = \"r\"\nno_data = \"1 h\"\non_delay = \"5 min\"\nlevel = \"red\"\n",
     4,
     {"on_delay means nothing beside no_data"},
     {"on_delay 与 no_data 同写没有意义"}},
    {"detectors of nothing",
     "[[rule]]\nname = \"r\"\ntwo_of = 2\nwithin = \"5 min\"\nlevel = \"red\"\n",
     3,
     {"two_of does not say detectors of what", "kind = \"smoke\""},
     {"two_of 没有写是哪种探测器"}},
    {"one of two",
     "[[rule]]\nname = \"r\"\nkind = \"smoke\"\ntwo_of = 1\nwithin = \"5 min\"\nlevel = \"red\"\n",
     4,
     {"one detector says alarm by itself", "Write 2 or more"},
     {"一个探测器自己就会报警"}},
    {"a text for a number",
     "[[rule]]\nname = \"r\"\nquantity = \"humidity\"\nabove = \"90\"\nlevel = \"red\"\n",
     4,
     {"write a number, as 4.2", "Write it without quotation marks"},
     {"应写数字", "不要加引号"}},
    {"a kind that is spelled wrong",
     "[[rule]]\nname = \"r\"\nkind = \"smok\"\ntwo_of = 2\nwithin = \"5 min\"\nlevel = \"red\"\n",
     3,
     {"Did you mean \"smoke\"?"},
     {"是不是 \"smoke\"？"}},
    {"a name of the levels",
     "[[rule]]\nname = \"warning-level\"\nquantity = \"humidity\"\nabove = 9\nlevel = \"red\"\n",
     2,
     {"\"warning-level\" is what the levels of a [[device]] are called"},
     {"\"warning-level\" 是 [[device]] 水位的名称"}},
    {"levels that are swapped",
     "[[device]]\nid = \"river-1\"\nwarning_level = 5.0\nguarantee_level = 4.2\n",
     3,
     {"the warning level, 5, is not below the guarantee level, 4.2", "swapped"},
     {"警戒水位 5 不低于保证水位 4.2"}},
    {"an elevation of nothing",
     "[[device]]\nid = \"river-1\"\nwarning_level = 4.2\nmount_elevation = 7.1\n",
     4,
     {"an elevation without its datum says nothing", "Add the key datum"},
     {"没有基面的高程没有意义"}},
};

}  // namespace

TEST_CASE("each mistake of a rule is told with its line and with what to write",
          "[settings][unit]") {
  for (const Row& row : kRows) check_row(row);
  const auto twice = mistake_of(std::string(kRise) + std::string(kRise));
  CHECK(twice.line == 11);
  CHECK(twice.what.english == "another [[rule]] has the name \"fast-rise\" already");
}

TEST_CASE("a rule is read, printed and read back", "[settings][unit]") {
  for (const std::string_view more :
       {std::string_view{},
        std::string_view{"[[rule]]\nname = \"door\"\nquantity = \"contact\"\nequals = false\n"
                         "level = \"blue\"\non_delay = \"5 min\"\nlatching = true\n"},
        std::string_view{"[[rule]]\nname = \"mode\"\nquantity = \"mode\"\nequals = \"night\"\n"
                         "level = \"blue\"\n"},
        std::string_view{"[[rule]]\nname = \"two\"\nkind = \"smoke\"\ntwo_of = 2\n"
                         "within = \"5 min\"\nlevel = \"red\"\n"},
        std::string_view{"[[rule]]\nname = \"quiet\"\ndevices = [\"a\"]\nno_data = \"30 min\"\n"
                         "level = \"red\"\n"},
        std::string_view{"[[rule]]\nname = \"cold\"\nquantity = \"temperature\"\nbelow = -12.5\n"
                         "deadband = 2\nlevel = \"red\"\n"}}) {
    const auto config = config_of(std::string(kRise) + std::string(more));
    INFO(print_config(config));
    CHECK(config_of(print_config(config)) == config);
  }
}

TEST_CASE("what a rule means is what it says", "[settings][unit]") {
  const auto rules = site_rules(config_of(kRise));
  REQUIRE(rules.size() == 1);
  const SiteRule& rule = rules.front();
  CHECK(rule.test == RuleTest::rise);
  CHECK(rule.devices == std::vector<std::string>{"river-1"});
  CHECK(rule.limit == 0.3);
  CHECK(rule.window == 10min);
  CHECK(rule.least == 3);
  CHECK(rule.alarm_kind == Kind::water_level);
  CHECK(rule.grade == AlarmGrade{AlarmLevel::yellow, Urgency::expected, AlarmSeverity::moderate,
                                 Certainty::likely});
  // One language is better than none.
  CHECK(rule.text == "河水上涨快");
  CHECK(rule.text_zh == "河水上涨快");
}

TEST_CASE("the two levels of a water station are an orange and a red rule with their datum",
          "[settings][unit]") {
  const auto rules = site_rules(
      config_of("[[device]]\nid = \"river-1\"\nwarning_level = 4.2\nguarantee_level = 5\n"
                "mount_elevation = 7.1\ndatum = \"吴淞\"\nlevel_reading = \"depth\"\n"));
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].name == "warning-level");
  CHECK(rules[0].limit == 4.2);
  CHECK(rules[0].deadband == 0.03);
  CHECK(rules[0].grade.level == AlarmLevel::orange);
  CHECK(rules[0].grade.urgency == Urgency::expected);
  CHECK(rules[0].gauge == Gauge{7.1, true});
  CHECK(rules[0].text == "The water has reached the warning level, 4.20 m (吴淞)");
  CHECK(rules[0].text_zh == "水位已达警戒水位 4.20 米（吴淞）");
  CHECK(rules[1].name == "guarantee-level");
  CHECK(rules[1].grade.level == AlarmLevel::red);
  CHECK(rules[1].grade.urgency == Urgency::immediate);
  CHECK(rules[1].text_zh == "水位已达保证水位 5.00 米（吴淞）");
}

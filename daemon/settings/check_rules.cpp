#include "settings/check_rules.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "model/quantities.hpp"
#include "settings/site_rules.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

constexpr std::string_view kTests = "above, below, equals, rise, jump, no_data, two_of";

class RuleChecks {
 public:
  RuleChecks(const Config& config, std::size_t index, const GivenKey& given)
      : config_(config), rule_(config.rules[index]), index_(index), given_(given) {}

  std::vector<KeyMistake> run() {
    check_name();
    find_tests();
    if (tests_.size() == 1) {
      check_quantity();
      check_deadband();
      check_times();
      check_scope();
    }
    return std::move(mistakes_);
  }

 private:
  void add(std::string_view key, Words what, Words next) {
    mistakes_.push_back({key, std::move(what), std::move(next)});
  }
  [[nodiscard]] bool is(std::string_view test) const { return tests_.front() == test; }
  [[nodiscard]] bool is_one_of(std::initializer_list<std::string_view> tests) const {
    return std::find(tests.begin(), tests.end(), tests_.front()) != tests.end();
  }

  void check_name() {
    if (is_name_of_level(rule_.name)) {
      add("name",
          say("{} is what the levels of a [[device]] are called", "{} 是 [[device]] 水位的名称",
              toml_quoted(rule_.name)),
          say("Choose another name", "请另取名称"));
    }
    for (std::size_t i = 0; i < index_; ++i) {
      if (rule_.name.empty() || config_.rules[i].name != rule_.name) continue;
      add("name",
          say("another [[rule]] has the name {} already", "另一段 [[rule]] 已经叫 {}",
              toml_quoted(rule_.name)),
          say("Choose another name", "请另取名称"));
    }
  }

  void find_tests() {
    const std::pair<std::string_view, bool> all[] = {
        {"above", rule_.above.has_value()}, {"below", rule_.below.has_value()},
        {"equals", rule_.equals.any()},     {"rise", rule_.rise.has_value()},
        {"jump", rule_.jump.has_value()},   {"no_data", rule_.no_data.count() > 0},
        {"two_of", rule_.two_of > 0}};
    for (const auto& [key, is_set] : all) {
      if (is_set) tests_.push_back(key);
    }
    if (tests_.empty()) {
      // A value that was refused was told as a mistake of its own.
      const bool any = std::any_of(std::begin(all), std::end(all),
                                   [this](const auto& one) { return given_(one.first); });
      if (any) return;
      return add(
          "name", say("the rule says no condition", "规则没有写条件"),
          say("Write one of {}, as above = 4.2", "请写其中之一：{}，例如 above = 4.2", kTests));
    }
    for (std::size_t i = 1; i < tests_.size(); ++i) {
      add(tests_[i],
          say("{} and {} stand together, and a rule has one condition",
              "{} 和 {} 同时出现，而一条规则只有一个条件", tests_.front(), tests_[i]),
          say("Write a [[rule]] for each", "请各写一段 [[rule]]"));
    }
  }

  void check_quantity() {
    const std::string& quantity = rule_.quantity;
    if (is("two_of")) return refuse_if(!quantity.empty(), "quantity");
    if (quantity.empty()) {
      if (is("no_data") || given_("quantity")) return;
      return add(tests_.front(),
                 say("the rule does not say what is measured", "规则没有写测量的是什么"),
                 say("Add the key quantity, as quantity = \"level\"",
                     "请加上键 quantity，例如 quantity = \"level\""));
    }
    const auto known = known_quantities();
    if (std::find(known.begin(), known.end(), quantity) == known.end()) {
      if (const auto meant = meant_by(quantity, known)) {
        return add(
            "quantity",
            say("no decoder tells a quantity {}", "没有解码器给出量 {}", toml_quoted(quantity)),
            say("Did you mean \"{}\"?", "是不是 \"{}\"？", *meant));
      }
    }
    check_unit();
  }

  void check_unit() {
    const auto units = units_of(rule_.quantity);
    const bool is_number = is_one_of({"above", "below", "rise", "jump"});
    if (!is_number) return refuse_if(!rule_.unit.empty(), "unit");
    if (units.empty()) return;
    const auto list = fmt::to_string(fmt::join(units, ", "));
    if (rule_.unit.empty()) {
      if (!needs_unit(rule_.quantity)) return;
      return add(tests_.front(),
                 say("devices tell {} in several units, so the number alone says nothing",
                     "{} 有多种单位，只写数字没有意义", rule_.quantity),
                 say("Add the key unit: one of {}", "请加上键 unit：{} 之一", list));
    }
    if (std::find(units.begin(), units.end(), rule_.unit) != units.end()) return;
    add("unit",
        say("{} is no unit of {}", "{} 不是 {} 的单位", toml_quoted(rule_.unit), rule_.quantity),
        say("Write one of {}", "请写其中之一：{}", list));
  }

  void check_deadband() {
    for (const auto& [key, number] :
         {std::pair("rise", rule_.rise), std::pair("jump", rule_.jump)}) {
      if (!number || *number > 0) continue;
      add(key, say("{} is not more than 0", "{} 不大于 0", *number),
          say("Write by how much it changes", "请写变化了多少"));
    }
    if (!rule_.deadband) return;
    const double deadband = *rule_.deadband;
    if (!is_one_of({"above", "below", "rise", "jump"})) return refuse_if(true, "deadband");
    if (deadband < 0) {
      return add("deadband", say("{} is less than 0", "{} 小于 0", deadband),
                 say("Write how far on the other side it is over", "请写越过界限多远才算恢复"));
    }
    const double limit = limit_of(rule_);
    const bool is_change = is_one_of({"rise", "jump"});
    const bool is_large = is_change ? deadband >= limit : deadband > std::abs(limit);
    if (!is_large || (!is_change && !needs_unit(rule_.quantity))) return;
    add("deadband",
        say("{} is larger than {} itself, {}: it would never be over",
            "{} 比 {} 本身（{}）还大：永远不会恢复", deadband, tests_.front(), limit),
        say("Write a small part of it", "请写其中一小部分"));
  }

  void check_times() {
    const bool has_delay = is_one_of({"above", "below", "equals", "rise"});
    if (!has_delay) {
      refuse_if(rule_.on_delay.count() > 0, "on_delay");
      refuse_if(rule_.off_delay.count() > 0, "off_delay");
    }
    if (!is("rise")) refuse_if(rule_.readings != RuleConfig{}.readings, "readings");
    const bool is_within = rule_.within.count() > 0;
    if (!is_one_of({"rise", "two_of", "jump"})) return refuse_if(is_within, "within");
    if (is("jump") || is_within) return;
    add(tests_.front(), say("{} needs a time", "{} 要写时间", tests_.front()),
        say("Add the key within, as within = \"10 min\"",
            "请加上键 within，例如 within = \"10 min\""));
  }

  void check_scope() {
    if (rule_.two_of == 1) {
      add("two_of", say("one detector says alarm by itself", "一个探测器自己就会报警"),
          say("Write 2 or more", "请写 2 或更大的数"));
    }
    if (is("two_of") && !rule_.kind && !given_("kind")) {
      add("two_of", say("two_of does not say detectors of what", "two_of 没有写是哪种探测器"),
          say("Add the key kind, as kind = \"smoke\"", "请加上键 kind，例如 kind = \"smoke\""));
    }
  }

  // Printed, a key without effect stands there with its default.
  void refuse_if(bool is_set, std::string_view key) {
    const auto test = tests_.front();
    if (!is_set) return;
    add(key, say("{} means nothing beside {}", "{} 与 {} 同写没有意义", key, test),
        say("Remove this key", "请删掉这个键"));
  }

  const Config& config_;
  const RuleConfig& rule_;
  std::size_t index_;
  const GivenKey& given_;
  std::vector<std::string_view> tests_;
  std::vector<KeyMistake> mistakes_;
};

}  // namespace

std::vector<KeyMistake> check_rule(const Config& config, std::size_t index, const GivenKey& given) {
  return RuleChecks(config, index, given).run();
}

std::vector<KeyMistake> check_water(const WaterConfig& water) {
  std::vector<KeyMistake> all;
  if (water.warning_level && water.guarantee_level &&
      *water.warning_level >= *water.guarantee_level) {
    all.push_back(
        {"warning_level",
         say("the warning level, {}, is not below the guarantee level, {}",
             "警戒水位 {} 不低于保证水位 {}", *water.warning_level, *water.guarantee_level),
         say("Perhaps the two are swapped", "请检查两者是否写反")});
  }
  if (water.mount_elevation && water.datum.empty()) {
    all.push_back({"mount_elevation",
                   say("an elevation without its datum says nothing", "没有基面的高程没有意义"),
                   say("Add the key datum, as datum = \"Wusong\"",
                       "请加上键 datum，例如 datum = \"1985国家高程基准\"")});
  }
  if (water.deadband && *water.deadband < 0) {
    all.push_back({"level_deadband", say("{} is less than 0", "{} 小于 0", *water.deadband),
                   say("Write metres, as 0.03", "请写米数，例如 0.03")});
  }
  return all;
}

}  // namespace watchpost::settings

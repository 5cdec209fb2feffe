// A mapping in which one word is misspelt: refused or noted, whichever word it is.
#include <algorithm>

#include "decode/known_words.hpp"
#include "decode/mapping.hpp"
#include "mapping_bench.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
using namespace testing;

namespace {

// Every key and every word of ours that a file can have.
const std::string kWholeFile = R"(name = "pump"
format = "json"
kind = "water_level"
state = "normal"
adds = true
own_words = ["running", "stroke"]
requires = ["/lvl"]
topics = ["pump/+/up"]
[device]
topic_level = 1
[time]
pointer = "/t"
format = "epoch"
[each]
pointer = "/records"
history = true
[[reading]]
pointer = "/lvl"
quantity = "level"
unit = "mm"
scale = 10
add = 1
sentinels = [-1]
must_exist = false
strip_prefix = "L"
text_unit = "cm"
[[reading]]
pointer = "/mode"
quantity = "running"
enum = { a = "on" }
[[reading]]
pointer = "/bits"
quantity = "battery"
unit = "%EL"
mask = 0x0F
[[reading]]
pointer = "/bits"
quantity = "tamper"
bit = 5
[[state_when]]
pointer = "/code"
equals = "1"
state = "alarm"
[[state_when]]
pointer = "/lvl"
between = [10, 20]
state = "suspected"
[[state_when]]
pointer = "/lvl"
at_least = 100
below = 200
state = "fault"
[[state_when]]
pointer = "/lvl"
above = 300
at_most = 400
state = "test"
[[also]]
kind = "device_status"
state = "info"
[[also.reading]]
pointer = "/temp"
quantity = "temperature"
unit = "Cel"
[[also.state_when]]
pointer = "/low"
equals = "1"
state = "fault"
)";

const std::string kWholeBytes = R"(name = "float"
format = "hex"
kind = "water_level"
port = [2, 3]
ignore_port = 85
[check]
length = 4
starts_with = "a5"
ends_with = "5a"
crc16_modbus_at = -2
[[reading]]
offset = 0
type = "u16be"
quantity = "depth"
unit = "mm"
[[reading]]
offset = 0
type = "ascii"
length = 2
quantity = "device_serial"
)";

struct Word {
  std::size_t at;
  std::size_t size;
};

bool is_ours(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%';
}

// The keys, tables, and the words that are ours in the lines of these keys.
std::vector<Word> words_of(const std::string& file) {
  std::vector<Word> words;
  std::size_t begin = 0;
  for (std::size_t end = file.find('\n'); end != std::string::npos;
       begin = end + 1, end = file.find('\n', begin)) {
    const std::string line = file.substr(begin, end - begin);
    const auto take = [&](std::size_t from) {
      std::size_t to = from;
      while (to < line.size() && (is_ours(line[to]) || line[to] == '.' || line[to] == '1' ||
                                  line[to] == '6' || line[to] == '8')) {
        ++to;
      }
      if (to > from) words.push_back({begin + from, to - from});
    };
    take(line.find_first_not_of('['));
    for (const std::string_view key : {"kind", "state", "format", "quantity", "unit", "type"}) {
      if (line.starts_with(std::string(key) + " = ")) take(line.find('"') + 1);
    }
  }
  return words;
}

Result<Mapping> parsed(const std::string& toml) {
  return Mapping::parse({toml, "m.toml", MappingUse::profile});
}

std::string line_at(const std::string& file, std::size_t at) {
  return "m.toml:" + std::to_string(std::count(file.begin(), file.begin() + at, '\n') + 1);
}

}  // namespace

TEST_CASE("each word of a mapping that is misspelt is refused or noted", "[decode][unit]") {
  std::size_t tried = 0;
  for (const std::string& file : {kWholeFile, kWholeBytes}) {
    const auto right = parsed(file);
    INFO((right ? std::string{} : right.error().sentence()));
    REQUIRE(right.has_value());
    CHECK(right->notes.empty());
    for (const Word& word : words_of(file)) {
      const std::string text = file.substr(word.at, word.size);
      const std::string doubled = text + text.back();
      const std::string other = text.substr(0, text.size() - 1) + (text.back() == 'x' ? 'y' : 'x');
      for (const std::string& wrong : {doubled, other}) {
        std::string misspelt = file;
        misspelt.replace(word.at, word.size, wrong);
        INFO(text << " as " << wrong << " in " << line_at(file, word.at));
        const auto mapping = parsed(misspelt);
        ++tried;
        if (mapping) {
          // The file's own words: known from then on by nobody.
          CHECK_FALSE(mapping->notes.empty());
          continue;
        }
        CHECK(mapping.error().what.find("m.toml:") == 0);
        CHECK_FALSE(mapping.error().remedy.empty());
        CHECK_FALSE(mapping.error().chinese.empty());
      }
    }
  }
  CHECK(tried > 150);
}

TEST_CASE("a misspelt quantity is refused with the nearest and with the list", "[decode][unit]") {
  const auto mapping = parsed(
      "name = \"m\"\nkind = \"water_level\"\n[[reading]]\npointer = \"/t\"\n"
      "quantity = \"temprature\"\nunit = \"Cel\"\n");
  REQUIRE_FALSE(mapping.has_value());
  const auto& failure = mapping.error();
  CHECK(failure.what == "m.toml:5: there is no quantity \"temprature\"");
  CHECK(
      failure.remedy.starts_with("Did you mean \"temperature\"? A word of your own has to be "
                                 "listed at the top of the file: own_words = [\"temprature\"]. "
                                 "Known are: "));
  CHECK(failure.remedy.find(" smoke_density ") != std::string::npos);
  CHECK(
      failure.chinese.starts_with("m.toml:5：没有名为 \"temprature\" 的量（quantity）。是不是 "
                                  "\"temperature\"？"));
  CHECK(parsed("own_words = [\"temprature\"]\nname = \"m\"\nkind = \"water_level\"\n[[reading]]\n"
               "pointer = \"/t\"\nquantity = \"temprature\"\nunit = \"Cel\"\n")
            .has_value());
}

TEST_CASE("a unit that nobody knows is refused, a quantity noted", "[decode][unit]") {
  const std::string head = "name = \"m\"\nkind = \"water_level\"\n[[reading]]\npointer = \"/t\"\n";
  const auto unit = parsed(head + "quantity = \"level\"\nunit = \"metre\"\n");
  REQUIRE_FALSE(unit.has_value());
  CHECK(unit.error().what == "m.toml:6: there is no unit \"metre\"");
  const auto quantity = parsed(head + "quantity = \"strokes_per_dive\"\n");
  REQUIRE(quantity.has_value());
  REQUIRE(quantity->notes.size() == 1);
  CHECK(quantity->notes[0].what == "m.toml:5: no decoder has the quantity \"strokes_per_dive\"");
  CHECK(parsed(head + "quantity = \"temperature_2\"\nunit = \"Cel\"\n")->notes.empty());
  for (const auto* words : {&known_quantities(), &known_units()}) {
    CHECK(std::is_sorted(words->begin(), words->end()));
  }
}

TEST_CASE("a rule that can hide an alarm below it is noted", "[decode][unit]") {
  const std::string head =
      "name = \"m\"\nkind = \"water_level\"\n[[reading]]\npointer = \"/l\"\nquantity = "
      "\"level\"\n";
  const auto rule = [](const std::string& condition, const std::string& state) {
    return "[[state_when]]\npointer = " + condition + "\nstate = \"" + state + "\"\n";
  };
  const auto notes = [&](const std::string& first, const std::string& second) {
    const auto mapping = parsed(head + first + second);
    INFO((mapping ? std::string{} : mapping.error().sentence()));
    REQUIRE(mapping.has_value());
    return mapping->notes;
  };
  const auto hidden =
      notes(rule("\"/test\"\nequals = \"1\"", "test"), rule("\"/code\"\nequals = \"3\"", "alarm"));
  REQUIRE(hidden.size() == 1);
  CHECK(hidden[0].what ==
        "m.toml:10: where the rule of line 6 fits too, its \"test\" counts, and this alarm is not "
        "heard");
  CHECK(hidden[0].chinese.starts_with("m.toml:10：第 6 行的规则也符合时"));
  const std::string low = "\"/l\"\nbelow = 10";
  CHECK(notes(rule(low, "fault"), rule("\"/l\"\nat_most = 5", "alarm")).size() == 1);
  CHECK(notes(rule(low, "fault"), rule("\"/l\"\nequals = \"5\"", "suspected")).size() == 1);
  CHECK(notes(rule("\"/l\"\nequals = \"5\"", "fault"), rule(low, "confirmed")).size() == 1);
  CHECK(
      notes(rule("\"/l\"\nat_most = 10", "info"), rule("\"/l\"\nat_least = 10", "alarm")).size() ==
      1);
  // What cannot fit together, and an alarm above, hide nothing.
  CHECK(notes(rule("\"/l\"\nbelow = 10", "info"), rule("\"/l\"\nat_least = 10", "alarm")).empty());
  CHECK(notes(rule("\"/l\"\nequals = \"1\"", "info"), rule("\"/l\"\nequals = \"2\"", "alarm"))
            .empty());
  CHECK(notes(rule("\"/l\"\nequals = \"20\"", "info"), rule(low, "alarm")).empty());
  CHECK(notes(rule("\"/l\"\nequals = \"3\"", "alarm"), rule("\"/t\"\nequals = \"1\"", "test"))
            .empty());
  CHECK(notes(rule(low, "suspected"), rule("\"/x\"\nequals = \"1\"", "alarm")).empty());
}

}  // namespace watchpost::decode

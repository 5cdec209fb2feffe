#include "cli/trouble_page.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::cli;

namespace {

std::string guide(Language language) {
  const std::string name = language == Language::chinese ? "guide.zh-CN.md" : "guide.md";
  std::ifstream file(WATCHPOST_SOURCE_DIR "/docs/" + name);
  std::stringstream text;
  text << file.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

// The text of the guide between <!-- NAME --> and <!-- end -->.
std::string between(const std::string& text, const std::string& name) {
  const std::string open = "<!-- " + name + " -->\n\n";
  const auto begin = text.find(open);
  REQUIRE(begin != std::string::npos);
  const auto end = text.find("\n<!-- end -->", begin);
  REQUIRE(end != std::string::npos);
  return text.substr(begin + open.size(), end - begin - open.size());
}

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  ~Environment() { ::setenv(name_, before_.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string before_;
};

}  // namespace

TEST_CASE("the tables of troubles in both guides are the catalogue's, word by word",
          "[cli][unit]") {
  // tools/guide-tables repairs the guides: it writes what `watchpost troubles --markdown` prints
  // into them.
  for (const Language language : kLanguages) {
    const auto text = guide(language);
    CHECK(between(text, "troubles") == trouble_table(language, TroublePlace::top));
    CHECK(between(text, "causes") == trouble_table(language, TroublePlace::cause));
  }
}

TEST_CASE("one code is explained, and one that does not exist is refused", "[cli][unit]") {
  const auto one = trouble_list("clock_wrong", Language::english);
  REQUIRE(one.has_value());
  CHECK(one->find("clock_wrong  (warning)\n  The clock of this box is wrong") == 0);
  CHECK(one->find("store_") == std::string::npos);
  CHECK(trouble_list("", Language::chinese)->find("本机时钟不对") != std::string::npos);
  CHECK(trouble_list("no_such", Language::english).error().what ==
        "No trouble has the code no_such");
}

TEST_CASE("the language is that of --lang, else of the first variable that is set", "[cli][unit]") {
  const Environment all("LC_ALL", nullptr);
  const Environment messages("LC_MESSAGES", nullptr);
  const Environment lang("LANG", "zh_CN.UTF-8");
  CHECK(language_for("") == Language::chinese);
  CHECK(language_for("en") == Language::english);
  const Environment override_all("LC_ALL", "C");
  CHECK(language_for("") == Language::english);
  CHECK(language_for("zh") == Language::chinese);
}

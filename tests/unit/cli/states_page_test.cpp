#include "cli/states_page.hpp"

#include <fstream>
#include <sstream>

#include "model/kind_words.hpp"
#include "model/observation.hpp"
#include "support/catch.hpp"

using namespace watchpost;

namespace {

std::string document(const std::string& name) {
  std::ifstream file(std::string(WATCHPOST_SOURCE_DIR) + "/docs/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the page from state to class is what the code decides, word by word", "[cli][unit]") {
  // tools/guide-tables repairs it: it writes what `watchpost states` prints.
  CHECK(document("states.md").find(cli::states_page(Language::english)) != std::string::npos);
  CHECK(document("states.zh-CN.md").find(cli::states_page(Language::chinese)) != std::string::npos);
}

TEST_CASE("the page names every kind and every state, in both languages", "[cli][unit]") {
  for (const Language language : kLanguages) {
    const auto page = cli::states_page(language);
    for (const auto name : kind_names()) {
      INFO(name);
      CHECK(page.find("`" + std::string(name) + "`") != std::string::npos);
      CHECK(page.find(kind_word(*kind_from(name), language)) != std::string::npos);
    }
    for (const auto name : declared_state_names()) {
      INFO(name);
      CHECK(page.find(state_word(*declared_state_from(name), language)) != std::string::npos);
    }
  }
}

TEST_CASE("a smoke alarm is an alarm on the page, and nothing at rest is", "[cli][unit]") {
  const auto page = cli::states_page(Language::english);
  CHECK(page.find("| smoke `smoke` | status | **alarm** |") != std::string::npos);
  CHECK(
      page.find("| a danger in a form that is not understood (`not_understood`) | alarm | no |") !=
      std::string::npos);
  CHECK(page.find("| a test | status | no |") != std::string::npos);
}

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "scenarios/stage.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::scenarios;

namespace {

std::vector<std::filesystem::path> all_scenarios() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder =
      std::filesystem::path(WATCHPOST_SOURCE_DIR) / "tests" / "scenarios";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// For review as a difference: writes what judgement says into the files.
bool is_to_write() {
  return std::getenv("WATCHPOST_WRITE_SCENARIOS") != nullptr;
}

void write(const std::filesystem::path& file, const Script& script, const std::string& text) {
  std::ofstream out(file);
  for (const std::string& line : script.heading) out << line << "\n";
  out << text;
}

}  // namespace

TEST_CASE("each scenario ends as it is written down", "[rules][model]") {
  const auto files = all_scenarios();
  REQUIRE(files.size() >= 20);
  for (const auto& file : files) {
    INFO(file.filename().string());
    Script script;
    REQUIRE_NOTHROW(script = read_script(file));
    std::string said;
    REQUIRE_NOTHROW(said = Stage().play(script));
    if (is_to_write()) write(file, script, said);
    CHECK(said == script.expected);
  }
}

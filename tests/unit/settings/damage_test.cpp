// Whatever the file contains, reading gives a configuration or a list of mistakes, never a crash.
#include <random>
#include <sstream>

#include "unit/settings/sample.hpp"

using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

std::string with_settings_in_effect() {
  std::ifstream in(WATCHPOST_SOURCE_DIR "/config/watchpost.toml", std::ios::binary);
  REQUIRE(in);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const bool setting = line.starts_with('#') && !line.starts_with("# ");
    out += (setting ? line.substr(1) : line) + '\n';
  }
  return out;
}

// Does one small damage: overwrites a byte, or removes or doubles a stretch.
void damage(std::string& text, std::mt19937& random) {
  if (text.empty()) return;
  constexpr std::string_view kTroublesome = "[]{}\"'#=.,\\\n0123456789-+eT:_ \t";
  const auto at = random() % text.size();
  const auto length = std::min<std::size_t>(random() % 40, text.size() - at);
  switch (random() % 4) {
    case 0:
      text[at] = kTroublesome[random() % kTroublesome.size()];
      break;
    case 1:
      text[at] = static_cast<char>(random() % 128);
      break;
    case 2:
      text.erase(at, length);
      break;
    default:
      text.insert(at, text.substr(at, length));
  }
}

}  // namespace

TEST_CASE("a damaged file gives a configuration or mistakes with a place, never a crash",
          "[settings][unit]") {
  const auto whole = with_settings_in_effect();
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  std::mt19937 random(seed);
  int refused = 0;
  for (int round = 0; round < 250; ++round) {
    auto text = whole;
    for (auto damages = 1 + random() % 3; damages > 0; --damages) damage(text, random);
    const auto result = parsed(text);
    if (result) continue;
    ++refused;
    CAPTURE(seed, round);
    REQUIRE_FALSE(result.error().list.empty());
    for (const auto& mistake : result.error().list) {
      REQUIRE_FALSE(mistake.what.english.empty());
      REQUIRE_FALSE(mistake.what.chinese.empty());
    }
  }
  // The files that the sample names do not exist here, so nearly every round ends with mistakes.
  CHECK(refused > 200);
}

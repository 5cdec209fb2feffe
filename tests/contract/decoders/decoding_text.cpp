#include "decoding_text.hpp"

#include <fstream>
#include <sstream>

#include "cli/decode/difference.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
std::string read_source_file(const std::string& path) {
  std::ifstream file(std::string(WATCHPOST_SOURCE_DIR) + "/" + path, std::ios::binary);
  INFO(path);
  REQUIRE(file.good());
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string describe(const decode::Decoding& decoding) {
  std::ostringstream text;
  text << to_string(decoding.outcome) << " by " << decoding.decoder << " for " << decoding.device
       << ": " << decoding.why << "\n";
  for (const auto& observation : decoding.observations) {
    text << observation.device << " " << to_string(observation.kind) << " "
         << to_string(observation.state) << " " << to_string(observation.quality) << " "
         << to_string(observation.time_source) << " "
         << (observation.observed_at ? to_rfc3339(*observation.observed_at) : "-")
         << (observation.history ? " history" : "");
    for (const auto& flag : observation.flags) text << " #" << flag;
    text << "\n";
    for (const auto& reading : observation.readings) {
      text << "  " << reading.quantity << " = " << cli::text_of(reading.value) << " "
           << reading.unit << "\n";
    }
  }
  return text.str();
}

}  // namespace watchpost::test

#include <random>

#include "decoding_text.hpp"
#include "fixtures.hpp"
#include "support/catch.hpp"
#include "vectors.hpp"

namespace watchpost::test {
namespace {

constexpr unsigned kSeed = 20'261'123;
constexpr int kFlips = 60;

// Checks that the answer to any message is one of the three, and that an observation keeps its
// promises.
void check_answer(const decode::Decoding& decoding) {
  const bool decoded = decoding.outcome == decode::Outcome::decoded;
  if (decoded == decoding.observations.empty()) FAIL(describe(decoding));
  const bool relayed = decoding.outcome == decode::Outcome::relayed;
  if (relayed != decoding.relayed.has_value()) FAIL(describe(decoding));
  if (decoding.why.find("contract") != std::string::npos) FAIL(describe(decoding));
  for (const auto& observation : decoding.observations) {
    const bool timed = observation.time_source != TimeSource::received;
    if (observation.device.empty() || timed != observation.observed_at.has_value()) {
      FAIL(describe(decoding));
    }
  }
}

void damage(decode::Registry& registry, const Topic& topic, const std::string& payload) {
  const auto try_it = [&](const std::string& text) {
    check_answer(registry.decode({topic, text, false, cli::default_received_at()}));
  };
  for (std::size_t length = 0; length < payload.size(); ++length) try_it(payload.substr(0, length));
  std::mt19937 random(kSeed + static_cast<unsigned>(payload.size()));
  for (int i = 0; i < kFlips && !payload.empty(); ++i) {
    std::string flipped = payload;
    const auto flips = 1 + random() % 4;
    for (std::size_t k = 0; k < flips; ++k) {
      auto& byte = flipped[random() % flipped.size()];
      byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << random() % 8));
    }
    try_it(flipped);
  }
}

}  // namespace

TEST_CASE("no fixture, cut at any byte or with flipped bits, breaks a decoder",
          "[decode][contract][fuzz]") {
  auto registry = fixture_registry();
  for (const auto& row : fixture_rows()) {
    for (const auto& message : messages_of(row)) damage(registry, message.topic, message.payload);
  }
}

TEST_CASE("no sample, cut at any byte or with flipped bits, breaks its decoder",
          "[decode][contract][fuzz]") {
  for (const auto& file : all_vector_files()) {
    auto registry = registry_for(file, file.use);
    for (const auto& vector : file.vectors) {
      damage(registry, Topic::parse(vector.topic).value(), vector.payload);
    }
  }
}

}  // namespace watchpost::test

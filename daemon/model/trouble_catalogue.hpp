// The catalogue of troubles: the one place where their texts are, in English and in Chinese.
// Promise: each code has a severity, a sentence and what to do next in both languages; each
// parameter of a code stands in both (tests/unit/model/trouble_test.cpp). Read by the log, the
// status, the local API, the watchpost command and, through it, the guides. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/result.hpp"
#include "model/language.hpp"
#include "model/trouble.hpp"

namespace watchpost {

enum class TroubleSeverity : std::uint8_t {
  warning,   // something waits or is limited; nothing is lost yet
  critical,  // an alarm may not be kept, not be seen, or does not reach the upstream
  advice,    // nothing is wrong; something should be done all the same
  cause,     // stands below another trouble, and is as bad as that one
};
[[nodiscard]] std::string_view to_string(TroubleSeverity severity);

// `{name}` stands for an argument; `{name:event}` for "1 event" or "4 events" (English only).
// No full stop at the end.
struct TroubleText {
  std::string_view what;  // what is wrong
  std::string_view next;  // what to do; empty where the cause says it
};

struct TroubleEntry {
  TroubleCode code;
  TroubleSeverity severity;
  TroubleText english;
  TroubleText chinese;
  [[nodiscard]] const TroubleText& in(Language language) const {
    return language == Language::chinese ? chinese : english;
  }
};

[[nodiscard]] const TroubleEntry& entry_of(TroubleCode code);

// What is wrong, without the cause.
[[nodiscard]] std::string what_of(const Trouble& trouble, Language language);
// The cause, then what to do next.
[[nodiscard]] std::string next_of(const Trouble& trouble, Language language);
// Both, as one line.
[[nodiscard]] std::string sentence_of(const Trouble& trouble, Language language);
// What failed and what to do; English where nobody has put it into the other language.
[[nodiscard]] std::string sentence_of(const Failure& failure, Language language);
// Where no argument has a value: "Upstream … is not connected".
[[nodiscard]] std::string with_blanks(std::string_view text);

// A failure in the words of the catalogue, which it also carries as a code.
[[nodiscard]] Failure failure_of(Failure::Kind kind, Trouble trouble);
// The code that a failure carries; `see_log` where it has none, since its words are English only.
[[nodiscard]] Trouble cause_of(const Failure& failure);

// One line of the log, in English: critical ones as errors, the others as warnings.
void tell(Log& log, const Trouble& trouble);

// The parts of the catalogue, each in a file of its own.
[[nodiscard]] std::span<const TroubleEntry> store_troubles();
[[nodiscard]] std::span<const TroubleEntry> sensor_troubles();
[[nodiscard]] std::span<const TroubleEntry> tap_troubles();
[[nodiscard]] std::span<const TroubleEntry> output_troubles();
[[nodiscard]] std::span<const TroubleEntry> way_in_troubles();
[[nodiscard]] std::span<const TroubleEntry> upstream_troubles();
[[nodiscard]] std::span<const TroubleEntry> refusal_troubles();
[[nodiscard]] std::span<const TroubleEntry> link_troubles();
[[nodiscard]] std::span<const TroubleEntry> network_troubles();
[[nodiscard]] std::span<const TroubleEntry> connack_troubles();
[[nodiscard]] std::span<const TroubleEntry> handshake_troubles();
[[nodiscard]] std::span<const TroubleEntry> access_troubles();

}  // namespace watchpost

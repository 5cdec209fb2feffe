#include "cli/decode/decoding_text.hpp"

#include <fmt/format.h>

#include "rules/verdict.hpp"

namespace watchpost::cli {
namespace {

std::string value_text(const Reading& reading) {
  if (const auto* flag = std::get_if<bool>(&reading.value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&reading.value)) {
    return fmt::format("{:.15g}{}{}", *number, reading.unit.empty() ? "" : " ", reading.unit);
  }
  if (const auto* text = std::get_if<std::string>(&reading.value)) return "\"" + *text + "\"";
  return "null (unknown)";
}

std::string class_text(const rules::Verdict& verdict) {
  std::string text = fmt::format("class {}", to_string(verdict.event_class));
  if (verdict.alarm) {
    text += fmt::format(", raised: {}, {}, {}", to_string(verdict.alarm->urgency),
                        to_string(verdict.alarm->severity), to_string(verdict.alarm->certainty));
  } else if (verdict.of_the_past) {
    text += ", of the past: it sounds no siren";
  } else if (verdict.event_class == EventClass::alarm) {
    text += ", not understood: it may be an alarm";
  }
  return text;
}

std::string observation_text(const Observation& observation) {
  std::string text =
      fmt::format("  {}: {} {}, domain {}, {}\n", observation.device, to_string(observation.kind),
                  to_string(observation.state), to_string(domain_of(observation)),
                  class_text(rules::judge(observation)));
  if (observation.observed_at) {
    text += fmt::format("    observed {} ({})\n", to_rfc3339(*observation.observed_at),
                        to_string(observation.time_source));
  }
  for (const Reading& reading : observation.readings) {
    text += fmt::format("    {} = {}\n", reading.quantity, value_text(reading));
  }
  for (const std::string& flag : observation.flags) text += fmt::format("    flag {}\n", flag);
  return text;
}

}  // namespace

std::string decoding_text(const decode::Decoding& decoding,
                          const std::vector<decode::Attempt>& attempts) {
  std::string text;
  bool asked = false;
  for (const decode::Attempt& attempt : attempts) {
    if (attempt.hands_over) {
      text += fmt::format("{} hands over the bytes of the device\n", attempt.decoder);
      continue;
    }
    // One that is asked about every topic, and knows nothing of this one, says nothing.
    if (attempt.outcome == decode::Outcome::not_mine && attempt.why.empty()) continue;
    asked = true;
    const std::string who = attempt.decoder + (attempt.is_profile ? " (the device's profile)" : "");
    const bool took = attempt.outcome != decode::Outcome::not_mine &&
                      attempt.outcome == decoding.outcome && attempt.decoder == decoding.decoder;
    if (took) {
      text += fmt::format("decoder {}: {}\n", who, to_string(attempt.outcome));
    } else if (attempt.outcome == decode::Outcome::decoded) {
      text += fmt::format("beside it, decoder {}: decoded\n", who);
    } else {
      text += fmt::format("not {}: {}\n", who, attempt.why);
    }
  }
  if (!asked) text += "no decoder is bound to this topic\n";
  if (decoding.outcome == decode::Outcome::not_mine) {
    text += "kept and forwarded as it came, undecoded, in class telemetry\n";
  } else if (decoding.outcome == decode::Outcome::malformed) {
    text += "kept and forwarded as it came, in class status, and named by `watchpost status`\n";
  }
  if (!decoding.why.empty()) text += "  because: " + decoding.why + "\n";
  for (const Observation& observation : decoding.observations) {
    text += observation_text(observation);
  }
  return text;
}

}  // namespace watchpost::cli

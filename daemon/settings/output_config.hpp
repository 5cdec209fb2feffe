// OutputConfig and EscalationConfig: what sounds when there is an alarm, and who is told when.
// Promise: plain values, checked while they were read; replaced as a whole by a reload.
// Read and replaced on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/language.hpp"

namespace watchpost::settings {

// Of which alarms an output or an escalation is; empty lists leave it open.
struct ChoiceConfig {
  std::vector<std::string> levels;
  std::vector<std::string> alarms;
  std::vector<std::string> places;
  friend bool operator==(const ChoiceConfig&, const ChoiceConfig&) = default;
};

enum class OutputKind : std::uint8_t { mqtt, command, webhook };
// How a webhook wants what it is sent.
enum class OutputFormat : std::uint8_t { json, text, wecom, dingtalk, feishu };

struct OutputConfig {
  std::string name;
  OutputKind kind = OutputKind::mqtt;
  std::string broker;      // name of a [[broker]]; empty: a client of our own listener
  std::uint16_t step = 0;  // told of alarms that have been escalated so often
  ChoiceConfig which;
  std::string topic;
  std::string on;
  std::string off;
  std::chrono::milliseconds lasts{30'000};
  std::string state_topic;
  std::string state_on;
  std::string state_off;
  std::vector<std::string> command;
  std::string url;
  std::filesystem::path url_file;  // its first line is the url
  OutputFormat format = OutputFormat::json;
  std::filesystem::path ca_file;  // empty: the certificates of the system
  std::filesystem::path authorization_file;
  std::filesystem::path secret_file;  // of a robot that checks signatures
  std::chrono::milliseconds timeout{10'000};
  std::uint32_t per_minute = 15;
  Language language = Language::chinese;
  friend bool operator==(const OutputConfig&, const OutputConfig&) = default;
};

// Who is told when, of the alarms that it is about.
struct EscalationConfig {
  ChoiceConfig which;
  std::vector<std::string> at_once;  // names of outputs
  std::chrono::milliseconds step_1_after{60'000};
  std::vector<std::string> step_1;
  std::chrono::milliseconds step_2_after{180'000};
  std::vector<std::string> step_2;
  std::chrono::milliseconds step_3_after{300'000};
  std::vector<std::string> step_3;
  friend bool operator==(const EscalationConfig&, const EscalationConfig&) = default;
};

}  // namespace watchpost::settings

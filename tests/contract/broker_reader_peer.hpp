// The clients and versions of the broker reader's tests, and calls to their Mosquitto.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include "broker_reader_stage.hpp"
#include "support/catch.hpp"
#include "support/mosquitto_process.hpp"

namespace watchpost::test {

inline constexpr Speaking kOwn5{MqttLibrary::own, MqttVersion::v5};
inline constexpr Speaking kOwn3{MqttLibrary::own, MqttVersion::v3_1_1};
inline constexpr Speaking kPaho5{MqttLibrary::paho, MqttVersion::v5};
inline constexpr Speaking kPaho3{MqttLibrary::paho, MqttVersion::v3_1_1};

inline const char* const kPersistent =
    "persistence true\nmax_queued_messages 0\nautosave_interval 1\n";

inline MosquittoProcess::Options kept_by(const std::string& extra) {
  return {std::string("max_queued_messages 0\n") + extra, "", ""};
}

inline void publish(const MosquittoProcess& broker, const std::string& arguments,
                    const std::string& lines = {}) {
  const auto file = (broker.folder() / "lines").string();
  std::ofstream(file) << lines;
  const std::string command = "mosquitto_pub -h 127.0.0.1 -p " + std::to_string(broker.port()) +
                              " " + arguments + (lines.empty() ? "" : " -l < " + file);
  REQUIRE(std::system(command.c_str()) == 0);
}

}  // namespace watchpost::test

// vectors.json beside a decoder (plugins/README.md): samples, and what they must become.
// Promise: what cannot be read is named with the file, the sample and what to write instead. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "decode/registry.hpp"

namespace watchpost::cli {

struct Vector {
  std::string name;
  std::string source;
  std::string topic;
  std::string payload;
  bool retained = false;
  WallTime received_at{};  // where the sample gives none: later than every sample's own time
  std::string content_type;
  std::string content_encoding;
  std::string expect;
  std::vector<boost::json::object> observations;
  boost::json::object relayed;
};

struct VectorFile {
  std::string decoder;  // the name of a built-in one, or a mapping or plugin beside the file
  std::string tag_keys_json;
  std::string options_json;
  std::string gateway;  // name of our own gateway
  std::vector<decode::DeviceEntry> devices;
  std::vector<Vector> vectors;
};

[[nodiscard]] WallTime default_received_at();
struct VectorText {
  std::string_view text;
  std::string_view file;  // as messages call it
};
[[nodiscard]] Result<VectorFile> parse_vectors(const VectorText& vectors);
// One decoder bound to every topic, and the devices of the file besides those of `base`. A mapping
// that is the profile of such a device is bound to none: it reads that device, as in the daemon.
[[nodiscard]] decode::RegistryOptions with_vectors(decode::RegistryOptions base,
                                                   const VectorFile& file, const std::string& use);
[[nodiscard]] decode::Frame frame_of(const Vector& vector, const Topic& topic);

// What differs between what the sample says and what it became; empty where nothing does.
[[nodiscard]] std::string difference(const Vector& vector, const decode::Decoding& decoding);

}  // namespace watchpost::cli

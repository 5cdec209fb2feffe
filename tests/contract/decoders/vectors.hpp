// vectors.json of a decoder: samples and what they must become.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "decode/registry.hpp"

namespace watchpost::test {

struct Vector {
  std::string name;
  std::string source;
  std::string topic;
  std::string payload;
  bool retained = false;
  WallTime received_at{};
  std::string content_type;
  std::string content_encoding;
  std::string expect;
  std::vector<boost::json::object> observations;
  boost::json::object relayed;
};

struct VectorFile {
  std::string folder;  // the folder below plugins/
  std::string decoder;
  std::string use;  // the name of a built-in decoder; for the example, its module
  std::string tag_keys_json;
  std::string options_json;
  std::string gateway;  // name of our own gateway
  std::vector<decode::DeviceEntry> devices;
  std::vector<Vector> vectors;
};

// Throws a std::runtime_error that names `file`, the vector and what to write instead.
[[nodiscard]] Vector vector_from(const boost::json::object& entry, const std::string& file);
// Every plugins/*/vectors.json; fails the test where one cannot be read.
[[nodiscard]] std::vector<VectorFile> all_vector_files();
[[nodiscard]] VectorFile vector_file(const std::string& folder);

// A registry with one decoder bound to "#"; `use` is its name or a file.
[[nodiscard]] decode::Registry registry_for(const VectorFile& file, const std::string& use);
// The arrival time of a message whose vector gives none: later than every sample's own time.
[[nodiscard]] WallTime default_received_at();

}  // namespace watchpost::test

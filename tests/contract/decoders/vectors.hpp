// The vectors.json of all decoders in the tree.
#pragma once

#include <string>
#include <vector>

#include "cli/decode/vector_file.hpp"
#include "decode/registry.hpp"

namespace watchpost::test {

using cli::Vector;

struct VectorFile : cli::VectorFile {
  std::string folder;  // the folder below plugins/
  std::string use;     // the name of a built-in decoder; for the example, its module
};

// Every plugins/*/vectors.json; fails the test where one cannot be read.
[[nodiscard]] std::vector<VectorFile> all_vector_files();
[[nodiscard]] VectorFile vector_file(const std::string& folder);

// A registry with one decoder bound to "#"; `use` is its name or a file.
[[nodiscard]] decode::Registry registry_for(const VectorFile& file, const std::string& use);

}  // namespace watchpost::test

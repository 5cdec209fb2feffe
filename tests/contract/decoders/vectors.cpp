#include "vectors.hpp"

#include <algorithm>
#include <filesystem>

#include "decoding_text.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
VectorFile vector_file(const std::string& folder) {
  const std::string path = "plugins/" + folder + "/vectors.json";
  const std::string text = read_source_file(path);
  auto parsed = cli::parse_vectors({.text = text, .file = path});
  INFO((parsed ? std::string{} : parsed.error().sentence()));
  REQUIRE(parsed.has_value());
  VectorFile file{std::move(*parsed), folder, {}};
  const auto names = decode::builtin_names();
  const bool built_in = std::find(names.begin(), names.end(), file.decoder) != names.end();
  file.use = built_in ? file.decoder : WATCHPOST_TEMPLATE_MODULE;
  return file;
}

std::vector<VectorFile> all_vector_files() {
  std::vector<std::string> folders;
  const std::filesystem::path root = std::string(WATCHPOST_SOURCE_DIR) + "/plugins";
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (std::filesystem::exists(entry.path() / "vectors.json")) {
      folders.push_back(entry.path().filename().string());
    }
  }
  std::sort(folders.begin(), folders.end());
  std::vector<VectorFile> files;
  for (const auto& folder : folders) files.push_back(vector_file(folder));
  return files;
}

decode::Registry registry_for(const VectorFile& file, const std::string& use) {
  auto registry = decode::Registry::build(cli::with_vectors({}, file, use));
  INFO((registry ? std::string{} : registry.error().sentence()));
  REQUIRE(registry.has_value());
  return std::move(*registry);
}

}  // namespace watchpost::test

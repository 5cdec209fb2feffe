#include "model/store_image.hpp"

#include <fstream>
#include <iterator>

namespace watchpost::model {

namespace fs = std::filesystem;

StoreImage StoreImage::take(const fs::path& directory) {
  StoreImage image;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    image.files[entry.path().filename().string()] =
        std::string{std::istreambuf_iterator<char>(file), {}};
  }
  return image;
}

void StoreImage::put(const fs::path& directory) const {
  fs::create_directories(directory);
  for (const auto& [name, bytes] : files) {
    std::ofstream(directory / name, std::ios::binary) << bytes;
  }
}

const std::string& StoreImage::bytes(const std::string& name) const {
  static const std::string nothing;
  const auto file = files.find(name);
  return file == files.end() ? nothing : file->second;
}

}  // namespace watchpost::model

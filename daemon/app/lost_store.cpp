#include "app/lost_store.hpp"

#include <fstream>
#include <system_error>

namespace watchpost::app {

LostStoreFile::LostStoreFile(const std::optional<std::filesystem::path>& runtime_directory) {
  if (runtime_directory) file_ = *runtime_directory / "lost-store";
}

std::optional<LostStore> LostStoreFile::read() const {
  std::ifstream in(file_);
  LostStore lost;
  if (!(in >> lost.events >> lost.alarms)) return std::nullopt;
  return lost;
}

void LostStoreFile::write(const LostStore& lost) const {
  if (file_.empty()) return;
  std::ofstream(file_, std::ios::trunc) << lost.events << ' ' << lost.alarms << '\n';
}

void LostStoreFile::remove() const {
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

}  // namespace watchpost::app

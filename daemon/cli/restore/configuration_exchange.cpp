#include "cli/restore/configuration_exchange.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

namespace watchpost::cli {
namespace {

namespace fs = std::filesystem;

Failure not_put(const fs::path& path, const std::string& why) {
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("The configuration cannot be put in place: {}: {}", path.string(), why),
              "The one that was there is in use. Run this with sudo, and look whether the disk is "
              "full"},
      Chinese{fmt::format("无法放好配置：{}：{}", path.string(), why),
              "原来的配置仍在使用。请用 sudo 运行，并检查磁盘是否已满"});
}

// The first step of the way down from the folder; ".." where the other is not below it.
fs::path first_step(const fs::path& folder, const fs::path& below) {
  const fs::path way = below.lexically_relative(folder);
  return way.empty() ? fs::path("..") : *way.begin();
}

}  // namespace

ConfigurationExchange::ConfigurationExchange(const Places& places)
    : folder_(places.folder),
      aside_(folder_ / places.aside),
      store_(first_step(folder_, places.store)) {}

// What a restore put aside stays where it is, or in the backup of another box.
std::vector<fs::path> ConfigurationExchange::names_of(const fs::path& folder) const {
  std::vector<fs::path> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path name = entry.path().filename();
    const bool is_aside = name.string().starts_with(kPutAside) || name == beside().filename();
    if (!is_aside && name != store_) names.push_back(name);
  }
  return names;
}

Result<void> ConfigurationExchange::copy_beside(const fs::path& from, const Owner& owner) {
  std::error_code error;
  fs::remove_all(beside(), error);
  fs::create_directories(beside(), error);
  fs::permissions(beside(), fs::perms::owner_all, error);
  for (const fs::path& name : names_of(from)) {
    if (!error) fs::copy(from / name, beside() / name, fs::copy_options::recursive, error);
  }
  if (error) return not_put(beside(), error.message());
  for (const auto& entry : fs::recursive_directory_iterator(beside(), error)) {
    const bool is_folder = entry.is_directory(error);
    fs::permissions(entry.path(), static_cast<fs::perms>(is_folder ? 0750 : 0640), error);
    const OpenFile file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (error || !file.is_open() || ::fchown(file.get(), Owner{}.user, owner.group) != 0 ||
        ::fsync(file.get()) != 0) {
      return not_put(entry.path(), std::error_code(errno, std::generic_category()).message());
    }
  }
  if (error) return not_put(beside(), error.message());
  return {};
}

Result<void> ConfigurationExchange::move_all() {
  std::error_code error;
  const auto there = names_of(folder_);
  if (!there.empty() && !fs::create_directory(aside_, error)) {
    return not_put(aside_, error ? error.message() : "it is there already");
  }
  fs::permissions(aside_, fs::perms::owner_all, error);
  for (const fs::path& name : there) {
    fs::rename(folder_ / name, aside_ / name, error);
    if (error) return not_put(folder_ / name, error.message());
    old_.push_back(name);
  }
  for (const fs::path& name : names_of(beside())) {
    fs::rename(beside() / name, folder_ / name, error);
    if (error) return not_put(folder_ / name, error.message());
    fresh_.push_back(name);
  }
  const OpenFile place(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!place.is_open() || ::fsync(place.get()) != 0) {
    return not_put(folder_, std::error_code(errno, std::generic_category()).message());
  }
  return {};
}

Result<void> ConfigurationExchange::put(const fs::path& from, const Owner& owner) {
  auto done = copy_beside(from, owner);
  if (done) done = move_all();
  if (!done) undo();
  std::error_code ignored;
  fs::remove_all(beside(), ignored);
  return done;
}

bool ConfigurationExchange::undo() {
  std::error_code error;
  bool is_back = true;
  for (const fs::path& name : fresh_) fs::remove_all(folder_ / name, error);
  fresh_.clear();
  std::vector<fs::path> left;
  for (const fs::path& name : old_) {
    fs::rename(aside_ / name, folder_ / name, error);
    if (error) left.push_back(name);
  }
  old_ = left;
  is_back = old_.empty();
  fs::remove(aside_, error);  // stays where something is in it
  return is_back;
}

}  // namespace watchpost::cli

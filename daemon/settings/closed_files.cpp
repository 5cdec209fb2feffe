#include "settings/closed_files.hpp"

#include <unistd.h>

#include <string_view>

namespace watchpost::settings {
namespace {

namespace fs = std::filesystem;

// Empty where every folder above may be entered.
fs::path closed_folder_above(const fs::path& file) {
  fs::path walked;
  for (const auto& part : file.parent_path()) {
    walked /= part;
    if (::access(walked.c_str(), X_OK) != 0) return walked;
  }
  return {};
}

}  // namespace

bool is_hidden_from_service(const fs::path& path) {
  const std::string text = path.lexically_normal().string() + "/";
  return text.starts_with("/root/") || text.starts_with("/home/");
}

Words way_to_read(const fs::path& file, RunningAs who) {
  const std::string& user = who.user;
  const std::string name = file.string();
  const fs::path closed = closed_folder_above(file);
  const std::string folder = closed.string();
  if (closed.empty()) {
    return say(
        "{} cannot be read by the user {}: sudo chown root:watchpost {}; sudo chmod "
        "640 {}",
        "用户 {1} 不能读取 {0}：sudo chown root:watchpost {2}; sudo chmod 640 {3}", name, user,
        name, name);
  }
  if (is_hidden_from_service(closed)) {
    return say(
        "The folder {} is closed to the user {}, and the service sees nothing below /home and "
        "/root: move the file to /etc/watchpost",
        "用户 {1} 进不了目录 {0}，而且服务看不到 /home 和 /root 下的任何内容：请把文件移到 "
        "/etc/watchpost",
        folder, user);
  }
  return say(
      "The folder {} is closed to the user {}: sudo chown root:watchpost {}; sudo chmod 750 {}",
      "用户 {1} 进不了目录 {0}：sudo chown root:watchpost {2}; sudo chmod 750 {3}", folder, user,
      folder, folder);
}

}  // namespace watchpost::settings

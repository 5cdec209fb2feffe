#include "app/access_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>

#include "accounts/access_rules.hpp"
#include "accounts/credentials.hpp"

namespace watchpost::app {
namespace {

using settings::ListenerConfig;
using settings::say;
using settings::Words;

std::string joined(const std::vector<std::string>& names) {
  return fmt::to_string(fmt::join(names, ", "));
}

class Look {
 public:
  explicit Look(const ListenerConfig& listener) : listener_(listener) {
    if (!listener.password_file.empty()) {
      if (auto read = accounts::Credentials::load(listener.password_file)) credentials_ = *read;
    }
    if (!listener.acl_file.empty()) {
      if (auto read = accounts::AccessRules::load(listener.acl_file)) rules_ = *read;
    }
  }

  void add_to(std::vector<Words>& notes) const {
    for (const auto& file : {listener_.password_file, listener_.acl_file})
      look_at_mode(file, notes);
    if (credentials_) look_at_hashes(notes);
    if (credentials_) look_at_readers(notes);
    if (!rules_) return;
    look_for_strangers(notes);
    look_for_idle(notes);
  }

 private:
  static void look_at_mode(const std::filesystem::path& file, std::vector<Words>& notes) {
    if (file.empty()) return;
    std::error_code error;
    const auto permissions = std::filesystem::status(file, error).permissions();
    if (error ||
        (permissions & std::filesystem::perms::others_write) == std::filesystem::perms::none) {
      return;
    }
    notes.push_back(
        say("{}: everybody on this box can change this file, and so who may log in or do what: "
            "sudo chmod 640 {}",
            "{}：本机所有用户都能修改这个文件，也就能改变谁可以登录、谁能做什么：sudo chmod 640 {}",
            file.string(), file.string()));
  }
  void look_at_hashes(std::vector<Words>& notes) const {
    const auto weak = credentials_->weakly_hashed();
    if (weak.empty()) return;
    notes.push_back(
        say("{}: the passwords of {} are hashed in the old form $6$, which is quickly guessed by "
            "who has the file: set them anew with `watchpost passwd`",
            "{}：{} 的密码用的是旧的 $6$ 散列，拿到文件的人很快能猜出：请用 `watchpost passwd` "
            "重新设置",
            credentials_->name(), joined(weak)));
  }
  void look_at_readers(std::vector<Words>& notes) const {
    if (listener_.use_identity_as_username) return;
    std::vector<std::string> strangers = listener_.readers;
    std::erase_if(strangers, [this](const std::string& name) {
      return name == "*" || credentials_->knows(name);
    });
    if (strangers.empty()) return;
    notes.push_back(
        say("listener {}: readers names {}, and {} has no such user, so nobody reads as these: "
            "correct the name, or make the user with `watchpost passwd`",
            "listener {}：readers 里有 {}，但 {} 里没有这样的用户，没有人能以此读取："
            "请改正名称，或用 `watchpost passwd` 添加用户",
            listener_.port, joined(strangers), credentials_->name()));
  }
  // A certificate names users too, and nobody has a list of those.
  void look_for_strangers(std::vector<Words>& notes) const {
    if (listener_.use_identity_as_username) return;
    auto strangers = rules_->users();
    std::erase_if(strangers, [this](const std::string& name) {
      return credentials_ && credentials_->knows(name);
    });
    if (strangers.empty()) return;
    notes.push_back(say(
        "{}: no password_file of the listener of port {} knows {}, so these lines are for nobody",
        "{}：端口 {} 的监听没有 {} 这样的用户（密码文件里没有），这些行不起作用", rules_->name(),
        listener_.port, joined(strangers)));
  }
  void look_for_idle(std::vector<Words>& notes) const {
    if (rules_->has_patterns()) return;
    if (listener_.anonymous && !rules_->has_anonymous()) {
      notes.push_back(
          say("{}: clients without a user name may connect to port {} and do nothing there: "
              "nothing stands before the first `user` line, and there is no `pattern`",
              "{}：不带用户名的客户端能连接端口 {}，但什么也做不了：第一个 `user` 行之前没有内容，"
              "也没有 `pattern`",
              rules_->name(), listener_.port));
    }
    if (!credentials_) return;
    const auto named = rules_->users();
    std::vector<std::string> idle;
    for (const std::string& name : credentials_->names()) {
      if (std::find(named.begin(), named.end(), name) == named.end()) idle.push_back(name);
    }
    if (idle.empty()) return;
    notes.push_back(
        say("{}: no line is about {}, so these users can neither publish nor read: their alarms "
            "would not be taken",
            "{}：没有一行涉及 {}，这些用户既不能发布也不能读取：它们的报警不会被收下",
            rules_->name(), joined(idle)));
  }

  const ListenerConfig& listener_;
  std::optional<accounts::Credentials> credentials_;
  std::optional<accounts::AccessRules> rules_;
};

}  // namespace

std::vector<Words> access_notes(const settings::Config& config) {
  std::vector<Words> notes;
  for (const auto& listener : config.listeners) {
    if (listener.is_mqtt()) Look(listener).add_to(notes);
  }
  return notes;
}

}  // namespace watchpost::app

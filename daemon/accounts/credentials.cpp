#include "accounts/credentials.hpp"

#include <fmt/format.h>

#include <utility>

namespace watchpost::accounts {

Result<Credentials> Credentials::load(const std::filesystem::path& file) {
  const auto text = read_account_file(
      file, {.english = "password file",
             .chinese = "密码文件",
             .how_made = "Create it with `watchpost passwd` or mosquitto_passwd",
             .how_made_chinese = "请用 `watchpost passwd` 或 mosquitto_passwd 创建"});
  if (!text) return text.error();
  const std::string name = file.string();
  return parse({.name = name, .text = *text});
}

Result<Credentials> Credentials::parse(const NamedText& file) {
  std::string_view text = file.text;
  Credentials credentials;
  credentials.name_ = file.name;
  for (unsigned line_number = 1; !text.empty(); ++line_number) {
    const auto line = take_line(text);
    if (line.empty() || line.starts_with('#')) continue;
    const auto colon = line.find(':');
    const auto user_name = line.substr(0, colon);
    if (colon == std::string_view::npos || user_name.empty() || colon + 1 == line.size()) {
      return mistake_in_line(
          {file.name,
           line_number,
           {"not of the form user:hash", "这一行不是 用户:密码散列 的形式"},
           {"Write the line anew with `watchpost passwd`", "请用 `watchpost passwd` 重写这一行"}});
    }
    auto hash = PasswordHash::parse(line.substr(colon + 1));
    if (!hash) {
      const auto command = fmt::format("`sudo watchpost passwd {} {}`", file.name, user_name);
      return mistake_in_line(
          {file.name, line_number, hash.error(),
           Phrase{fmt::format("Set the password of {} anew: {}", user_name, command),
                  fmt::format("请运行 {} 重新设置 {} 的密码", command, user_name)}});
    }
    credentials.nobody_ = PasswordHash::as_costly_as(*hash);
    if (!credentials.users_.emplace(user_name, std::move(*hash)).second) {
      return mistake_in_line({file.name,
                              line_number,
                              {fmt::format("the user {} appears twice", user_name),
                               fmt::format("用户 {} 出现两次", user_name)},
                              {"Remove one of the lines", "请删掉其中一行"}});
    }
  }
  return credentials;
}

bool Credentials::verify(const Login& login) const {
  const auto found = users_.find(login.user_name);
  const bool is_known = found != users_.end();
  const bool fits = (is_known ? found->second : nobody_).fits(login.password);
  return is_known && fits;
}

bool Credentials::keeps(std::string_view user_name, const Credentials& before) const {
  const auto now = users_.find(user_name);
  const auto then = before.users_.find(user_name);
  return now != users_.end() && then != before.users_.end() && now->second == then->second;
}

std::vector<std::string> Credentials::names() const {
  std::vector<std::string> names;
  for (const auto& [name, hash] : users_) names.push_back(name);
  return names;
}

std::vector<std::string> Credentials::weakly_hashed() const {
  std::vector<std::string> names;
  for (const auto& [name, hash] : users_) {
    if (hash.form() == PasswordHash::Form::sha512) names.push_back(name);
  }
  return names;
}

}  // namespace watchpost::accounts

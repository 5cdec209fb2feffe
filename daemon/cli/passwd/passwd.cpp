#include "cli/passwd/passwd.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <utility>

#include "accounts/password_edit.hpp"
#include "accounts/password_hash.hpp"
#include "cli/ending.hpp"
#include "cli/typing.hpp"

namespace watchpost::cli {
namespace {

using accounts::Changed;

constexpr std::size_t kLongestPassword = 65'535;  // section 3.1.3.6 of MQTT 5.0

Failure unfit(Phrase what, Phrase next) {
  return in_both(Failure::Kind::invalid_input,
                 English{std::move(what.english), std::move(next.english)},
                 Chinese{std::move(what.chinese), std::move(next.chinese)});
}

Result<std::string> typed_password(Language language) {
  const bool english = language == Language::english;
  const QuietTerminal terminal;
  if (!terminal.is_quiet()) {
    return unfit({"the terminal would show the password", "终端会显示密码"},
                 {"Give it on standard input: watchpost passwd FILE USER < FILE_WITH_PASSWORD",
                  "请从标准输入给出：watchpost passwd 文件 用户名 < 存有密码的文件"});
  }
  std::cerr << (english ? "Password: " : "密码：") << std::flush;
  const auto first = a_line();
  std::cerr << (english ? "\nAgain: " : "\n再输入一次：") << std::flush;
  const auto second = a_line();
  std::cerr << "\n";
  if (!first || first != second) {
    return unfit({"the two are not the same", "两次输入不一致"},
                 {"Nothing was changed; try again", "没有改动，请重试"});
  }
  return *first;
}

Result<std::string> password(Language language) {
  Result<std::string> given = std::string();
  if (::isatty(STDIN_FILENO) == 1) {
    given = typed_password(language);
  } else if (auto line = a_line()) {
    given = std::move(*line);
  }
  if (!given) return given;
  if (given->empty() || given->size() > kLongestPassword) {
    return unfit({"the password is empty or longer than 65535 bytes", "密码为空或超过 65535 字节"},
                 {"Nothing was changed", "没有改动"});
  }
  return given;
}

std::string told(Changed changed, const PasswdOptions& options, Language language) {
  const bool english = language == Language::english;
  std::string what;
  switch (changed) {
    case Changed::added:
      what = english ? "The user {0} was added to {1}." : "已把用户 {0} 加入 {1}。";
      break;
    case Changed::replaced:
      what = english ? "The password of {0} in {1} was changed." : "已修改 {1} 中 {0} 的密码。";
      break;
    case Changed::removed:
      what = english ? "The user {0} was removed from {1}." : "已从 {1} 删除用户 {0}。";
      break;
  }
  const std::string next =
      english ? "The running gateway uses it after: sudo systemctl reload watchpostd"
              : "运行中的网关在执行以下命令后采用：sudo systemctl reload watchpostd";
  return fmt::format("{}\n{}\n", fmt::format(fmt::runtime(what), options.user, options.file), next);
}

Result<accounts::UserChange> wanted_change(const PasswdOptions& options, Language language) {
  accounts::UserChange change{options.user, std::nullopt};
  if (options.removes) return change;
  if (auto wrong = accounts::unfit_user_name(options.user)) {
    return unfit(std::move(*wrong), {"Take another name", "请换一个用户名"});
  }
  const auto secret = password(language);
  if (!secret) return secret.error();
  change.hash = accounts::PasswordHash::made(*secret);
  if (!change.hash) {
    return unfit({"this system has no random numbers", "系统无法提供随机数"},
                 {"Try again later", "请稍后再试"});
  }
  return change;
}

}  // namespace

int run_passwd(const PasswdOptions& options) {
  const Voice voice{"passwd", language_for(options.language)};
  const auto change = wanted_change(options, voice.language);
  if (!change) return fail(voice, change.error(), kCouldNotLook);
  const auto changed =
      accounts::edit_password_file(options.file, *change, accounts::GroupName{options.group});
  if (!changed) return fail(voice, changed.error(), kCouldNotLook);
  std::cout << told(*changed, options, voice.language);
  return 0;
}

}  // namespace watchpost::cli

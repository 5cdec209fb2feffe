#include "cli/verify/verify.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/verify/verify_page.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::cli {
namespace {

int tell_verdict(const spool::CheckReport& report, const Voice& voice) {
  if (report.records() == 0 && report.finding_count == 0) {
    return fail(
        voice,
        in_both(
            Failure::Kind::not_found,
            English{
                "There is nothing in this store, so nothing is proved",
                "Is it the right one? `watchpost status` says which one is in use, and how much "
                "is in it"},
            Chinese{"这个数据目录里没有内容，什么也证明不了",
                    "是不是弄错了？`watchpost status` 显示正在使用的是哪一个、里面有多少内容"}),
        kCouldNotLook);
  }
  std::cout << verify_page(report, voice.language);
  return report.finding_count == 0 ? 0 : kFindings;
}

int verify_folder(const std::filesystem::path& folder, const Voice& voice) {
  auto check = spool::StoreVerifier::open(folder / "watchpost.db");
  if (!check) return fail(voice, check.error(), kCouldNotLook);
  if (auto checked = check->check_pages(); !checked) {
    return fail(voice, checked.error(), kCouldNotLook);
  }
  while (true) {
    const auto more = check->step();
    if (!more) return fail(voice, more.error(), kCouldNotLook);
    if (!*more) return tell_verdict(check->report(), voice);
  }
}

Failure no_report() {
  return in_both(Failure::Kind::unavailable,
                 English{"The daemon gave no report", "Look at its log: journalctl -u watchpostd"},
                 Chinese{"服务没有给出检查结果", "请查看它的日志：journalctl -u watchpostd"});
}

int verify_running(const std::string& socket, const Voice& voice) {
  const bool shows_progress = ::isatty(STDERR_FILENO) != 0;
  const bool english = voice.language == Language::english;
  std::optional<Result<CheckNews>> last;
  const auto followed = LocalClient(socket).follow("/v1/verify", [&](std::string_view line) {
    last = check_news_from(line);
    if (!*last || (*last)->report) return false;
    if (shows_progress) {
      std::cerr << (*last)->rows << (english ? " rows looked at\r" : " 行已检查\r") << std::flush;
    }
    return true;
  });
  if (last && !*last) return fail(voice, last->error(), kCouldNotLook);
  if (last && (*last)->report) return tell_verdict(*(*last)->report, voice);
  return fail(voice, followed ? no_report() : followed.error(), kCouldNotLook);
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  const Voice voice{"verify", language_for(options.language)};
  return options.store.empty() ? verify_running(options.socket, voice)
                               : verify_folder(options.store, voice);
}

}  // namespace watchpost::cli

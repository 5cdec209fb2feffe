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

int fail_verify(const Failure& failure) {
  return cli::fail("verify", failure, kCouldNotLook);
}

int tell_verdict(const spool::CheckReport& report) {
  if (report.records() == 0 && report.finding_count == 0) {
    return fail_verify(
        {Failure::Kind::not_found, "There is nothing in this store, so nothing is proved",
         "Is it the right one? `watchpost status` says which one is in use, and how much "
         "is in it"});
  }
  std::cout << verify_page(report);
  return report.finding_count == 0 ? 0 : kFindings;
}

int verify_folder(const std::filesystem::path& folder) {
  auto check = spool::StoreVerifier::open(folder / "watchpost.db");
  if (!check) return fail_verify(check.error());
  if (auto checked = check->check_pages(); !checked) return fail_verify(checked.error());
  while (true) {
    const auto more = check->step();
    if (!more) return fail_verify(more.error());
    if (!*more) return tell_verdict(check->report());
  }
}

int verify_running(const std::string& socket) {
  const bool shows_progress = ::isatty(STDERR_FILENO) != 0;
  std::optional<Result<CheckNews>> last;
  const auto followed = follow(socket, "/v1/verify", [&](std::string_view line) {
    last = check_news_from(line);
    if (!*last || (*last)->report) return false;
    if (shows_progress) std::cerr << (*last)->rows << " rows looked at\r" << std::flush;
    return true;
  });
  if (last && !*last) return fail_verify(last->error());
  if (last && (*last)->report) return tell_verdict(*(*last)->report);
  return fail_verify(followed ? Failure{Failure::Kind::unavailable, "The daemon gave no report",
                                        "Look at its log: journalctl -u watchpostd"}
                              : followed.error());
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  return options.store.empty() ? verify_running(options.socket) : verify_folder(options.store);
}

}  // namespace watchpost::cli

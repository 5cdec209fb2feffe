#include "cli/backup/backup.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "base/text.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/verify/verify_page.hpp"
#include "spool/reader/store_copy.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

int fail_backup(const Failure& failure) {
  return cli::fail("backup", failure, kCouldNotLook);
}

// Asks the running daemon for the folder of its store.
Result<std::string> folder_of(const std::string& socket) {
  const auto status = get(socket, "/v1/status");
  if (!status) {
    return Failure{Failure::Kind::not_found, status.error().what,
                   "Where the service is stopped, name its store: --store /var/lib/watchpost"};
  }
  boost::system::error_code error;
  const json::value parsed = json::parse(*status, error);
  const json::value* folder = error ? nullptr : parsed.find_pointer("/store/directory", error);
  if (folder == nullptr || !folder->is_string()) {
    return Failure{Failure::Kind::invalid_input, "The daemon does not say where its store is",
                   "Name it: --store /var/lib/watchpost"};
  }
  return std::string(folder->get_string());
}

// Checks the copy: a copy of a damaged store is no backup.
Result<spool::CheckReport> check(const std::string& file) {
  auto verifier = spool::StoreVerifier::open(file);
  if (!verifier) return verifier.error();
  if (auto checked = verifier->check_pages(); !checked) return checked.error();
  while (true) {
    const auto more = verifier->step();
    if (!more) return more.error();
    if (!*more) return verifier->report();
  }
}

}  // namespace

int run_backup(const BackupOptions& options) {
  const auto folder =
      options.store.empty() ? folder_of(options.socket) : Result<std::string>(options.store);
  if (!folder) return fail_backup(folder.error());
  const auto copied = spool::copy_store(
      {.database = std::filesystem::path(*folder) / "watchpost.db", .copy = options.file});
  if (!copied) return fail_backup(copied.error());
  const auto report = check(options.file);
  if (!report) return fail_backup(report.error());
  if (report->records() == 0) {
    return cli::fail("backup",
                     {Failure::Kind::not_found,
                      fmt::format("{} was written, but there is no record in it", options.file),
                      "Is this the right store? `watchpost status` says which one is in use"},
                     kFindings);
  }
  if (report->finding_count > 0) {
    std::cout << verify_page(*report);
    std::cerr << "watchpost backup: " << options.file
              << " was written, but not all of it is whole. Keep it, and look at the disk\n";
    return kFindings;
  }
  std::cout << fmt::format(
      "{} holds {} and is whole. To restore it: stop the service, put it as watchpost.db "
      "into an empty store folder that belongs to the service's user, start the service\n",
      options.file, counted(report->all_rows(), "row"));
  return 0;
}

}  // namespace watchpost::cli

#include "cli/backup/copy_check.hpp"

namespace watchpost::cli {

Result<spool::CheckReport> check_copy(const std::filesystem::path& file) {
  auto verifier = spool::StoreVerifier::open(file);
  if (!verifier) return verifier.error();
  if (auto checked = verifier->check_pages(); !checked) return checked.error();
  while (true) {
    const auto more = verifier->step();
    if (!more) return more.error();
    if (!*more) return verifier->report();
  }
}

}  // namespace watchpost::cli

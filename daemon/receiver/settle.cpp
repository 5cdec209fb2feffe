#include "receiver/settle.hpp"

#include <fmt/format.h>

#include "receiver/open_received.hpp"

namespace watchpost::receiver {
namespace {

constexpr const char* kGatewayOf = "SELECT id FROM gateway WHERE source = ?1";
constexpr const char* kForgetBranches = "DELETE FROM branch WHERE gateway = ?1";
constexpr const char* kForgetConflictsOf =
    "DELETE FROM conflict WHERE stream IN (SELECT id FROM stream WHERE gateway = ?1)";

Failure not_heard(const std::string& source, const std::filesystem::path& file) {
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("{} was never heard by the receiver of {}", source, file.string()),
              "`watchpost receive --status --store FILE` lists the gateways"},
      Chinese{fmt::format("{1} 的接收程序从未收到过 {0} 的内容", source, file.string()),
              "`watchpost receive --status --store 文件` 列出全部网关"});
}

}  // namespace

Result<std::uint64_t> settle(const std::filesystem::path& file, const Settlement& settlement) {
  // Says what is wrong with the file, before it is opened for writing.
  if (auto looked = open_received(file); !looked) return looked.error();
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write);
  if (!database) return database.error();
  auto gateway = database->prepare(kGatewayOf);
  if (!gateway) return gateway.error();
  gateway->bind(1, settlement.source);
  const auto is_there = gateway->step();
  if (!is_there) return is_there.error();
  if (!*is_there) return not_heard(settlement.source, file);
  const std::int64_t number = gateway->integer(0);
  gateway->reset();
  auto forget =
      database->prepare(settlement.note == Note::branches ? kForgetBranches : kForgetConflictsOf);
  if (!forget) return forget.error();
  forget->bind(1, number);
  if (auto done = forget->run(); !done) return done.error();
  return static_cast<std::uint64_t>(database->changes());
}

}  // namespace watchpost::receiver

#include "simulator/ledger_file.hpp"

#include <boost/json.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace watchpost::simulator {

Result<LedgerFile> LedgerFile::open(const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) {
    return Failure{Failure::Kind::environment,
                   "cannot write the ledger " + path + ": " + std::system_category().message(errno),
                   "Name a file in a folder that exists and that you may write"};
  }
  return LedgerFile(std::move(file));
}

void LedgerFile::sent(const Sending& sending, WallTime now) {
  if (sending.planned.qos == Qos::at_most_once) return;
  open_.emplace(sending.tag, Line{sending.planned.topic, sending.planned.payload, now});
}

void LedgerFile::acknowledged(std::uint64_t tag, WallTime now) {
  const auto found = open_.find(tag);
  if (found == open_.end()) return;
  const Line& line = found->second;
  boost::json::object object;
  object["topic"] = line.topic;
  object["payload"] = line.payload;  // every payload of the village is UTF-8
  object["bytes"] = line.payload.size();
  object["sent"] = to_rfc3339(line.sent);
  object["acknowledged"] = to_rfc3339(now);
  file_ << boost::json::serialize(object) << '\n';
  open_.erase(found);
}

}  // namespace watchpost::simulator

// Fuzzes the lines of wired stations. The first byte chooses the protocol and how the stream is
// split, the second what becomes of the messages; the rest is the stream. Every byte that comes in
// comes out in a message or in noise, a message is answered at most as often as it came, and the
// line forgets what is settled.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "wired/make_line.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::wired;

constexpr std::size_t kMostUnfinished = 4'096;

class Shell {
 public:
  Shell(ListenerProtocol protocol, std::uint8_t fates)
      : line_(make_line(protocol, {"192.0.2.7", std::chrono::minutes{480}})), fates_(fates) {}

  void feed(std::string_view portion) {
    perform(line_->received(portion));
    if (line_->unfinished() > kMostUnfinished) std::abort();
  }
  void finish() {
    perform(line_->paused());
    if (line_->unfinished() > 0) std::abort();
    while (!tickets_.empty()) settle_one();
    if (line_->under_way() != 0) std::abort();
  }

 private:
  void perform(const Steps& steps) {
    for (const Step& step : steps) {
      if (const auto* message = std::get_if<HandOver>(&step)) {
        if (message->ticket == 0 || message->station.empty() || message->payload.empty())
          std::abort();
        if (!tickets_.emplace(message->ticket, 0).second) std::abort();
      }
      if (std::holds_alternative<Send>(step)) std::abort();  // nothing is settled yet
    }
    if ((fates_ & 1U) != 0 && !tickets_.empty()) settle_one();
  }
  void settle_one() {
    const std::uint64_t ticket = tickets_.begin()->first;
    tickets_.erase(tickets_.begin());
    const bool kept = (fates_ >> (ticket % 8) & 1U) != 0;
    const Result<void> outcome =
        kept ? Result<void>{} : Result<void>{Failure{Failure::Kind::storage, "full", ""}};
    ClockReading now;
    now.quality = (fates_ & 2U) != 0 ? ClockQuality::synced : ClockQuality::unset;
    for (const Step& step : line_->settled(ticket, outcome, now)) {
      if (!std::holds_alternative<Send>(step)) std::abort();
    }
  }

  std::unique_ptr<Line> line_;
  std::uint8_t fates_;
  std::map<std::uint64_t, int> tickets_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t portion = 1 + (bytes[0] >> 1);
  Shell shell(ListenerProtocol::gb26875, bytes[1]);
  std::string_view stream(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  while (!stream.empty()) {
    const std::size_t count = std::min(portion, stream.size());
    shell.feed(stream.substr(0, count));
    stream.remove_prefix(count);
  }
  shell.finish();
  return 0;
}

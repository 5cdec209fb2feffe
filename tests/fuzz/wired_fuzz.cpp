// Fuzzes the lines of wired stations. The first byte chooses how the stream is split, the second
// the protocol and what becomes of the messages; the rest is the stream. Bytes that come in send
// nothing out before something is settled, and the line forgets what is settled.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "wired/make_line.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::wired;

constexpr std::size_t kMostUnfinished = 16'384;
// Pauses after which a line has nothing unfinished any more, however its messages fared.
constexpr int kMostPauses = 64;

ListenerProtocol protocol_from(std::uint8_t byte) {
  switch (byte >> 6) {
    case 2:
      return ListenerProtocol::sl651;
    case 3:
      return ListenerProtocol::gst9000;
    default:
      return ListenerProtocol::gb26875;
  }
}

class Shell {
 public:
  Shell(ListenerProtocol protocol, std::uint8_t fates)
      : line_(make_line(protocol, LineOptions{"192.0.2.7", std::chrono::minutes{480}})),
        fates_(fates) {}

  void feed(std::string_view portion) {
    const Steps steps = line_->received(portion);
    for (const Step& step : steps) {
      if (std::holds_alternative<Send>(step)) std::abort();  // nothing is settled yet
    }
    perform(steps);
    if (line_->unfinished() > kMostUnfinished) std::abort();
  }
  void finish() {
    for (int i = 0; i < kMostPauses; ++i) {
      perform(line_->paused());
      while (!tickets_.empty()) settle_one();
      fates_ = 0xff;  // in the end everything is kept
      if (line_->unfinished() == 0 && line_->under_way() == 0) return;
    }
    std::abort();
  }

 private:
  void perform(const Steps& steps) {
    for (const Step& step : steps) {
      if (const auto* message = std::get_if<HandOver>(&step)) {
        if (message->ticket == TicketNumber{} || message->station.empty() ||
            message->payload.empty())
          std::abort();
        if (!tickets_.emplace(message->ticket, 0).second) std::abort();
      }
    }
    if ((fates_ & 1U) != 0 && !tickets_.empty()) settle_one();
  }
  void settle_one() {
    const TicketNumber ticket = tickets_.begin()->first;
    tickets_.erase(tickets_.begin());
    const bool kept = (fates_ >> (ticket.value % 8) & 1U) != 0;
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
  std::map<TicketNumber, int> tickets_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t portion = 1 + (bytes[0] >> 1);
  Shell shell(protocol_from(bytes[1]), bytes[1]);
  std::string_view stream(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  while (!stream.empty()) {
    const std::size_t count = std::min(portion, stream.size());
    shell.feed(stream.substr(0, count));
    stream.remove_prefix(count);
  }
  shell.finish();
  return 0;
}

// Seeed MR60FDA1, a fall radar on a serial line, behind a bridge that publishes its bytes on
// watchpost/raw/mr60fda1/<node>: one or more frames in a message.
#include "mr60fda1/frames.hpp"
#include "sdk/decoder.hpp"

namespace watchpost::mr60fda1 {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

constexpr std::uint8_t kSystem = 0x01;
constexpr std::uint8_t kProduct = 0x02;
constexpr std::uint8_t kWork = 0x05;
constexpr std::uint8_t kPresence = 0x80;
constexpr std::uint8_t kFall = 0x83;
// An answer to a question about a state has its command with this bit.
constexpr std::uint8_t kAnswer = 0x80;

// What all frames of one message say. A later frame about the same counts, but a fall stays one.
struct Heard {
  std::optional<int> fall{};
  std::optional<int> resident{};
  std::optional<int> presence{};
  std::optional<int> motion{};
  std::optional<int> body{};
  bool alive = false;
};

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto node = frame.topic.substr(frame.topic.rfind('/') + 1);
    if (node.empty()) return sink.not_mine("the topic names no radar");
    sink.identify(node);
    Frames frames(frame.payload);
    Heard heard;
    bool any = false;
    while (const auto next = frames.next()) {
      hear(*next, heard);
      any = true;
    }
    if (!any) return sink.malformed("no whole frame of an MR60FDA1, or a wrong sum");
    const bool known =
        heard.fall || heard.resident || heard.presence || heard.motion || heard.body || heard.alive;
    if (!known) return sink.ignore("an answer about settings");
    tell(heard, node, frames.has_skipped(), sink);
    return Verdict::decoded;
  }

 private:
  static void hear(const RadarFrame& frame, Heard& heard) {
    if (frame.control == kSystem || frame.control == kProduct || frame.control == kWork) {
      heard.alive = true;
      return;
    }
    if (frame.content.empty()) return;
    const int value = static_cast<unsigned char>(frame.content.front());
    const auto command = static_cast<std::uint8_t>(frame.command & ~kAnswer);
    if (frame.control == kFall && command == 0x01) {
      heard.fall = heard.fall ? worse(*heard.fall, value) : value;
    }
    if (frame.control == kFall && command == 0x05) heard.resident = value;
    if (frame.control != kPresence) return;
    if (command == 0x01) heard.presence = value;
    if (command == 0x02) heard.motion = value;
    if (command == 0x03) heard.body = value;
  }
  // 1 is a fall, more is in no form that is known.
  static int worse(int a, int b) {
    if (a == 1 || b == 1) return 1;
    return a > b ? a : b;
  }

  static void tell(const Heard& heard, std::string_view node, bool skipped, Sink& sink) {
    std::string unread;
    Observation observation(WATCHPOST_HEARTBEAT, WATCHPOST_INFO);
    if (heard.presence || heard.motion || heard.body || heard.resident) {
      observation.kind(WATCHPOST_PRESENCE);
    }
    if (heard.fall) {
      const bool known = *heard.fall <= 1;
      observation.kind(WATCHPOST_FALL)
          .state(!known             ? WATCHPOST_UNKNOWN
                 : *heard.fall == 1 ? WATCHPOST_ALARM
                                    : WATCHPOST_NORMAL)
          .boolean({"fall"}, known ? std::optional(*heard.fall == 1) : std::nullopt);
      if (!known) {
        observation.flag("not_understood");
        unread = "the radar says fall state " + std::to_string(*heard.fall) +
                 ", which is in no form that is known";
      }
    }
    if (heard.presence) observation.boolean({"presence"}, *heard.presence != 0);
    if (heard.motion) {
      observation.text({"activity"}, *heard.motion == 0   ? "none"
                                     : *heard.motion == 1 ? "stationary"
                                     : *heard.motion == 2 ? "moving"
                                                          : "unknown");
    }
    if (heard.body) observation.number({"body_movement", "%"}, *heard.body);
    // A person who does not move for long.
    if (heard.resident) observation.boolean({"stationary"}, *heard.resident != 0);
    if (skipped) observation.flag("partly_read");
    sink.emit(observation.device(node));
    if (!unread.empty()) sink.not_understood(unread);
  }
};

}  // namespace
}  // namespace watchpost::mr60fda1

WATCHPOST_DECODER(watchpost::mr60fda1::Decoder, "mr60fda1", "1.0")

// Stations of SL 651-2014: frames as they come over a listener with protocol = "sl651", or from a
// modem that publishes what its serial port hears, as bytes or as hexadecimal text.
#include <fmt/format.h>

#include <charconv>
#include <string>

#include "base/encoding.hpp"
#include "sdk/decoder.hpp"
#include "sdk/text.hpp"
#include "sl651/body.hpp"
#include "sl651/events.hpp"
#include "sl651/packets.hpp"
#include "wired/sl651_framer.hpp"

namespace watchpost::sl651 {
namespace {

using sdk::Verdict;
using wired::Sl651Frame;
using wired::Sl651Framer;

constexpr std::string_view kAlarmsKey = "alarms/";
constexpr std::string_view kPacketsKey = "packets/";
// What the ABI allows to be remembered with one message.
constexpr std::size_t kMostRemembered = 16;

// A modem may publish the bytes as hexadecimal text.
std::optional<std::string> bytes_of_hex(std::string_view payload) {
  const auto text = sdk::trim(payload);
  if (!text.starts_with("7E7E") && !text.starts_with("7e7e")) return std::nullopt;
  return from_hex(text);
}

std::string_view last_level(std::string_view topic) {
  const auto slash = topic.rfind('/');
  return slash == topic.npos ? topic : topic.substr(slash + 1);
}

class Sl651 {
 public:
  explicit Sl651(const sdk::Options& options) : options_(options) { options.refuse_unknown({}); }

  Verdict decode(const sdk::Frame& in, sdk::Sink& sink) {
    Seen seen;
    writer_.begin();
    Sl651Framer framer;
    const auto hex = bytes_of_hex(in.payload);
    framer.feed(hex ? *hex : in.payload);
    while (auto piece = framer.next_of_the_rest()) {
      if (!writer_.has_room()) {
        seen.damage = "more came in one payload than becomes events";
        break;
      }
      if (piece->kind != Sl651Framer::Kind::frame) {
        if (seen.damage.empty()) seen.damage = damage_of(*piece);
        continue;
      }
      ++seen.frames;
      // A centre's own frame, heard on the same line, says nothing about the station.
      if (!piece->frame.down) frame(piece->frame, in.received_unix_ns, seen, sink);
    }
    remember(sink);
    if (seen.frames == 0) {
      sink.identify(last_level(in.topic));
      return sink.malformed(seen.damage.empty() ? "the payload is empty" : seen.damage);
    }
    if (!seen.emitted) {
      return sink.ignore(seen.waiting.empty() ? "a frame from a centre to a station"
                                              : std::string_view(seen.waiting));
    }
    if (!seen.damage.empty()) sink.not_understood("beside a whole frame: " + seen.damage);
    return Verdict::decoded;
  }

  void recall(const sdk::Remembered& learnt) {
    const auto key = learnt.key;
    const auto value = learnt.value;
    if (key.starts_with(kPacketsKey)) return shelf_.recall(learnt);
    if (!key.starts_with(kAlarmsKey)) return;
    std::uint32_t alarms = 0;
    std::from_chars(value.data(), value.data() + value.size(), alarms);
    writer_.recall(key.substr(kAlarmsKey.size()), alarms);
  }

 private:
  struct Seen {
    int frames = 0;
    bool emitted = false;
    std::string damage;
    std::string waiting;
  };

  static std::string damage_of(const Sl651Framer::Piece& piece) {
    if (piece.kind == Sl651Framer::Kind::noise) {
      return fmt::format("{} bytes are no frame of SL 651", piece.bytes.size());
    }
    return fmt::format("a frame of SL 651 is damaged: {}", piece.why);
  }

  void frame(const Sl651Frame& frame, std::int64_t received, Seen& seen, sdk::Sink& sink) {
    sink.identify(frame.station);
    if (!frame.packet) return message(frame, received, seen, sink);
    if (frame.function == function::kPicture) return packet(frame, received, seen, sink);
    const auto whole = shelf_.add(frame, received);
    if (whole) return message(*whole, received, seen, sink);
    if (shelf_.count(frame) == 0) {
      sink.not_understood("a message in packets is too large to be put together");
      return packet(frame, received, seen, sink);
    }
    seen.waiting =
        fmt::format("packet {} of {} of a message of function {:02X}; {} are there",
                    frame.packet->number, frame.packet->total, frame.function, shelf_.count(frame));
  }

  void packet(const Sl651Frame& frame, std::int64_t received, Seen& seen, sdk::Sink& sink) {
    Facts facts{frame, {}, {}, received, false};
    const auto opening = frame.packet->number == 1 ? sl651_opening(frame) : std::nullopt;
    if (opening) {
      facts.serial = opening->serial;
      facts.sent = time_from_digits(opening->time, options_.zone_minutes());
    }
    seen.emitted = true;
    writer_.packet(facts, sink);
  }

  void message(const Sl651Frame& frame, std::int64_t received, Seen& seen, sdk::Sink& sink) {
    const auto opening = sl651_opening(frame);
    if (!opening) {
      seen.damage = "a message is too short for its serial number and send time";
      --seen.frames;
      return;
    }
    Facts facts{frame, opening->serial, time_from_digits(opening->time, options_.zone_minutes()),
                received, false};
    seen.emitted = true;
    if (frame.function == function::kKeepAlive) return writer_.heartbeat(facts, sink);
    if (const auto* device = options_.device(frame.station)) {
      const auto* said = device->options.if_contains("additional_report_is_alarm");
      facts.additional_is_alarm = said != nullptr && said->is_bool() && said->get_bool();
    }
    ReportBuilder builder(frame.station, options_.zone_minutes());
    builder.set_time(facts.sent);
    const auto body = std::string_view(frame.body).substr(opening->size);
    const auto read = frame.ascii ? read_ascii_body : read_hex_body;
    read(frame.function, body, builder);
    if (!is_known(frame.function)) builder.unread("the standard does not say what it is");
    writer_.write(facts, builder.take(), sink);
  }

  void remember(sdk::Sink& sink) {
    std::size_t count = 0;
    for (const auto& [station, alarms] : writer_.take_changes()) {
      if (++count > kMostRemembered) return;
      sink.remember({.key = std::string(kAlarmsKey) + station,
                     .value = alarms == 0 ? std::string{} : std::to_string(alarms)});
    }
    for (const auto& [key, value] : shelf_.take_changes()) {
      if (++count > kMostRemembered) return;
      sink.remember({.key = key, .value = value});
    }
  }

  sdk::Options options_;
  EventWriter writer_;
  PacketShelf shelf_;
};

}  // namespace
}  // namespace watchpost::sl651

WATCHPOST_DECODER(watchpost::sl651::Sl651, "sl651", "1.0")

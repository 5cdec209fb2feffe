// GB/T 26875.3-2011: fire panels through user information transmission devices, one message with
// one frame or several. The topic's last level names a station that gives no address of its own.
// Options: `ignore_types`, types of application data that mean nothing at this site;
// `ignore_state_bits`, reserved bits of states that this site's devices set for nothing.
#include <fmt/format.h>

#include <limits>
#include <stdexcept>

#include "gb26875/objects.hpp"
#include "sdk/decoder.hpp"
#include "wired/gb26875_frame.hpp"

namespace watchpost::gb26875 {
namespace {

using sdk::Frame;
using sdk::Sink;
using sdk::Verdict;
using wired::Gb26875Frame;
using wired::Gb26875Framer;

// Below the 1024 that the host takes of one message; a frame has at most 255 objects.
constexpr std::size_t kMostObservations = 700;

template <class Number>
Number number_of(const boost::json::value& value, std::string_view option) {
  const auto* number = value.if_int64();
  if (number == nullptr || *number < 0 || *number > std::numeric_limits<Number>::max()) {
    throw std::invalid_argument(fmt::format("{} wants whole numbers from 0 to {}", option,
                                            std::numeric_limits<Number>::max()));
  }
  return static_cast<Number>(*number);
}

std::string_view last_level(std::string_view topic) {
  const auto slash = topic.rfind('/');
  return slash == std::string_view::npos ? topic : topic.substr(slash + 1);
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) {
    options.refuse_unknown({"ignore_types", "ignore_state_bits"});
    site_.zone_minutes = options.zone_minutes();
    if (const auto* types = options.own().if_contains("ignore_types")) {
      if (!types->is_array()) throw std::invalid_argument("ignore_types wants a list of numbers");
      for (const auto& type : types->get_array()) {
        site_.ignored_types.push_back(number_of<std::uint8_t>(type, "ignore_types"));
      }
    }
    if (const auto* bits = options.own().if_contains("ignore_state_bits")) {
      site_.ignored_bits = number_of<std::uint16_t>(*bits, "ignore_state_bits");
    }
  }

  Verdict decode(const Frame& message, Sink& sink) {
    site_.received_ns = message.received_unix_ns;
    std::string_view station = last_level(message.topic);
    if (station.empty()) station = message.topic;
    sink.identify(station);
    if (message.payload.empty()) return sink.ignore("an empty payload is no frame");
    Findings findings;
    const auto pieces = pieces_of(message.payload);
    for (const auto& piece : pieces) read(piece, station, findings);
    complain_of_noise(pieces, findings);
    if (findings.observations.empty()) {
      if (!findings.unread.empty()) return sink.malformed(findings.unread);
      return sink.ignore(findings.ignored);
    }
    if (!findings.unread.empty()) {
      findings.observations.front().flag("partly_read");
      sink.not_understood(findings.unread);
    }
    for (const auto& observation : findings.observations) sink.emit(observation);
    return Verdict::decoded;
  }

 private:
  using Pieces = std::vector<Gb26875Framer::Piece>;

  // Noise that was cut into pieces is joined again.
  static Pieces pieces_of(std::string_view payload) {
    using Kind = Gb26875Framer::Kind;
    Pieces pieces;
    Gb26875Framer framer;
    framer.feed(payload);
    while (auto piece = framer.next_of_the_rest()) {
      const bool goes_on =
          piece->kind == Kind::noise && !pieces.empty() && pieces.back().kind == Kind::noise;
      if (goes_on) {
        pieces.back().bytes += piece->bytes;
      } else {
        pieces.push_back(std::move(*piece));
      }
    }
    return pieces;
  }

  void read(const Gb26875Framer::Piece& piece, std::string_view station, Findings& findings) const {
    if (findings.observations.size() > kMostObservations) return;
    const auto frame = Gb26875Frame::read(piece.bytes);
    if (!frame) return;
    const std::string own = wired::gb26875_name_of(frame->source);
    read_frame(*frame, own.empty() ? station : own, site_, findings);
  }

  // Why the first few pieces are no frames; the rest is counted.
  static void complain_of_noise(const Pieces& pieces, Findings& findings) {
    constexpr std::size_t kMostNamed = 4;
    std::size_t count = 0;
    const auto complain = [&findings](std::string_view why) {
      findings.unread.append(findings.unread.empty() ? "" : "; ").append(why);
    };
    for (const auto& piece : pieces) {
      if (piece.kind == Gb26875Framer::Kind::frame) continue;
      if (++count <= kMostNamed) complain(wired::gb26875_fault_of(piece.bytes));
    }
    if (count > kMostNamed) complain(fmt::format("and {} more pieces", count - kMostNamed));
    if (findings.observations.size() > kMostObservations) {
      complain("more frames than one message may have");
    }
  }

  Site site_;
};

}  // namespace
}  // namespace watchpost::gb26875

WATCHPOST_DECODER(watchpost::gb26875::Decoder, "gb26875", "1.0")

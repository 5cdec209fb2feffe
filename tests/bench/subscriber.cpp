#include "subscriber.hpp"

#include <algorithm>

#include "frames.hpp"

namespace watchpost::bench {
namespace {

constexpr std::uint8_t kSuback = 0x90;
constexpr std::uint8_t kRefused = 0x80;

}  // namespace

Subscriber::Subscriber(EventLoop& loop, SubscriberOptions options, Taken taken)
    : options_(std::move(options)), taken_(std::move(taken)), wire_(loop, *this) {}

bool Subscriber::connect() {
  if (!wire_.connect(options_.port)) return false;
  std::string rest;
  append_number(rest, 4);
  rest += "MQTT";
  rest += '\x04';                            // MQTT 3.1.1
  rest += options_.lasting ? '\0' : '\x02';  // Clean Session
  append_number(rest, 0);                    // no Keep Alive
  append_number(rest, options_.client_id.size());
  rest += options_.client_id;
  append_packet(wire_.out, kConnect, rest);
  wire_.flush();
  return true;
}

void Subscriber::subscribe() {
  std::string rest;
  append_number(rest, 1);
  append_number(rest, options_.filter.size());
  rest += options_.filter;
  rest += '\x01';
  append_packet(wire_.out, kSubscribe | 0x02, rest);
  wire_.flush();
}

void Subscriber::ready(std::uint32_t) {
  now_ = Steady::now();
  if (!wire_.read()) {
    has_failed_ = true;
    wire_.close();
    return;
  }
  take_frames(wire_, [this](const Frame& frame) { take(frame.first, frame.body); });
  wire_.flush();
}

void Subscriber::take(std::uint8_t first, std::string_view body) {
  switch (first & kTypeMask) {
    case kConnack:
      is_connected_ = body.size() >= 2 && body[1] == 0;
      has_failed_ = !is_connected_;
      return;
    case kSuback:
      is_subscribed_ = body.size() == 3 && static_cast<std::uint8_t>(body[2]) < kRefused;
      has_failed_ = !is_subscribed_;
      return;
    case kPublish:
      return publish(first, body);
    default:
      return;
  }
}

void Subscriber::publish(std::uint8_t first, std::string_view body) {
  ++received_;
  auto payload = body.substr(std::min(body.size(), 2 + number_at(body, 0)));
  if ((first & kQosMask) != 0) {
    append_packet(wire_.out, kPuback, payload.substr(0, 2));
    payload.remove_prefix(std::min<std::size_t>(2, payload.size()));
  }
  if (taken_) taken_(payload, now_);
}

}  // namespace watchpost::bench

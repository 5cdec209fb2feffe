#include "publisher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "frames.hpp"

namespace watchpost::bench {
namespace {

constexpr std::size_t kDigits = 10;
constexpr std::uint8_t kFailure = 0x80;

// SenML as our own devices send it; `mark` tells the message from all others.
std::string payload_of(std::size_t number, const PublisherOptions& options) {
  const std::string_view reading =
      options.is_alarm ? R"("n":"smoke","vb":true)" : R"("n":"water_level","u":"m","v":2.345)";
  std::string payload =
      fmt::format(R"([{{"bn":"urn:dev:bench:{0:03}:",{1}}},{{"n":"battery","u":"%EL","v":87}},)"
                  R"({{"n":"mark","vs":"#{0:03}-0000000000)",
                  number, reading);
  constexpr std::string_view kEnd = "\"}]";
  const auto body = options.payload_bytes - std::min(options.payload_bytes, kEnd.size());
  payload.append(body - std::min(body, payload.size()), '.');
  payload += kEnd;
  return payload;
}

}  // namespace

Publisher::Publisher(EventLoop& loop, std::size_t number, const PublisherOptions& options,
                     Ledger& ledger)
    : number_(number),
      options_(options),
      ledger_(ledger),
      wire_(loop, *this),
      sent_(options.window + std::size_t{1}) {
  for (auto id = options.window; id > 0; --id) free_.push_back(id);
  make_frame();
}

void Publisher::make_frame() {
  const auto topic =
      fmt::format("wp/in/{}/bench-{:03}", options_.is_alarm ? "fire" : "water", number_);
  const auto payload = payload_of(number_, options_);
  const bool has_properties = options_.level == kLevel5;
  std::string rest;
  append_number(rest, topic.size());
  rest += topic;
  const auto identifier = rest.size();
  append_number(rest, 0);
  if (has_properties) rest += '\0';
  const auto digits = rest.size() + payload.find('#') + 5;
  rest += payload;
  frame_ += static_cast<char>(kPublish | kQos1);
  append_length(frame_, rest.size());
  identifier_at_ = frame_.size() + identifier;
  digits_at_ = frame_.size() + digits;
  frame_ += rest;
}

bool Publisher::connect() {
  if (!wire_.connect(options_.port)) return false;
  const auto client_id = fmt::format("bench-{}", number_);
  std::string rest;
  append_number(rest, 4);
  rest += "MQTT";
  rest += static_cast<char>(options_.level);
  rest += '\x02';          // Clean Start
  append_number(rest, 0);  // no Keep Alive
  if (options_.level == kLevel5) rest += '\0';
  append_number(rest, client_id.size());
  rest += client_id;
  append_packet(wire_.out, kConnect, rest);
  wire_.flush();
  return true;
}

void Publisher::saturate(Steady::time_point end, std::uint64_t messages) {
  end_ = end;
  left_ = messages;
  now_ = Steady::now();
  fill();
  wire_.flush();
}

void Publisher::send_due(Steady::time_point when) {
  due_.push_back(when);
  fill();
  wire_.flush();
}

void Publisher::ready(std::uint32_t) {
  now_ = Steady::now();
  if (!wire_.read()) {
    has_failed_ = true;
    is_connected_ = false;
    wire_.close();
    return;
  }
  take_frames(wire_, [this](const Frame& frame) { take(frame.first, frame.body); });
  fill();
  wire_.flush();
}

void Publisher::take(std::uint8_t first, std::string_view body) {
  if ((first & kTypeMask) == kConnack) {
    is_connected_ = body.size() >= 2 && body[1] == 0;
    has_failed_ = !is_connected_;
  }
  if ((first & kTypeMask) != kPuback) return;
  const auto id = number_at(body, 0);
  if (id == 0 || id >= sent_.size()) return;
  if (body.size() > 2 && static_cast<std::uint8_t>(body[2]) >= kFailure) {
    ledger_.refused(number_);
  } else {
    ledger_.acknowledged(number_, sent_[id], now_);
  }
  free_.push_back(static_cast<std::uint16_t>(id));
}

void Publisher::fill() {
  while (!free_.empty() && !due_.empty()) {
    send(due_.front());
    due_.pop_front();
  }
  if (now_ >= end_) return;
  while (!free_.empty() && left_ > 0) {
    send(now_);
    --left_;
  }
}

void Publisher::send(Steady::time_point due) {
  const auto id = free_.back();
  free_.pop_back();
  auto number = sent_[id] = ledger_.sent(number_, due);
  frame_[identifier_at_] = static_cast<char>(id >> 8U);
  frame_[identifier_at_ + 1] = static_cast<char>(id & 0xFFU);
  for (std::size_t i = kDigits; i > 0; number /= 10) {
    frame_[digits_at_ + --i] = static_cast<char>('0' + number % 10);
  }
  wire_.out += frame_;
}

}  // namespace watchpost::bench

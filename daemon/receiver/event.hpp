// event: what the receiver needs to know of a message from a gateway.
// Promise: whatever the bytes are, a reading or the reason why there is none; never a throw, never
// a read past the end. An event's own text is kept as it came, byte for byte. Nobody speaks for
// another gateway: the source must be the one that the topic names. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/strong.hpp"
#include "model/event_class.hpp"
#include "model/event_id.hpp"
#include "model/record.hpp"
#include "receiver/progress.hpp"

namespace watchpost::receiver {

// A gateway says that these will never come: cn.watchpost.gateway.gap.v1.
struct GapNotice {
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  SeqRange range;
  std::string reason;
};

// A gateway says that it numbers under a new epoch from here on: cn.watchpost.gateway.store.v1.
struct EpochNotice {
  Epoch epoch;
  Epoch previous;         // empty: nothing went before it
  PerClass<Seq> first{};  // its first number in each class; 0: not said
  std::string reason;     // "start", "damage", ...
};

struct ReceivedEvent {
  EventKey key;
  std::string type;
  std::string subject;
  std::string time;  // as the gateway wrote it
  std::string_view text;
  std::optional<GapNotice> gap;
  std::optional<EpochNotice> begins;
};

// An event of which only source, id, class and sequence can be read.
struct DamagedEvent {
  EventKey key;
  std::string reason;
  std::string_view text;
};

// The retained state of a gateway: cn.watchpost.gateway.online.v1.
struct GatewayState {
  std::string state;       // "online", "offline"
  Epoch epoch;             // empty where the gateway does not say
  PerClass<Seq> first{};   // where the epoch begins; 0: not said
  PerClass<Seq> oldest{};  // the first that will still be sent; 0: not said
};

using Reading = std::variant<ReceivedEvent, GatewayState, DamagedEvent>;

struct ReadMessage {
  std::string source;  // "urn:watchpost:zhaoxiang-03"; empty with no readings: not for us
  std::string prefix;  // "wp/v1/310118/106/203/zhaoxiang-03/"
  std::vector<Reading> readings;
  std::string rest;  // why a part of the message gives no reading; empty: all of it was read
};

// The JSON text of a payload: itself, or what it holds compressed, in `room`. Where nothing is
// named the first bytes tell: a bridge by MQTT 3.1.1 has dropped the name. Never more than
// kMostText, whatever a few bytes become.
inline constexpr std::size_t kMostText = 4UL * 1'024 * 1'024;
struct EncodedPayload {
  std::string_view bytes;
  std::string_view encoding;  // as the message names it; may be empty
};
[[nodiscard]] Result<std::string_view> text_of(const EncodedPayload& encoded, std::string& room);

struct MessageText {
  std::string_view topic;
  std::string_view text;  // of the payload, not compressed
};
// Views into `text`. Topics of the downward classes (`cmd`, `rcpt`) give no readings and no
// failure. Each event of a batch is read by itself.
[[nodiscard]] Result<ReadMessage> read_message(const MessageText& received);

}  // namespace watchpost::receiver

#include "decode/abi_intake.hpp"

#include <algorithm>
#include <cmath>

#include "base/encoding.hpp"
#include "decode/frame_facts.hpp"

namespace watchpost::decode {
namespace {

constexpr std::size_t kMostObservations = 1024;
constexpr std::size_t kMostReadings = 256;
constexpr std::size_t kMostFlags = 32;
constexpr std::size_t kLongestName = 256;  // quantities, units, flags
constexpr std::size_t kLongestDevice = 1024;
constexpr std::size_t kLongestText = 65'536;
constexpr std::size_t kLongestWhy = 500;
constexpr std::size_t kLongestMemory = std::size_t{4} << 20;
constexpr std::size_t kMostRemembered = 16;
constexpr std::size_t kLongestInner = 65'535;
constexpr std::size_t kMostCapabilities = 8192;

static_assert(static_cast<int>(Kind::unnamed_alarm) == WATCHPOST_UNNAMED_ALARM);
static_assert(static_cast<int>(Kind::fall) == WATCHPOST_FALL);
static_assert(WATCHPOST_KIND_COUNT == kKindCount);
static_assert(static_cast<int>(DeclaredState::info) == WATCHPOST_INFO);
static_assert(static_cast<int>(DeclaredState::confirmed) == WATCHPOST_CONFIRMED);
static_assert(static_cast<int>(TimeSource::received) == WATCHPOST_TIME_RECEIVED);
static_assert(static_cast<int>(Quality::stale) == WATCHPOST_STALE);

std::string_view view(watchpost_text text) {
  return text.size == 0 || text.text == nullptr ? std::string_view{}
                                                : std::string_view(text.text, text.size);
}

AbiIntake& intake(void* context) {
  return *static_cast<AbiIntake*>(context);
}

}  // namespace

std::string sentence_of(watchpost_text text) {
  auto why = view(text).substr(0, kLongestWhy);
  while (!why.empty() && !is_utf8(why)) {
    if (why.size() + 4 < std::min(text.size, kLongestWhy)) return "(an unreadable explanation)";
    why.remove_suffix(1);  // a sequence cut in half
  }
  return std::string(why);
}

watchpost_sink AbiIntake::sink() {
  watchpost_sink sink{};
  sink.struct_size = sizeof sink;
  sink.context = this;
  sink.emit = [](void* context, const watchpost_observation* observation) {
    intake(context).take(observation);
  };
  sink.ignore = [](void* context, watchpost_text why) {
    intake(context).ignored_ = true;
    intake(context).decoding.why = sentence_of(why);
  };
  sink.explain = [](void* context, watchpost_text why) {
    intake(context).decoding.why = sentence_of(why);
  };
  sink.identify = [](void* context, watchpost_text device) {
    auto& self = intake(context);
    if (!self.take_text(device, self.decoding.device, kLongestDevice)) {
      self.violate("it identified a device by a name that is too long or no UTF-8");
    }
  };
  sink.remember = [](void* context, watchpost_text key, watchpost_text value) {
    intake(context).remember(key, value);
  };
  sink.can_declare = [](void* context, watchpost_text device, std::uint32_t kind) {
    intake(context).can_declare(device, kind);
  };
  sink.hand_over = [](void* context, const watchpost_inner* inner) {
    intake(context).hand_over(inner);
  };
  return sink;
}

void AbiIntake::remember(watchpost_text key, watchpost_text value) {
  if (violated()) return;
  if (frame_ == nullptr) return violate("it remembered something while it was opened");
  if (decoding.remembered.size() == kMostRemembered) return violate("more than 16 to remember");
  Remembered& taken = decoding.remembered.emplace_back();
  taken.decoder = decoding.decoder;
  if (!take_text(key, taken.key, kLongestDevice) || taken.key.empty() ||
      !take_text(value, taken.value, kLongestMemory)) {
    violate("something to remember that is too long, without a key or no UTF-8");
  }
}

void AbiIntake::can_declare(watchpost_text device, std::uint32_t kind) {
  if (violated()) return;
  if (frame_ == nullptr) return violate("it listed a device while it was opened");
  if (decoding.capabilities.size() == kMostCapabilities) return violate("more than 8192 dangers");
  if (kind >= WATCHPOST_KIND_COUNT) return violate("a danger of a kind that does not exist");
  Capability& taken = decoding.capabilities.emplace_back();
  taken.kind = static_cast<Kind>(kind);
  if (!take_text(device, taken.device, kLongestDevice) || taken.device.empty())
    violate("a listed device whose name is too long, empty or no UTF-8");
}

void AbiIntake::hand_over(const watchpost_inner* inner) {
  if (violated()) return;
  if (frame_ == nullptr) return violate("it handed something over while it was opened");
  if (inner == nullptr || inner->struct_size < sizeof *inner)
    return violate("a payload of wrong size");
  if (decoding.handed) return violate("it handed over twice");
  const watchpost_bytes& bytes = inner->payload;
  const bool absent = bytes.size != 0 && bytes.bytes == nullptr;
  if (absent || bytes.size > kLongestInner || inner->time_source >= WATCHPOST_TIME_SOURCE_COUNT) {
    return violate("a payload that is absent, too long or of a time source that does not exist");
  }
  HandedOver& out = decoding.handed.emplace();
  if (!take_text(inner->device, out.device, kLongestDevice) || out.device.empty()) {
    return violate("a payload without a device, or whose device is no UTF-8");
  }
  if (bytes.size != 0) out.payload.assign(reinterpret_cast<const char*>(bytes.bytes), bytes.size);
  out.port = inner->port;
  out.is_simulated = inner->simulated != 0;
  out.time_source = static_cast<TimeSource>(inner->time_source);
  if (out.time_source != TimeSource::received) {
    out.observed_at = WallTime{std::chrono::nanoseconds{inner->observed_unix_ns}};
  }
}

void AbiIntake::violate(std::string_view what) {
  if (violation_.empty()) violation_ = what;
}

bool AbiIntake::take_text(watchpost_text in, std::string& out, std::size_t longest) {
  const auto text = view(in);
  if ((in.size != 0 && in.text == nullptr) || text.size() > longest || !is_utf8(text)) return false;
  out.assign(text);
  return true;
}

void AbiIntake::take(const watchpost_observation* in) {
  if (violated()) return;
  if (frame_ == nullptr) return violate("it emitted while it was opened");
  if (in == nullptr || in->struct_size < sizeof *in) return violate("an observation of wrong size");
  if (decoding.observations.size() == kMostObservations) {
    return violate("more than 1024 observations in one frame");
  }
  if (in->kind >= WATCHPOST_KIND_COUNT || in->state >= WATCHPOST_STATE_COUNT ||
      in->time_source >= WATCHPOST_TIME_SOURCE_COUNT || in->quality >= WATCHPOST_QUALITY_COUNT) {
    return violate("an observation whose kind, state, time source or quality does not exist");
  }
  Observation out;
  if (!take_text(in->device, out.device, kLongestDevice) || out.device.empty()) {
    return violate("an observation without a device, or whose device is no UTF-8");
  }
  out.kind = static_cast<Kind>(in->kind);
  out.state = static_cast<DeclaredState>(in->state);
  out.time_source = static_cast<TimeSource>(in->time_source);
  out.quality = static_cast<Quality>(in->quality);
  out.history = in->history != 0;
  if (out.time_source != TimeSource::received) {
    out.observed_at = WallTime{std::chrono::nanoseconds{in->observed_unix_ns}};
  }
  if (!take_readings(*in, out) || !take_flags(*in, out)) return;
  apply_frame_facts(*frame_, out);
  decoding.observations.push_back(std::move(out));
}

bool AbiIntake::take_readings(const watchpost_observation& in, Observation& out) {
  if (in.reading_count > kMostReadings) return violate("more than 256 readings"), false;
  if (in.reading_count == 0) return true;
  if (in.readings == nullptr) return violate("readings are announced and absent"), false;
  const std::size_t stride = in.readings->struct_size;
  if (stride < sizeof(watchpost_reading) || stride % alignof(watchpost_reading) != 0) {
    return violate("a reading of wrong size"), false;
  }
  out.readings.reserve(in.reading_count);  // so that no reading moves
  const std::string* lost = nullptr;       // an alarm is heard without a number that is none
  const auto* at = reinterpret_cast<const unsigned char*>(in.readings);
  for (std::size_t i = 0; i < in.reading_count; ++i, at += stride) {
    const auto& reading = *reinterpret_cast<const watchpost_reading*>(at);
    Reading& taken = out.readings.emplace_back();
    if (!take_text(reading.quantity, taken.quantity, kLongestName) || taken.quantity.empty() ||
        !take_text(reading.unit, taken.unit, kLongestName)) {
      return violate("a reading without a quantity, or a name that is no UTF-8"), false;
    }
    switch (reading.value_type) {
      case WATCHPOST_NULL:
        break;
      case WATCHPOST_BOOL:
        taken.value = reading.number != 0;
        break;
      case WATCHPOST_NUMBER:
        if (std::isfinite(reading.number)) {
          taken.value = reading.number;
        } else if (is_alarming(out.state)) {
          lost = &taken.quantity;
        } else {
          return violate("a number that is not finite"), false;
        }
        break;
      case WATCHPOST_TEXT:
        if (!take_text(reading.text, taken.value.emplace<std::string>(), kLongestText)) {
          return violate("a text that is too long or no UTF-8"), false;
        }
        break;
      default:
        return violate("a reading of a type that does not exist"), false;
    }
  }
  if (lost != nullptr) {
    out.flags.emplace_back("partly_read");
    decoding.why = "the reading \"" + *lost + "\" of an alarm is no finite number";
  }
  return true;
}

bool AbiIntake::take_flags(const watchpost_observation& in, Observation& out) {
  if (in.flag_count > kMostFlags) return violate("more than 32 flags"), false;
  if (in.flag_count > 0 && in.flags == nullptr) return violate("flags are absent"), false;
  for (std::size_t i = 0; i < in.flag_count; ++i) {
    if (!take_text(in.flags[i], out.flags.emplace_back(), kLongestName)) {
      return violate("a flag that is too long or no UTF-8"), false;
    }
  }
  return true;
}

}  // namespace watchpost::decode

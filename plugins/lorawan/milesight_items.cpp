#include "lorawan/milesight_items.hpp"

#include <algorithm>
#include <bit>

#include "base/encoding.hpp"
#include "sdk/bytes.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan::milesight {
namespace {

struct Raw {
  std::uint32_t code = 0;  // as it stands in the bytes, without a sign
  double number = 0;
  std::uint32_t highest = 0;
};

Raw raw_of(Form form, std::string_view value) {
  sdk::ByteReader bytes(value);
  switch (form) {
    case Form::u8: {
      const std::uint32_t code = bytes.u8();
      return {code, static_cast<double>(code), 0xFF};
    }
    case Form::i8: {
      const std::uint32_t code = bytes.u8();
      return {code, static_cast<double>(static_cast<std::int8_t>(code)), 0xFF};
    }
    case Form::u16: {
      const std::uint32_t code = bytes.u16le();
      return {code, static_cast<double>(code), 0xFFFF};
    }
    case Form::i16: {
      const std::uint32_t code = bytes.u16le();
      return {code, static_cast<double>(static_cast<std::int16_t>(code)), 0xFFFF};
    }
    case Form::u24: {
      const std::uint32_t low = bytes.u16le();
      const std::uint32_t code = low | static_cast<std::uint32_t>(bytes.u8()) << 16;
      return {code, static_cast<double>(code), 0xFFFFFF};
    }
    case Form::u32: {
      const std::uint32_t code = bytes.u32le();
      return {code, static_cast<double>(code), 0xFFFFFFFF};
    }
    case Form::i32: {
      const std::uint32_t code = bytes.u32le();
      return {code, static_cast<double>(static_cast<std::int32_t>(code)), 0xFFFFFFFF};
    }
    case Form::f32: {
      const std::uint32_t code = bytes.u32le();
      return {code, static_cast<double>(std::bit_cast<float>(code)), 0xFFFFFFFF};
    }
  }
  return {};
}

int rank(watchpost_kind kind) {
  switch (kind) {
    case WATCHPOST_DEVICE_STATUS:
      return 0;
    case WATCHPOST_MEASUREMENT:
      return 1;
    case WATCHPOST_HEAT:  // the temperature alarm of a sensor that measures something else
      return 2;
    default:
      return 3;
  }
}

int rank(watchpost_state state) {
  switch (state) {
    case WATCHPOST_ALARM:
      return 6;
    case WATCHPOST_SUSPECTED:
      return 5;
    case WATCHPOST_UNKNOWN:
      return 4;
    case WATCHPOST_FAULT:
    case WATCHPOST_TAMPER:
      return 3;
    case WATCHPOST_CLEARED:
      return 2;
    case WATCHPOST_NORMAL:
      return 1;
    default:
      return 0;
  }
}

void add_number(const Piece& piece, const Raw& raw, sdk::Observation& observation) {
  const bool finite = raw.number == raw.number && raw.number - raw.number == 0;
  if (raw.code + piece.errors <= raw.highest && finite) {
    observation.number(piece.quantity, raw.number / piece.per);
    return;
  }
  observation.null(piece.quantity).flag("sentinel");
  if (piece.role != Role::measure) return;
  observation.quality(WATCHPOST_INVALID);
  const bool fault = raw.code == raw.highest;
  settle(observation, observation.kind(), fault ? WATCHPOST_FAULT : WATCHPOST_UNKNOWN);
}

void add_alarm(const Item& item, const Piece& piece, std::uint32_t code,
               sdk::Observation& observation) {
  if (code > 1) {  // of a danger, in a form that the maker has not published
    observation.null(piece.quantity).flag("not_understood");
    settle(observation, item.kind, WATCHPOST_UNKNOWN);
    return;
  }
  observation.boolean(piece.quantity, code == 1);
  settle(observation, item.kind, code == 1 ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
}

// `piece` may name a reading that says whether there is an alarm.
void add_threshold(const Item& item, const Piece& piece, std::uint32_t code,
                   sdk::Observation& observation) {
  const std::uint32_t highest = piece.role == Role::limit ? 1 : 2;
  if (!piece.quantity.name.empty() && code <= highest) {
    observation.boolean(piece.quantity, code != 0);
  }
  if (code == 0) return settle(observation, item.kind, WATCHPOST_NORMAL);
  if (code > highest) {
    observation.flag("not_understood");
    return settle(observation, item.kind, WATCHPOST_UNKNOWN);
  }
  settle(observation, item.kind, WATCHPOST_ALARM);
  if (observation.has("device_alarm")) return;
  observation.text({"device_alarm"}, code == 1 ? "threshold" : "mutation");
}

void add_piece(const Item& item, const Piece& piece, const Raw& raw,
               sdk::Observation& observation) {
  switch (piece.role) {
    case Role::number:
    case Role::measure:
      return add_number(piece, raw, observation);
    case Role::flag:
      observation.boolean(piece.quantity, raw.code != 0);
      return;
    case Role::inverse:
      observation.boolean(piece.quantity, raw.code == 0);
      return;
    case Role::danger:
      return add_alarm(item, piece, raw.code, observation);
    case Role::limit:
    case Role::threshold:
      return add_threshold(item, piece, raw.code, observation);
    case Role::threshold_swap:
      return add_threshold(item, piece, raw.code < 2 ? 1 - raw.code : raw.code, observation);
    case Role::events:
      if ((raw.code & 0x11U) == 0) return;
      return add_threshold(item, piece, (raw.code & 0x01U) != 0 ? 1 : 2, observation);
    case Role::tilt:
      observation.boolean({"tilt"}, raw.code != 0);
      if (raw.code != 0) observation.quality(WATCHPOST_SUSPECT);
      return;
  }
}

bool is_there(const Piece& piece) {
  return piece.role != Role::number || !piece.quantity.name.empty();
}

void store(const Item& item, std::string_view value, Decoded& decoded) {
  sdk::ByteReader bytes(value);
  const auto time = sdk::time_from_epoch(bytes.u32le());
  sdk::Observation observation(item.kind, WATCHPOST_INFO);
  add_pieces(item, value, observation);
  observation.history().observed(time, WATCHPOST_TIME_DEVICE);
  decoded.observations.push_back(std::move(observation));
}

// Facts about the product that every model sends after joining.
std::optional<std::size_t> fact_length(unsigned id) {
  switch (id) {
    case 0xFF01:
    case 0xFF0B:
    case 0xFF0F:
    case 0xFFFE:
      return 1;
    case 0xFF09:
    case 0xFF0A:
    case 0xFFFF:
      return 2;
    case 0xFF08:
      return 6;
    case 0xFF16:
      return 8;
    default:
      return std::nullopt;
  }
}

bool raises(const Decoded& decoded, const sdk::Observation& current) {
  const auto alarming = [](const sdk::Observation& each) {
    return each.state() == WATCHPOST_ALARM || each.state() == WATCHPOST_SUSPECTED;
  };
  return alarming(current) || std::any_of(decoded.observations.begin(), decoded.observations.end(),
                                          [&](const auto& each) { return alarming(each); });
}

// One pass over the items of an uplink.
struct Pass {
  std::span<const Item> items;
  Decoded& decoded;
  sdk::Observation current{WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO};
  bool answered = false;  // an answer to a command was among them
  bool cut = false;
  const Item* heat = nullptr;  // the device's limit of temperature, kept for the end
  std::string_view heat_value{};

  // What is left behind the next item; nothing where that ends the reading.
  std::optional<std::string_view> step(std::string_view rest) {
    if (rest.size() < 2) return cut = true, std::nullopt;
    const unsigned id = static_cast<unsigned>(static_cast<std::uint8_t>(rest[0])) << 8 |
                        static_cast<std::uint8_t>(rest[1]);
    const auto behind = rest.substr(2);
    const auto item =
        std::find_if(items.begin(), items.end(), [&](const Item& each) { return each.id == id; });
    if (item != items.end()) return take(*item, behind);
    auto length = fact_length(id);
    if (!length) {
      length = answer_length(id, behind);
      answered = answered || length.has_value();
    }
    if (!length) {
      decoded.unread = "the item " + to_hex(rest.substr(0, 2)) +
                       " is not in the codec: it and what follows it were not read";
      return std::nullopt;
    }
    if (behind.size() < *length) return cut = true, std::nullopt;
    return behind.substr(*length);
  }

  std::optional<std::string_view> take(const Item& item, std::string_view behind) {
    if (behind.size() < item.length) {
      // A cut tail must not hide an alarm that a hook can read from the rest of it.
      Findings findings{current, decoded};
      if (item.hook != nullptr) item.hook(behind, findings);
      return cut = true, std::nullopt;
    }
    const auto value = behind.substr(0, item.length);
    if (item.kind == WATCHPOST_HEAT) {
      heat = &item;
      heat_value = value;
      return behind.substr(item.length);
    }
    Findings findings{current, decoded};
    if (item.hook != nullptr) item.hook(value, findings);
    if (item.id != kStored && item.id != kStoredAlarm) {
      settle(current, item.kind, WATCHPOST_INFO);
      add_pieces(item, value, current);
    } else if (item.hook == nullptr) {
      store(item, value, decoded);
    }
    return behind.substr(item.length);
  }

  // A limit of temperature is an observation of its own beside another quantity: each is cleared by
  // its own kind. Only where the quantity alarms too, the two are one alarm.
  void settle_heat() {
    if (heat == nullptr) return;
    const bool alone = rank(current.kind()) <= rank(WATCHPOST_HEAT);
    if (alone || current.state() == WATCHPOST_ALARM) return add_pieces(*heat, heat_value, current);
    sdk::Observation limit(WATCHPOST_HEAT, WATCHPOST_INFO);
    add_pieces(*heat, heat_value, limit);
    decoded.observations.insert(decoded.observations.begin(), std::move(limit));
  }
};

}  // namespace

void settle(sdk::Observation& observation, watchpost_kind kind, watchpost_state state) {
  if (rank(kind) >= rank(observation.kind())) observation.kind(kind);
  if (rank(state) > rank(observation.state())) observation.state(state);
}

void add_pieces(const Item& item, std::string_view value, sdk::Observation& observation) {
  for (const Piece& piece : item.pieces) {
    if (!is_there(piece)) continue;
    if (piece.role == Role::measure) settle(observation, item.kind, WATCHPOST_NORMAL);
    const bool said = !piece.quantity.name.empty() && observation.has(piece.quantity.name) &&
                      piece.role == Role::number;
    if (!said) add_piece(item, piece, raw_of(piece.form, value.substr(piece.at)), observation);
  }
}

bool read_items(const Uplink& uplink, std::span<const Item> items, Decoded& decoded) {
  Pass pass{items, decoded};
  std::optional<std::string_view> rest = uplink.bytes;
  while (rest && !rest->empty()) rest = pass.step(*rest);
  pass.settle_heat();
  const bool nothing = pass.current.empty() && pass.current.kind() == WATCHPOST_DEVICE_STATUS;
  const bool in_vain = nothing && decoded.observations.empty();
  if (pass.cut && !raises(decoded, pass.current)) {
    decoded.observations.clear();
    decoded.why = "the last item is cut";
    return false;
  }
  if (!decoded.unread.empty() && in_vain) {
    decoded.why = decoded.unread + ": is the device profile right?";
    return false;
  }
  if (pass.cut && decoded.unread.empty()) decoded.unread = "the last item is cut";
  if (!decoded.unread.empty()) pass.current.flag("partly_read");
  if (!nothing || (decoded.observations.empty() && !pass.answered)) {
    decoded.observations.insert(decoded.observations.begin(), std::move(pass.current));
  } else if (!decoded.unread.empty()) {
    decoded.observations.front().flag("partly_read");
  }
  return true;
}

}  // namespace watchpost::lorawan::milesight

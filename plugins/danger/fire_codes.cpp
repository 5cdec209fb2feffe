#include "danger/fire_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "danger/fire_parts.hpp"
#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"
#include "gb26875/states.hpp"
#include "gb26875/type_names.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

// "unit" and "component" are names of much else: they count beside an address.
constexpr std::array<std::string_view, 4> kPart{"part", "component", "comp", "unit"};
constexpr std::array<std::string_view, 2> kSystem{"system", "sys"};
constexpr std::array<std::string_view, 3> kState{"state", "status", "stat"};
// A "part number" is one of a spare part more often than of a detector.
constexpr std::array<std::string_view, 11> kAddress{
    "addr", "address", "loop", "area", "place", "index", "地址", "回路", "编号", "区号", "位号"};
// Behind the rest of a name: "partTypeCode".
constexpr std::array<std::string_view, 4> kBehind{"code", "id", "value", "bits"};

enum class Of : std::uint8_t { nothing, part, system };
enum class Tells : std::uint8_t { nothing, type, state, address };
struct Key {
  Of of = Of::nothing;
  Tells tells = Tells::nothing;
  bool is_sure = false;  // "part", and not "unit"
};

// Two words, "part type", or one, "state".
Key key_of(std::string_view name) {
  const Phrase phrase(name);
  auto words = phrase.words();
  if (words.size() == 3 && is_one_of(words.back(), kBehind)) words = words.first(2);
  if (words.empty() || words.size() > 2) return {};
  Key key;
  const auto last = words.back();
  if (last == "type") key.tells = Tells::type;
  if (is_one_of(last, kState)) key.tells = Tells::state;
  if (is_one_of(last, kAddress)) key.tells = Tells::address;
  if (words.size() == 1) return key;
  if (is_one_of(words.front(), kPart)) key.of = Of::part;
  if (is_one_of(words.front(), kSystem)) key.of = Of::system;
  key.is_sure = words.front() == "part";
  return key.of == Of::nothing ? Key{} : key;
}

std::optional<std::uint16_t> whole(std::string_view digits, int base) {
  std::uint16_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
  return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::optional<std::uint16_t> whole(const json::value& value) {
  if (const auto* text = value.if_string()) return whole(sdk::trim(*text), 10);
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  constexpr double kMost = 0xFFFF;
  if (!number || *number < 0 || *number > kMost) return std::nullopt;
  const auto code = static_cast<std::uint16_t>(*number);
  return code == *number ? std::optional(code) : std::nullopt;
}

std::optional<std::uint8_t> type_in(const json::value& value, Of of) {
  constexpr std::uint16_t kMost = 0xFF;
  const auto code = whole(value);
  if (code) {
    const auto type = static_cast<std::uint8_t>(*code);
    const bool is_named =
        *code <= kMost &&
        (of == Of::part ? gb26875::part_name(type) : gb26875::system_name(type)) != nullptr;
    return is_named ? std::optional(type) : std::nullopt;
  }
  const auto* name = value.if_string();
  if (name == nullptr) return std::nullopt;
  return of == Of::part ? gb26875::part_called(sdk::trim(*name))
                        : gb26875::system_called(sdk::trim(*name));
}

// "火警", "feedback": as the bit that it names.
std::optional<std::uint16_t> bits_said(std::string_view text) {
  constexpr std::uint16_t kRunning = 1;
  constexpr std::uint16_t kFire = 1U << 1U;
  constexpr std::uint16_t kFault = 1U << 2U;
  constexpr std::uint16_t kStarted = 1U << 5U;
  const Phrase phrase(text);
  if (phrase.is("normal")) return kRunning;
  if (phrase.is("fault")) return kRunning | kFault;
  if (phrase.is("fire") || phrase.is("fire alarm") || phrase.is("alarm")) return kRunning | kFire;
  if (says_started(text)) return kRunning | kStarted;
  return std::nullopt;
}

// A number, or one in hexadecimal or binary digits, or two bytes, the low one first.
std::optional<std::uint16_t> bits_in(const json::value& value) {
  if (const auto* list = value.if_array()) {
    constexpr std::uint16_t kByte = 0xFF;
    if (list->size() != 2) return std::nullopt;
    const auto low = whole((*list)[0]);
    const auto high = whole((*list)[1]);
    if (!low || !high || *low > kByte || *high > kByte) return std::nullopt;
    return static_cast<std::uint16_t>(*low | *high << 8U);
  }
  const auto* text = value.if_string();
  if (text == nullptr) return whole(value);
  constexpr std::size_t kBits = 16;
  const std::string_view digits = sdk::trim(*text);
  if (digits.starts_with("0x") || digits.starts_with("0X")) return whole(digits.substr(2), 16);
  const bool is_binary =
      digits.size() == kBits && digits.find_first_not_of("01") == std::string_view::npos;
  if (is_binary) return whole(digits, 2);
  if (const auto number = whole(digits, 10)) return number;
  return bits_said(digits);
}

// As far as it is one: a number or a short text.
std::string address_in(const json::value& value) {
  constexpr std::size_t kLongest = 32;
  if (const auto* text = value.if_string())
    return text->size() <= kLongest ? std::string(*text) : std::string{};
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  constexpr double kMost = 0xFFFFFFFF;
  if (!number || *number < 0 || *number > kMost) return {};
  return fmt::format("{}", static_cast<std::uint32_t>(*number));
}

struct Coded {
  std::optional<std::uint8_t> type{};
  std::optional<std::uint16_t> bits{};
  std::string address{};
  bool is_sure = false;     // that its pair is of a fire alarm system
  bool has_number = false;  // type or state: what is said in words alone is read as words

  void put_address(std::string text) {
    if (text.empty()) return;
    address.append(address.empty() ? "" : ".").append(text);
  }
};

struct Codes {
  Coded part, system;
  std::optional<std::uint16_t> plain{};  // under "state" alone
};

bool is_in_words(const json::value& value) {
  const auto* text = value.if_string();
  return text != nullptr &&
         std::none_of(text->begin(), text->end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Most messages have no such member, and are not looked at any further.
bool may_have_a_type(std::string_view key) {
  return key.find("ype") != std::string_view::npos || key.find("YPE") != std::string_view::npos ||
         key.find("类型") != std::string_view::npos;
}

void look(std::string_view name, const json::value& value, Codes& codes) {
  const Key key = key_of(name);
  if (key.tells == Tells::nothing) return;
  if (key.of == Of::nothing) {
    if (key.tells != Tells::state) return;
    codes.plain = bits_in(value);
    codes.part.has_number |= !is_in_words(value);
    return;
  }
  Coded& coded = key.of == Of::part ? codes.part : codes.system;
  switch (key.tells) {
    case Tells::type:
      coded.type = type_in(value, key.of);
      coded.has_number |= !is_in_words(value);
      coded.is_sure |= key.is_sure && coded.type.has_value();
      return;
    case Tells::state:
      coded.bits = bits_in(value);
      coded.has_number |= !is_in_words(value);
      return;
    case Tells::address:
      return coded.put_address(address_in(value));
    case Tells::nothing:
      return;
  }
}

void add_name(std::string_view quantity, const gb26875::TypeName* name,
              sdk::Observation& observation) {
  if (name == nullptr) return;
  observation.text({observation.own(fmt::format("{}_name", quantity))}, name->english)
      .text({observation.own(fmt::format("{}_name_zh", quantity))}, name->chinese);
}

CodedFirePart told(const Codes& codes, bool is_part, std::uint16_t bits) {
  CodedFirePart told;
  sdk::Observation& observation = told.observation;
  const auto system = codes.system.type.value_or(0);
  if (codes.system.type) {
    told.below = fmt::format(":{}.{}", system, codes.system.address);
    if (codes.system.address.empty()) told.below.pop_back();
    observation.number({"system_type"}, static_cast<double>(system));
    add_name("system_type", gb26875::system_name(system), observation);
  }
  gb26875::State state{gb26875::StateOf::system, bits, gb26875::puts_out_fires(system), 0};
  observation.kind(WATCHPOST_FIRE_SYSTEM);
  if (is_part) {
    const auto type = codes.part.type.value_or(0);
    if (!codes.part.address.empty()) told.below.append(":").append(codes.part.address);
    observation.kind(gb26875::kind_of_part(type)).number({"part_type"}, static_cast<double>(type));
    add_name("part_type", gb26875::part_name(type), observation);
    if (!codes.part.address.empty())
      observation.text({"part_addr"}, observation.own(codes.part.address));
    state = {gb26875::StateOf::part, bits, gb26875::tells_of_fire(type), 0};
  }
  if (gb26875::describe(state, observation))
    told.unread = fmt::format("state 0x{:04x} has a bit that the standard reserves", bits);
  return told;
}

}  // namespace

std::optional<CodedFirePart> coded_fire_part(const json::object& object) {
  const bool may_be = std::any_of(object.begin(), object.end(),
                                  [](const auto& member) { return may_have_a_type(member.key()); });
  if (!may_be) return std::nullopt;
  Codes codes;
  for (const auto& member : object) look(member.key(), member.value(), codes);
  const bool has_place = !codes.part.address.empty() || !codes.system.address.empty();
  const bool beside = has_place || codes.system.type.has_value();
  if (codes.part.type) {
    if (!codes.part.has_number) return std::nullopt;
    if (codes.part.bits && (codes.part.is_sure || beside))
      return told(codes, true, *codes.part.bits);
    if (codes.plain && beside) return told(codes, true, *codes.plain);
    return std::nullopt;
  }
  const bool is_system = codes.system.type && !codes.system.address.empty();
  if (is_system && codes.system.bits) return told(codes, false, *codes.system.bits);
  return std::nullopt;
}

bool holds_coded_part(const json::value& message) {
  if (const auto* list = message.if_array()) {
    return std::any_of(list->begin(), list->end(),
                       [](const json::value& each) { return holds_coded_part(each); });
  }
  const auto* object = message.if_object();
  return object != nullptr && std::any_of(object->begin(), object->end(), [](const auto& member) {
           if (!may_have_a_type(member.key())) return holds_coded_part(member.value());
           const auto key = key_of(member.key());
           return key.tells == Tells::type && key.of != Of::nothing;
         });
}

}  // namespace watchpost::danger

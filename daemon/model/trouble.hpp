// Trouble: one thing that is wrong, as a code, its arguments and its cause; no text.
// Promise: a Trouble has exactly the arguments that its code asks for; else it does not compile.
// Equal troubles are told once. Made by every layer above base, told by the log, the status, the
// local API and the watchpost command from the catalogue (trouble_catalogue.hpp). A plain value.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/strong.hpp"
#include "model/event_class.hpp"
#include "model/telling.hpp"
#include "model/trouble_shapes.hpp"

namespace watchpost {

// A text is shown as it is (a name, a path, a topic); the others in the reader's language.
using TroubleValue = std::variant<std::string, std::uint64_t, EventClass, PerClass<std::uint64_t>,
                                  ByteCount, std::chrono::seconds, HowTold>;

struct TroubleArgument {
  std::string_view name;  // of a TroubleShape
  TroubleValue value;
  friend bool operator==(const TroubleArgument&, const TroubleArgument&) = default;
};

struct Trouble {
  TroubleCode code;
  std::vector<TroubleArgument> arguments;  // in the order of the shape
  std::shared_ptr<const Trouble> cause{};  // why it is so; may be nothing

  [[nodiscard]] Trouble because(Trouble why) && {
    cause = std::make_shared<const Trouble>(std::move(why));
    return std::move(*this);
  }
  friend bool operator==(const Trouble& a, const Trouble& b) {
    const bool same_cause = a.cause == b.cause || (a.cause && b.cause && *a.cause == *b.cause);
    return a.code == b.code && a.arguments == b.arguments && same_cause;
  }
};

// The name of an argument as a template argument, so that the compiler can compare it.
template <std::size_t size>
struct ParameterName {
  char text[size];  // NOLINT: a std::array cannot be deduced from a literal
  consteval ParameterName(const char (&literal)[size]) { std::copy_n(literal, size, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, size - 1}; }
};

template <ParameterName name>
struct NamedValue {
  static constexpr std::string_view kName = name.view();
  TroubleValue value;
};

// arg<"upstream">("street"), arg<"events">(4U).
template <ParameterName name>
[[nodiscard]] NamedValue<name> arg(TroubleValue value) {
  return {std::move(value)};
}

template <TroubleCode code, class... Values>
[[nodiscard]] consteval bool has_all_arguments() {
  std::size_t wanted = 0;
  for (const char* parameter : shape_of(code).parameters) {
    if (parameter == nullptr) break;
    if (((Values::kName == parameter ? 1U : 0U) + ... + 0U) != 1) return false;
    ++wanted;
  }
  return wanted == sizeof...(Values);
}

// trouble<TroubleCode::broker_not_read>(arg<"broker">("office")).
template <TroubleCode code, class... Values>
[[nodiscard]] Trouble trouble(Values... values) {
  static_assert(has_all_arguments<code, Values...>(),
                "these are not the arguments of this code: see kTroubleShapes");
  Trouble made{code, {}};
  for (const char* parameter : shape_of(code).parameters) {
    if (parameter == nullptr) break;
    [[maybe_unused]] const auto take = [&](auto& value) {
      if (value.kName == parameter) made.arguments.push_back({parameter, std::move(value.value)});
    };
    (take(values), ...);
  }
  return made;
}

}  // namespace watchpost

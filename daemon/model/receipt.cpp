#include "model/receipt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <optional>
#include <utility>

#include "base/json_members.hpp"
#include "model/event_id.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

// Far more than four classes of a few epochs take.
constexpr std::size_t kMostBytes = 16'384;
constexpr std::size_t kMostDepth = 8;

// What does not fit 64 bits, is negative or has a fraction is no sequence.
std::optional<Seq> sequence_at(const json::object& object) {
  const json::value* value = object.if_contains("sequence");
  if (value == nullptr) return std::nullopt;
  if (value->is_uint64()) return Seq{value->get_uint64()};
  if (!value->is_int64() || value->get_int64() < 0) return std::nullopt;
  return Seq{static_cast<std::uint64_t>(value->get_int64())};
}

std::optional<Receipt> receipt_from(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  const auto epoch = text_in(object, "epoch");
  const auto event_class = event_class_from(text_in(object, "class"));
  const auto sequence = sequence_at(object);
  if (!is_epoch(epoch) || !event_class || !sequence) return std::nullopt;
  return Receipt{Epoch(epoch), *event_class, *sequence, flag_in(object, "resend")};
}

Failure unreadable() {
  return Failure{
      Failure::Kind::invalid_input, "a message on the topic of receipts is no receipt",
      "Let nobody but the receiver publish there, and let it send "
      R"({"epoch":"<8 hex digits>","class":"<alarm|patrol|status|telemetry>","sequence":<n>})"};
}

}  // namespace

std::string receipt_text(const std::vector<Receipt>& receipts) {
  std::string text;
  for (const Receipt& receipt : receipts) {
    fmt::format_to(std::back_inserter(text), R"({}{{"epoch":"{}","class":"{}","sequence":{}{}}})",
                   text.empty() ? "" : ",", receipt.epoch, to_string(receipt.event_class),
                   receipt.sequence.value, receipt.resend ? R"(,"resend":true)" : "");
  }
  return receipts.size() == 1 ? text : "[" + text + "]";
}

Result<std::vector<Receipt>> parse_receipts(std::string_view text) {
  if (text.size() > kMostBytes) return unreadable();
  json::parse_options options;
  options.max_depth = kMostDepth;
  json::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return unreadable();
  std::vector<Receipt> receipts;
  const auto add = [&receipts](const json::value& each) {
    auto receipt = receipt_from(each);
    if (receipt) receipts.push_back(std::move(*receipt));
    return receipt.has_value();
  };
  const bool all = value.is_array()
                       ? std::all_of(value.get_array().begin(), value.get_array().end(), add)
                       : add(value);
  if (!all) return unreadable();
  return receipts;
}

}  // namespace watchpost

#include "upstream/refusal_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace watchpost::upstream {
namespace {

constexpr Backoff::Options kBackoff{std::chrono::seconds{5}, std::chrono::minutes{5}};
constexpr std::chrono::hours kToldAgain{1};

// Returns nothing where the same trouble was said last.
std::optional<Trouble> news(std::optional<Trouble>& said, Trouble trouble) {
  std::optional<Trouble> told = std::move(trouble);
  if (std::exchange(said, told) == told) return std::nullopt;
  return told;
}

// The code, with the words of the standard, which the operator of the broker knows.
std::string code_of(const Refusal& refusal) {
  return fmt::format("0x{:02X}, {}", byte_of(refusal.code), refusal.meaning);
}

template <TroubleCode code>
Trouble of_class(EventClass event_class, const RefusalBook::Refused& refused) {
  return trouble<code>(arg<"class">(event_class), arg<"code">(code_of(refused.refusal)))
      .because(told_about(refused.refusal, refused.topics));
}

}  // namespace

RefusalBook::RefusalBook() : backoff_(kBackoff) {}

std::optional<Trouble> RefusalBook::refused(const Forwarder::RecordPlace& place,
                                            const Refused& refused) {
  const std::size_t i = index_of(place.event_class);
  up_to_[i] = std::max(up_to_[i], place.seq);
  return news(told_[i], of_class<TroubleCode::class_refused>(place.event_class, refused));
}

std::optional<std::string> RefusalBook::refused_batch(EventClass event_class,
                                                      const Refusal& refusal) {
  std::string sentence = fmt::format(
      "it refuses a batch of {0} events ({1}), so they are sent one by one. If that repeats, ask "
      "the "
      "operator of its broker to allow this user to publish to .../{0}/batch, or set "
      "batch_events = 1",
      to_string(event_class), code_of(refusal));
  std::string& said = batches_[index_of(event_class)];
  if (std::exchange(said, std::move(sentence)) == said) return std::nullopt;
  return said;
}

std::optional<Trouble> RefusalBook::set_aside(EventClass event_class, const Refused& refused,
                                              SteadyTime now) {
  const auto i = index_of(event_class);
  has_set_aside_[i] = true;
  if (now - aside_told_[i] >= kToldAgain) aside_[i].reset();
  auto told = news(aside_[i], of_class<TroubleCode::class_set_aside>(event_class, refused));
  if (told) aside_told_[i] = now;
  return told;
}

void RefusalBook::rest(SteadyTime now, std::uint64_t random) {
  if (!retry_at_) retry_at_ = now + backoff_.next(random);
}

void RefusalBook::hurry(SteadyTime at) {
  hurried_at_ = std::min(hurried_at_.value_or(at), at);
}

RefusalBook::Ask RefusalBook::look(SteadyTime now) {
  if (retry_at_ && *retry_at_ <= now) {
    retry_at_.reset();
    hurried_at_.reset();
    return Ask::all;
  }
  if (!hurried_at_ || *hurried_at_ > now) return Ask::nobody;
  hurried_at_.reset();
  return Ask::hurried;
}

std::optional<SteadyTime> RefusalBook::due_at() const {
  return earlier(retry_at_, hurried_at_);
}

RefusalBook::Delivered RefusalBook::delivered(EventClass event_class, Seq cursor) {
  const auto i = index_of(event_class);
  if (up_to_[i] == Seq{} || cursor < up_to_[i]) return Delivered::no;
  up_to_[i] = Seq{};
  told_[i].reset();
  const bool has_set_aside = std::exchange(has_set_aside_[i], false);
  if (up_to_ != PerClass<Seq>{}) return Delivered::no;
  backoff_.reset();
  retry_at_.reset();
  hurried_at_.reset();
  return has_set_aside ? Delivered::partly_set_aside : Delivered::accepted;
}

std::optional<Trouble> RefusalBook::told() const {
  const auto first =
      std::find_if(told_.begin(), told_.end(), [](const auto& each) { return each.has_value(); });
  return first == told_.end() ? std::nullopt : *first;
}

}  // namespace watchpost::upstream

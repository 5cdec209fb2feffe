#include "upstream/refusal_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace watchpost::upstream {
namespace {

constexpr Backoff::Options kBackoff{std::chrono::seconds{5}, std::chrono::minutes{5}};

// Nothing where the same was said before.
std::optional<std::string> news(std::string& said, std::string sentence) {
  if (std::exchange(said, std::move(sentence)) == said) return std::nullopt;
  return said;
}

}  // namespace

RefusalBook::RefusalBook() : backoff_(kBackoff) {}

std::optional<std::string> RefusalBook::refused(const Forwarder::Place& place,
                                                const Refusal& refusal) {
  const std::size_t i = index_of(place.event_class);
  up_to_[i] = std::max(up_to_[i], place.seq);
  return news(sentences_[i],
              fmt::format("it refuses {} events (0x{:02X}, {}). They are kept and tried again; {}",
                          to_string(place.event_class), refusal.code.value, refusal.meaning,
                          refusal.remedy));
}

std::optional<std::string> RefusalBook::refused_batch(EventClass event_class,
                                                      const Refusal& refusal) {
  return news(batches_[index_of(event_class)],
              fmt::format("it refuses a batch of {0} events (0x{1:02X}, {2}), so they are sent one "
                          "by one. If that repeats, ask the operator of its broker to allow this "
                          "user to publish to .../{0}/batch, or set batch_events = 1",
                          to_string(event_class), refusal.code.value, refusal.meaning));
}

std::optional<std::string> RefusalBook::set_aside(EventClass event_class, const Refusal& refusal) {
  return news(
      aside_[index_of(event_class)],
      fmt::format("it has refused some {} events for good (0x{:02X}, {}). They are set "
                  "aside, kept, and offered again with each new link; {}",
                  to_string(event_class), refusal.code.value, refusal.meaning, refusal.remedy));
}

void RefusalBook::rest(SteadyTime now, std::uint64_t random) {
  if (!retry_at_) retry_at_ = now + backoff_.next(random);
}

void RefusalBook::ask_by(SteadyTime at) {
  retry_at_ = std::min(retry_at_.value_or(at), at);
}

bool RefusalBook::settled(EventClass event_class, Seq cursor) {
  Seq& up_to = up_to_[index_of(event_class)];
  if (up_to == Seq{} || cursor < up_to) return false;
  up_to = Seq{};
  sentences_[index_of(event_class)].clear();
  if (up_to_ != PerClass<Seq>{}) return false;
  backoff_.reset();
  return true;
}

std::string RefusalBook::sentence() const {
  for (const std::string& sentence : sentences_) {
    if (!sentence.empty()) return sentence;
  }
  return {};
}

}  // namespace watchpost::upstream

#include "spool/queue/linger.hpp"

#include <cstdint>
#include <utility>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using std::chrono::milliseconds;

namespace {

constexpr SteadyDuration kLongest = milliseconds{1'000};
constexpr ByteCount kSmall{300};

struct Traffic {
  Linger linger{kLongest};
  SteadyTime start = SteadyTime{} + std::chrono::hours{1};
  SteadyTime now = start;
  Linger::Taken waiting;

  // Adds one message of a client, which is named by a number.
  bool add(std::uintptr_t client = 1) {
    waiting.clients.push_back(reinterpret_cast<Linger::Client>(client));
    waiting.size.value += kSmall.value;
    return linger.added(now, kSmall, waiting.clients.back());
  }
  void add_of(std::uintptr_t first, std::uintptr_t last) {
    for (auto client = first; client <= last; ++client) add(client);
  }
  void commit() {
    linger.taken(std::exchange(waiting, {}));
    linger.answered(now);
  }
  [[nodiscard]] bool is_due() const { return linger.due_at() && *linger.due_at() <= now; }
};

}  // namespace

TEST_CASE("a message that stays alone waits for the longest time and no longer", "[spool][unit]") {
  Traffic traffic;
  CHECK_FALSE(traffic.linger.due_at());
  CHECK(traffic.add());
  CHECK(traffic.linger.due_at() == traffic.start + kLongest);

  traffic.now += milliseconds{400};
  CHECK_FALSE(traffic.add());
  CHECK(traffic.linger.due_at() == traffic.start + kLongest);

  traffic.commit();
  CHECK_FALSE(traffic.linger.due_at());
}

TEST_CASE("a group that is large enough waits no longer", "[spool][unit]") {
  Traffic many;
  for (std::size_t i = 1; i < Linger::kEnough; ++i) many.add();
  CHECK_FALSE(many.is_due());
  CHECK(many.add());
  CHECK(many.is_due());

  Traffic large;
  large.linger.added(large.now, Linger::kEnoughBytes, nullptr);
  CHECK(large.is_due());
}

TEST_CASE("clients that send again as soon as they are answered are not kept waiting",
          "[spool][unit]") {
  Traffic traffic;
  traffic.add_of(1, 20);
  traffic.now += kLongest;
  traffic.commit();

  // All clients but two have sent again; a message of another client is no reply.
  traffic.now += milliseconds{5};
  traffic.add_of(1, 17);
  traffic.add(99);
  CHECK_FALSE(traffic.is_due());
  CHECK(traffic.add(18));
  CHECK(traffic.is_due());
  traffic.commit();

  // The messages come too late to be replies.
  traffic.now += Linger::kEcho;
  traffic.add_of(1, 18);
  CHECK_FALSE(traffic.is_due());
}

TEST_CASE("steady traffic is not taken for replies, whatever an alarm made of its groups",
          "[spool][unit]") {
  const std::size_t rate = GENERATE(1, 5, 20, 100, 1'000, 10'000);
  const std::size_t clients = GENERATE(1, 50);
  CAPTURE(rate, clients);
  constexpr std::size_t kSeconds = 60;
  Traffic traffic;
  std::size_t commits = 0;
  const auto pause = SteadyDuration{std::chrono::seconds{1}} / rate;
  for (std::size_t sent = 0; sent < kSeconds * rate; ++sent) {
    traffic.now += pause;
    const bool alarm = sent % (10 * rate) == 0;
    if (traffic.is_due() || alarm) {
      traffic.commit();
      ++commits;
    }
    traffic.add(sent % clients + 1);
    if (!traffic.is_due()) continue;
    traffic.commit();
    ++commits;
  }
  // One commit a second or for each full group, one for each alarm, and the commits that it takes
  // to find out that a client sends faster than a reply could come.
  const std::size_t found_out = rate > 30 ? 8 * Linger::kMostEchoesInRow : 0;
  CHECK(commits <= kSeconds + 8 + kSeconds * rate / Linger::kEnough + found_out);
}

TEST_CASE("a client of one message at a time is not held up by what finds others out",
          "[spool][unit]") {
  Traffic traffic;
  SteadyDuration took{};
  for (int i = 0; i < 1'000; ++i) {
    const SteadyTime sent = traffic.now;
    traffic.add();
    if (!traffic.is_due()) traffic.now = *traffic.linger.due_at();
    traffic.now += milliseconds{1};  // the commit
    traffic.commit();
    traffic.now += milliseconds{2};  // to the client and back
    took += traffic.now - sent;
  }
  CHECK(took < std::chrono::seconds{15});
}

TEST_CASE("what a commit left behind is due at once", "[spool][unit]") {
  Traffic traffic;
  for (std::size_t i = 0; i < Linger::kEnough + 5; ++i) traffic.add();
  auto part = traffic.waiting;
  part.clients.resize(Linger::kEnough);
  part.size.value = kSmall.value * Linger::kEnough;
  traffic.linger.taken(std::move(part));
  CHECK(traffic.is_due());
}

TEST_CASE("without a linger everything is due at once", "[spool][unit]") {
  Linger none{SteadyDuration::zero()};
  const SteadyTime now = SteadyTime{} + std::chrono::hours{1};
  CHECK(none.added(now, kSmall, nullptr));
  CHECK(none.due_at() == now);
}

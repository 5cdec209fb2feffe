#include "spool/linger.hpp"

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
  std::size_t waiting = 0;

  bool add(std::size_t count = 1) {
    bool changes = false;
    for (std::size_t i = 0; i < count; ++i) changes = linger.added(now, kSmall) || changes;
    waiting += count;
    return changes;
  }
  void commit() {
    linger.taken(waiting, ByteCount{kSmall.value * waiting});
    waiting = 0;
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

TEST_CASE("a batch that is large enough waits no longer", "[spool][unit]") {
  Traffic many;
  many.add(Linger::kEnough - 1);
  CHECK_FALSE(many.is_due());
  CHECK(many.add());
  CHECK(many.is_due());

  Traffic large;
  large.linger.added(large.now, Linger::kEnoughBytes);
  CHECK(large.is_due());
}

TEST_CASE("clients that send again as soon as they are answered are not kept waiting",
          "[spool][unit]") {
  Traffic traffic;
  traffic.add(20);
  traffic.now += kLongest;
  traffic.commit();

  // All but two, who had nothing more to say.
  traffic.now += milliseconds{5};
  traffic.add(17);
  CHECK_FALSE(traffic.is_due());
  CHECK(traffic.add());
  CHECK(traffic.is_due());
  traffic.commit();

  // The next round: they are fewer, and all of them.
  traffic.now += milliseconds{5};
  traffic.add(16);
  CHECK_FALSE(traffic.is_due());
  traffic.add();
  CHECK(traffic.is_due());
}

TEST_CASE("steady traffic is not taken for replies", "[spool][unit]") {
  const std::size_t rate = GENERATE(1, 5, 20, 100, 1'000, 10'000);
  CAPTURE(rate);
  Traffic traffic;
  std::size_t commits = 0;
  const auto pause = SteadyDuration{std::chrono::seconds{1}} / rate;
  for (std::size_t sent = 0; sent < 10 * rate; ++sent) {
    traffic.now += pause;
    if (traffic.is_due()) {
      traffic.commit();
      ++commits;
    }
    traffic.add();
    if (!traffic.is_due()) continue;
    traffic.commit();
    ++commits;
  }
  // One a second, or one for each full batch.
  CHECK(commits <= 11 + 10 * rate / Linger::kEnough);
}

TEST_CASE("what a commit left behind is due at once", "[spool][unit]") {
  Traffic traffic;
  traffic.add(Linger::kEnough + 5);
  traffic.linger.taken(Linger::kEnough, ByteCount{kSmall.value * Linger::kEnough});
  CHECK(traffic.is_due());
}

TEST_CASE("without a linger everything is due at once", "[spool][unit]") {
  Linger none{SteadyDuration::zero()};
  const SteadyTime now = SteadyTime{} + std::chrono::hours{1};
  CHECK(none.added(now, kSmall));
  CHECK(none.due_at() == now);
}

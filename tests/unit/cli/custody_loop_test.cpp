// Both ends of custody "receipt" work against each other without a link: the receiver's store, and
// the part of a gateway that reads receipts. Neither may wait for ever.
#include <algorithm>
#include <random>

#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"
#include "upstream/confirmation.hpp"

using namespace watchpost;
using receiver::Message;
using receiver::test::EventParts;

namespace {

struct Logged {
  Seq seq;
  std::string epoch;
  bool lost = false;  // lost together with its store
};

// Telemetry of a gateway whose store was salvaged several times: each epoch continues the numbers
// of the one before.
class Village {
 public:
  Village(std::mt19937_64& random, std::uint64_t epochs) : random_(random) {
    std::uint64_t next = 1;
    for (std::uint64_t epoch = 1; epoch <= epochs; ++epoch) {
      begins_.push_back(next);
      const std::string name = "7f3a000" + std::to_string(epoch);
      for (std::uint64_t count = 1 + random() % 12; count > 0; --count) {
        const bool lost = epoch < epochs && random() % 5 == 0;
        log_.push_back({Seq{next++}, name, lost});
      }
      present_ = name;
    }
    const Seq cursor{random() % log_.size()};
    at_ = cursor;
    gateway_.emplace(upstream::Confirmation::Start{.cursor = cursor, .head = log_.back().seq});
    for (const Logged& one : log_) {
      if (one.seq <= cursor || one.lost) continue;
      Record record;
      record.event_class = EventClass::telemetry;
      record.epoch = one.epoch;
      record.seq = one.seq;
      gateway_->sent(record);
    }
    gateway_->nothing_up_to(log_.back().seq);
  }

  // Messages as a broker may deliver them: in any order, gap events anywhere, some messages twice.
  std::vector<Message> deliver() {
    std::vector<Message> messages;
    for (const Logged& one : log_) {
      if (one.seq <= at_) continue;
      messages.push_back(one.lost ? gap_of(one)
                                  : receiver::test::telemetry(one.seq.value, one.epoch));
      if (random_() % 4 == 0) messages.push_back(messages.back());
    }
    std::shuffle(messages.begin(), messages.end(), random_);
    return messages;
  }
  // True where the gateway must tell the receiver its state anew.
  bool hear(const receiver::Kept& kept) {
    for (const auto& receipt : kept.receipts) {
      if (receipt.event_class != EventClass::telemetry) continue;
      const auto belief =
          gateway_->hear({receipt.epoch, receipt.event_class, receipt.sequence}, present_);
      REQUIRE(belief != upstream::Confirmation::Belief::beyond);
      at_ = std::max(at_, gateway_->advance(log_.back().seq));
    }
    return gateway_->take_stepped_aside();
  }
  [[nodiscard]] Message state() const { return state(at_.next()); }
  [[nodiscard]] Message state(Seq oldest) const {
    return receiver::test::online(begins_.back(), oldest.value, present_);
  }
  [[nodiscard]] Seq at() const { return at_; }
  [[nodiscard]] Seq last() const { return log_.back().seq; }

 private:
  // A gateway may have forgotten the epoch of the lost records; its gap event then names the
  // present epoch.
  Message gap_of(const Logged& one) {
    EventParts parts;
    parts.sequence = one.seq.value;
    parts.event_class = "status";
    parts.epoch = present_;
    parts.type = "cn.watchpost.gateway.gap.v1";
    parts.members =
        fmt::format(R"("class":"telemetry","epoch":"{}","first":{},"last":{},"reason":"damage")",
                    one.seq.value % 2 == 0 ? one.epoch : present_, one.seq.value, one.seq.value);
    return receiver::test::message(parts);
  }

  std::mt19937_64& random_;
  std::vector<Logged> log_;
  std::vector<std::uint64_t> begins_;
  std::string present_;
  Seq at_;
  std::optional<upstream::Confirmation> gateway_;
};

}  // namespace

TEST_CASE("a backlog over several epochs is confirmed to its end without waiting for a timeout",
          "[cli][receiver][unit]") {
  const std::uint64_t epochs = GENERATE(1, 2, 3, 4, 5);
  for (int turn = 0; turn < 12; ++turn) {
    std::mt19937_64 random(Catch::rngSeed() + epochs * 1'000 + static_cast<std::uint64_t>(turn));
    CAPTURE(Catch::rngSeed(), epochs, turn);
    const support::TempDirectory directory;
    const auto file = directory.path() / "RECEIVED.db";
    auto store = receiver::Store::open(file).value();
    const auto keep = [&](const std::vector<Message>& messages) {
      return store.keep(messages, WallTime{}).value();
    };
    Village village(random, epochs);
    bool told = village.hear(keep({village.state()}));
    const auto everything = village.deliver();
    for (std::size_t begin = 0; begin < everything.size();) {
      const std::size_t end = std::min(everything.size(), begin + 1 + random() % 6);
      std::vector<Message> batch(everything.begin() + static_cast<std::ptrdiff_t>(begin),
                                 everything.begin() + static_cast<std::ptrdiff_t>(end));
      begin = end;
      told = village.hear(keep(batch));
      while (told) told = village.hear(keep({village.state()}));
    }
    REQUIRE(village.at().value == village.last().value);
  }
}

TEST_CASE("a receiver with an old word of the gateway goes on with the first one after a timeout",
          "[cli][receiver][unit]") {
  for (std::uint64_t turn = 0; turn < 20; ++turn) {
    std::mt19937_64 random(Catch::rngSeed() + turn);
    CAPTURE(Catch::rngSeed(), turn);
    const support::TempDirectory directory;
    auto store = receiver::Store::open(directory.path() / "RECEIVED.db").value();
    Village village(random, 1 + random() % 4);
    // The broker retained this state before another receiver confirmed a part of the records.
    std::vector<Message> word{village.state(Seq{1 + random() % (village.at().value + 1)})};
    std::uint64_t timeouts = 0;
    while (village.at() < village.last()) {
      bool told = village.hear(store.keep(word, WallTime{}).value());
      told = village.hear(store.keep(village.deliver(), WallTime{}).value()) || told;
      while (told) {
        told = village.hear(store.keep(std::vector{village.state()}, WallTime{}).value());
      }
      if (village.at() == village.last()) break;
      // As Uplink::watch_receipts does: all unconfirmed records again, and the present state.
      word = {village.state()};
      REQUIRE(++timeouts <= 1);
    }
  }
}

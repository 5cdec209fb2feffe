#include "spool/queue/recent_records.hpp"

#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

Record numbered(std::uint64_t seq, EventClass event_class = EventClass::telemetry,
                std::size_t size = 10) {
  Record record = a_record(event_class, std::string(size, 'x'));
  record.seq = Seq{seq};
  return record;
}

std::vector<std::uint64_t> numbers_of(const std::optional<std::vector<SharedRecord>>& records) {
  std::vector<std::uint64_t> numbers;
  for (const auto& record : records.value()) numbers.push_back(record->seq.value);
  return numbers;
}

ReadRequest after(std::uint64_t seq, std::size_t most = 256) {
  return {EventClass::telemetry, Seq{seq}, most, ByteCount{1U << 30U}};
}

// A reader that notes when it was asked, and answers nothing.
class AskedReader final : public LogReader {
 public:
  void read(const ReadRequest& request, Answer) override { asked.push_back(request.after); }
  void read_set_aside(const std::string&, std::uint64_t, SetAsideAnswer) override {}
  std::vector<Seq> asked;
};

}  // namespace

TEST_CASE("what was committed last is read from memory, in order and within bounds",
          "[spool][unit]") {
  RecentRecords recent;
  for (std::uint64_t seq = 5; seq <= 9; ++seq) recent.add(numbered(seq));
  recent.add(numbered(1, EventClass::alarm));

  CHECK(numbers_of(recent.read(after(4))) == std::vector<std::uint64_t>{5, 6, 7, 8, 9});
  CHECK(numbers_of(recent.read(after(6, 2))) == std::vector<std::uint64_t>{7, 8});
  auto small = after(4);
  small.most_bytes = ByteCount{1};
  CHECK(numbers_of(recent.read(small)) == std::vector<std::uint64_t>{5});

  // For numbers before and past the recent records, and for another class, the log must be asked.
  CHECK_FALSE(recent.read(after(3)));
  CHECK_FALSE(recent.read(after(9)));
  CHECK_FALSE(recent.read({EventClass::patrol, Seq{}}));
}

TEST_CASE("a number that came by another way breaks the row", "[spool][unit]") {
  RecentRecords recent;
  recent.add(numbered(5));
  recent.add(numbered(7));
  CHECK_FALSE(recent.read(after(4)));
  CHECK_FALSE(recent.read(after(5)));
  CHECK(numbers_of(recent.read(after(6))) == std::vector<std::uint64_t>{7});
}

TEST_CASE("memory for recent records is bounded, and what the store dropped is forgotten",
          "[spool][unit]") {
  RecentRecords recent;
  constexpr std::size_t kLarge = RecentRecords::kMostBytes.value / 4;
  for (std::uint64_t seq = 1; seq <= 6; ++seq) {
    recent.add(numbered(seq, EventClass::telemetry, kLarge));
  }
  CHECK_FALSE(recent.read(after(2)));
  CHECK(numbers_of(recent.read(after(3))) == std::vector<std::uint64_t>{4, 5, 6});

  recent.forget_before(EventClass::telemetry, Seq{6});
  CHECK_FALSE(recent.read(after(4)));
  CHECK(numbers_of(recent.read(after(5))) == std::vector<std::uint64_t>{6});
}

TEST_CASE("the log is asked for what is not recent", "[spool][unit]") {
  RecentRecords recent;
  recent.add(numbered(8));
  AskedReader log;
  RecentFirstReader reader(recent, log);

  std::optional<std::vector<SharedRecord>> answer;
  const auto keep = [&](LogReader::Found found) { answer = std::move(found).value(); };
  reader.read(after(7), keep);
  CHECK(numbers_of(answer) == std::vector<std::uint64_t>{8});
  CHECK(log.asked.empty());

  reader.read(after(6), keep);
  CHECK(log.asked == std::vector<Seq>{Seq{6}});
}

#include "model/receipt.hpp"

#include "support/catch.hpp"

using namespace watchpost;

TEST_CASE("a receipt that was written is read back", "[model][unit]") {
  const std::vector<Receipt> one{{"7f3a0001", EventClass::alarm, Seq{4'711}}};
  CHECK(receipt_text(one) == R"({"epoch":"7f3a0001","class":"alarm","sequence":4711})");
  auto several = one;
  several.push_back({"00c0ffee", EventClass::telemetry, Seq{18'446'744'073'709'551'615ULL}});
  for (const auto& receipts : {one, several, std::vector<Receipt>{}}) {
    const auto read = parse_receipts(receipt_text(receipts)).value();
    REQUIRE(read.size() == receipts.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
      CHECK(read[i].epoch == receipts[i].epoch);
      CHECK(read[i].event_class == receipts[i].event_class);
      CHECK(read[i].sequence == receipts[i].sequence);
    }
  }
}

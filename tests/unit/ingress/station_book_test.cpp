#include "ingress/station_book.hpp"

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"

namespace watchpost::ingress {
namespace {

using namespace std::chrono_literals;

StationBook::Speaker station_called(std::string name) {
  return {ListenerProtocol::gb26875, std::move(name), "192.0.2.7", 5000};
}

TEST_CASE("a station is listed with its last hearing and its messages", "[ingress][unit]") {
  StationBook book;
  const SteadyTime now{1h};
  book.heard(station_called("a"), now);
  book.heard(station_called("a"), now + 5s);
  const auto stations = book.stations();
  REQUIRE(stations.size() == 1);
  CHECK(stations[0].station == "a");
  CHECK(stations[0].messages == 2);
  CHECK(stations[0].heard_at == now + 5s);
  CHECK(book.troubles(now).empty());
}

TEST_CASE("a station that sends noise is named for a day, in both languages", "[ingress][unit]") {
  StationBook book;
  const SteadyTime now{1h};
  const Trouble told = book.noise(station_called("a"), 3, "\x40\x40\x01", now);
  for (const Language language : {Language::english, Language::chinese}) {
    const std::string sentence = sentence_of(told, language);
    for (const char* part : {"192.0.2.7", "5000", "gb26875", "404001"}) {
      CAPTURE(sentence, part);
      CHECK(sentence.find(part) != std::string::npos);
    }
  }
  book.heard(station_called("a"), now + 1h);
  CHECK(book.troubles(now + 23h).size() == 1);
  CHECK(book.troubles(now + 24h).empty());
}

TEST_CASE("the book is bounded: the station that was silent longest makes room",
          "[ingress][unit]") {
  StationBook book;
  SteadyTime now{1h};
  for (std::size_t i = 0; i <= StationBook::kMostStations; ++i) {
    book.noise(station_called(std::to_string(i)), 1, "x", now);
    now += 1s;
  }
  const auto stations = book.stations();
  CHECK(stations.size() == StationBook::kMostStations);
  for (const auto& station : stations) CHECK(station.station != "0");
  CHECK(book.troubles(now).size() == StationBook::kMostTroubles);
}

}  // namespace
}  // namespace watchpost::ingress

#include "cli/event_line.hpp"

#include "support/catch.hpp"

using namespace watchpost;

namespace {

std::string an_event(const std::string& data) {
  return R"({"id":"7f3a.a.11","subject":"kitchen","recordedtime":"2026-11-23T19:41:07.120Z",)"
         R"("wpclass":"alarm","data":)" +
         data + "}";
}

bool shows(const std::string& line, const std::string& part) {
  CAPTURE(line);
  return line.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an event's line begins with time, class, id, device and state", "[cli][unit]") {
  const auto line = cli::event_line(an_event(R"({"state":"raised"})"));
  CHECK(line.find("2026-11-23T19:41:07.120Z  alarm ") == 0);
  CHECK(line.find("7f3a.a.11") < line.find("kitchen"));
  CHECK(line.find("kitchen") < line.find("raised"));
}

TEST_CASE("readings are shown with their units, numbers as people write them", "[cli][unit]") {
  const auto line = cli::event_line(an_event(
      R"({"state":"raised","readings":[{"n":"smoke","vb":true},{"n":"bat","u":"%EL","v":9.7E1},)"
      R"({"n":"level","u":"m","v":-0.25},{"n":"mode","vs":"test"},{"n":"co","v":null}]})"));
  CHECK(shows(line, "smoke=true"));
  CHECK(shows(line, "bat=97 %EL"));
  CHECK(shows(line, "level=-0.25 m"));
  CHECK(shows(line, "mode=test"));
  CHECK(shows(line, "co=?"));
}

TEST_CASE("what could not be read is shown with its topic and the reason", "[cli][unit]") {
  const auto line = cli::event_line(
      an_event(R"({"outcome":"malformed","topic":"lid/12/state","why":"not valid JSON"})"));
  CHECK(shows(line, "malformed"));
  CHECK(shows(line, "lid/12/state"));
  CHECK(shows(line, "(not valid JSON)"));
}

TEST_CASE("a line that is no event is given back as it is", "[cli][unit]") {
  for (const std::string text : {"", "{", "[1]", "hello", "{\"data\":3}"}) {
    const auto line = cli::event_line(text);
    if (text.starts_with("{\"")) continue;  // an object with nothing of an event: an empty line
    CHECK(line == text);
  }
}

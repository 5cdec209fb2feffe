// Stage: plays a script against judgement, with a clock that is moved by hand and a store without
// a disk, and writes down what it says.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/script.hpp"
#include "scenarios/wishes.hpp"
#include "support/duty_desk.hpp"

namespace watchpost::scenarios {

class Stage {
 public:
  // What the file should say below its heading, if judgement is right.
  [[nodiscard]] std::string play(const Script& script);

 private:
  using Words = std::vector<std::string>;

  void act(const Happening& happening);
  void report(const Happening& happening);
  void report_once(const Happening& happening, const Round& round);
  void hear(const Observation& observation, const rules::CameBy& by);
  void set_interval(const Happening& happening);
  void command(const Happening& happening);
  void happen(const Happening& happening);
  void show_list();
  void advance_to(std::chrono::seconds at);
  void say(std::string_view text);
  // Transitions, deeds and tone that are new since the last call.
  bool say_news();

  support::DutyDesk desk_;
  std::chrono::milliseconds time_{0};
  std::size_t told_ = 0;
  std::size_t deeds_ = 0;
  rules::Tone tone_ = rules::Tone::none;
  bool is_disk_broken_ = false;
  std::string text_;
  std::map<std::string, Device> entered_;
};

}  // namespace watchpost::scenarios

// SilencePromises: what supervision must do, checked on what is committed: who is heard in time is
// never told as silent, and who is not heard for long is told of, alone or with its radio. It knows
// when each device was heard and how often it is to be, and nothing of how that is kept.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "support/duty_desk.hpp"

namespace watchpost::model {

class SilencePromises {
 public:
  explicit SilencePromises(const support::DutyDesk& desk);

  // `device` says something that is no copy.
  void heard(const std::string& device);
  void committed(const support::DutyDesk::Append& append);
  // After each step of a run.
  void look();
  void is_back();

  [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }
  [[nodiscard]] std::size_t silences() const { return silences_; }

 private:
  struct Known {
    SteadyTime heard{};  // or since when it is waited for
    std::chrono::seconds expected{0};
    SteadyTime expected_since{};
    bool is_told = false;  // since it was heard
  };
  void see(const Transition& transition);
  void see(const Device& device);
  void check(const std::string& id, const Known& known);

  const support::DutyDesk& desk_;
  std::map<std::string, Known> devices_;
  // When last nobody could be told of a device: the list was full, the alarm of a radio was open,
  // or commits waited, that may fail.
  SteadyTime excused_{};
  // Commits waited at the last look; what comes now was judged at another time.
  bool has_waited_ = false;
  std::vector<std::string> broken_;
  std::size_t silences_ = 0;
};

}  // namespace watchpost::model

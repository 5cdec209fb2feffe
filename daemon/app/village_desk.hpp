// VillageDesk: the villages below this gateway at work in the daemon: their open alarms as they
// tell them, and what a person here asks one of them to do.
// Promise: what is shown of a village is on disk here; a village's alarm is acted on by the village
// alone, and its own answer is told, or that there is none. After a start the mirrors are made
// again of the newest alarm records of the log, kMostReadAgain of them. I/O thread only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "ingress/listener.hpp"
#include "model/seq_range.hpp"
#include "pipeline/pipeline.hpp"
#include "spool/log_reader.hpp"
#include "spool/spool.hpp"
#include "villages/errands.hpp"
#include "villages/mirrors.hpp"

namespace watchpost::app {

class VillageDesk {
 public:
  static constexpr std::uint64_t kMostReadAgain = 20'000;

  struct Surroundings {  // all of it outlives the desk
    boost::asio::io_context& io;
    const Clock& clock;
    Log& log;
    spool::Spool& spool;
    spool::LogReader& reader;
    ingress::Listener& listener;
    pipeline::Pipeline& pipeline;
  };
  VillageDesk(Surroundings around, std::string own_gateway);
  VillageDesk(const VillageDesk&) = delete;
  VillageDesk& operator=(const VillageDesk&) = delete;
  ~VillageDesk();

  // Reads what the log has of villages.
  void start();
  void stop();
  // A message, before its commit.
  void heard(const Message& message);
  // Has a command done here, or by the village that it names. `told` is called once.
  using Told = std::function<void(const CommandResult&)>;
  // It is about this gateway.
  [[nodiscard]] bool is_here(const Command& command) const {
    return command.gateway.empty() || command.gateway == own_;
  }
  void obey(Command command, Told told);

  // "villages": those with open alarms, and those that are not connected.
  void add_villages(boost::json::object& into) const;
  // Their open alarms that nobody has taken, by what they told last; no faults.
  [[nodiscard]] std::size_t untaken() const;
  // Of "zhaoxiang-03/37"; nothing where it is not known.
  [[nodiscard]] std::optional<boost::json::object> alarm(std::string_view name) const;

 private:
  void kept(const Record& record);
  void read_on(SeqRange left);
  // After a while.
  void read_again(SeqRange left, const Failure& why);
  [[nodiscard]] CommandResult send_down(Command command, const Told& told);
  void look();
  [[nodiscard]] boost::json::object alarm_json(const villages::Mirror& mirror) const;

  Surroundings around_;
  std::string own_;
  villages::Mirrors mirrors_;
  villages::Errands errands_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer read_timer_;
  bool is_read_ = false;  // what the log has of before this start
  bool is_told_ = false;  // that it could not be read
  std::shared_ptr<VillageDesk*> self_;
};

}  // namespace watchpost::app

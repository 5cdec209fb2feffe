#include "outputs/hook.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace watchpost::outputs {
namespace {

constexpr std::chrono::milliseconds kLookAtChild{50};
constexpr std::chrono::seconds kMostToEnd{5};

// What is closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// How the child begins: in a group of its own, signals as usual, nothing open but the standard
// three.
class Beginning {
 public:
  explicit Beginning(int standard_input) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, standard_input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Beginning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  [[nodiscard]] int spawn(pid_t& child, std::vector<std::string> command,
                          std::vector<std::string> environment) {
    std::vector<char*> words = pointers_to(command);
    std::vector<char*> variables = pointers_to(environment);
    return ::posix_spawn(&child, words.front(), &files_, &attributes_, words.data(),
                         variables.data());
  }

 private:
  static std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  }
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Channel::Outcome outcome_of(const siginfo_t& how) {
  if (how.si_code != CLD_EXITED)
    return {ToldHow::failed, fmt::format("signal {}", how.si_status), {}};
  if (how.si_status != 0) return {ToldHow::failed, fmt::format("exit {}", how.si_status), {}};
  return {};
}

}  // namespace

Hook::Hook(const boost::asio::any_io_executor& io, HookOptions options)
    : options_(std::move(options)), self_(std::make_shared<Hook*>(this)), timer_(io) {}

Hook::~Hook() {
  stop();
}

void Hook::send(const Letter& letter, Done done) {
  done_ = std::move(done);
  is_overdue_ = false;
  deadline_ = std::chrono::steady_clock::now() + options_.timeout;
  const int error = start(letter);
  if (error == 0) return look_later(kLookAtChild, {});
  child_ = 0;
  look_later(std::chrono::milliseconds{0}, {ToldHow::not_started, std::strerror(error), {}});
}

// The JSON is shorter than a pipe holds, so that nobody waits for who reads it.
int Hook::start(const Letter& letter) {
  if (is_stuck()) return EBUSY;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
  Descriptor input(ends[0]);
  Descriptor output(ends[1]);
  (void)::fcntl(output.number(), F_SETFL, O_NONBLOCK);
  const auto written = ::write(output.number(), letter.json.data(), letter.json.size());
  if (written < 0 || static_cast<std::size_t>(written) < letter.json.size()) return E2BIG;
  output.close();
  std::vector<std::string> environment = letter.environment;
  environment.emplace_back("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  environment.emplace_back("LANG=C.UTF-8");
  return Beginning(input.number()).spawn(child_, options_.command, std::move(environment));
}

bool Hook::is_stuck() {
  if (stuck_ != 0 && ::waitpid(stuck_, nullptr, WNOHANG) != 0) stuck_ = 0;
  return stuck_ != 0;
}

void Hook::look_later(std::chrono::milliseconds when, Outcome not_started) {
  timer_.expires_after(when);
  timer_.async_wait([weak = std::weak_ptr(self_),
                     not_started = std::move(not_started)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    if (not_started.how != ToldHow::accepted) return (*self)->end(not_started);
    (*self)->look();
  });
}

// Its group is ended before it is waited for: until then nobody else can have its number.
void Hook::look() {
  siginfo_t how{};
  const bool is_there =
      ::waitid(P_PID, static_cast<id_t>(child_), &how, WEXITED | WNOHANG | WNOWAIT) == 0;
  const bool has_ended = is_there && how.si_pid != 0;
  const auto now = std::chrono::steady_clock::now();
  if (has_ended || !is_there || now >= deadline_) {
    is_overdue_ = is_overdue_ || !has_ended;
    ::kill(-child_, SIGKILL);
  }
  const bool is_waited_for = !has_ended && is_there;
  if (is_waited_for && now < deadline_ + kMostToEnd) return look_later(kLookAtChild, {});
  if (is_waited_for)
    stuck_ = std::exchange(child_, 0);
  else
    ::waitpid(std::exchange(child_, 0), nullptr, WNOHANG);
  end(is_overdue_ ? Outcome{ToldHow::overdue, {}, {}} : outcome_of(how));
}

void Hook::end(const Outcome& outcome) {
  const Done done = std::exchange(done_, {});
  if (done) done(outcome);
}

void Hook::stop() {
  timer_.cancel();
  done_ = {};
  if (child_ == 0) return;
  ::kill(-child_, SIGKILL);
  ::waitpid(std::exchange(child_, 0), nullptr, WNOHANG);
}

}  // namespace watchpost::outputs

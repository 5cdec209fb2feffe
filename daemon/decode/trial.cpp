#include "decode/trial.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

namespace watchpost::decode {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{2};
constexpr char kCameBack = '!';

struct Ending {
  int status = 0;
  bool too_late = false;
};

// Never returns.
void run_there(const std::function<void()>& run, int told) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Handlers of ours are not for what happens here.
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM, SIGINT}) {
    ::signal(signal, SIG_DFL);
  }
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  run();
  const auto written = ::write(told, &kCameBack, 1);
  ::_exit(written == 1 ? 0 : 1);
}

Ending await(pid_t child, std::chrono::milliseconds longest) {
  Ending ending;
  const auto end = std::chrono::steady_clock::now() + longest;
  for (;;) {
    const pid_t ended = ::waitpid(child, &ending.status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) return ending;
    if (std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  ending.too_late = true;
  ::kill(child, SIGKILL);
  while (::waitpid(child, &ending.status, 0) < 0 && errno == EINTR) {
  }
  return ending;
}

Phrase how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const std::string number = std::to_string(WTERMSIG(status));
    const char* name = ::strsignal(WTERMSIG(status));
    return {"signal " + number + ", " + name, "信号 " + number + "，" + name};
  }
  const std::string code = std::to_string(WEXITSTATUS(status));
  return {"exit code " + code, "退出码 " + code};
}

Failure failure_of(const std::string& file, const Ending& ending,
                   std::chrono::milliseconds longest) {
  const std::string remedy =
      "Take its [[decoder]] section out until it is mended; `watchpost decode` opens it too";
  const std::string remedy_zh =
      "请先删掉它的 [[decoder]] 段，修好以后再用；watchpost decode "
      "也会打开它，可用来检查";
  if (ending.too_late) {
    const std::string seconds =
        std::to_string(std::chrono::ceil<std::chrono::seconds>(longest).count());
    return Failure{Failure::Kind::refused,
                   "the decoder " + file + " has not finished opening after " + seconds +
                       " s, tried in a process of its own: the daemon would never start",
                   remedy, nullptr,
                   "解码器 " + file + " 在单独的进程里试着打开，" + seconds +
                       " 秒后仍未完成：程序会一直无法启动。" + remedy_zh};
  }
  const auto [how, how_zh] = how_it_ended(ending.status);
  return Failure{Failure::Kind::refused,
                 "the decoder " + file + " ended the process of its own in which it was tried (" +
                     how + "): opened here it would end the daemon",
                 remedy, nullptr,
                 "解码器 " + file + " 在单独的进程里试着打开时，那个进程结束了（" + how_zh +
                     "）：在这里打开会使程序退出。" + remedy_zh};
}

}  // namespace

Result<void> try_apart(const std::string& file, const std::function<void()>& run,
                       std::chrono::milliseconds longest) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) run_there(run, pipe[1]);
  ::close(pipe[1]);
  char told = 0;
  Result<void> result;
  if (child > 0) {
    const Ending ending = await(child, longest);
    const bool came_back = ::read(pipe[0], &told, 1) == 1 && told == kCameBack;
    if (!came_back) result = failure_of(file, ending, longest);
  }
  ::close(pipe[0]);
  return result;
}

}  // namespace watchpost::decode

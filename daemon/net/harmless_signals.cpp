#include "net/harmless_signals.hpp"

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <utility>

#include "base/result.hpp"

namespace watchpost::net {
namespace {

constexpr std::chrono::minutes kToldOnceIn{1};

sigset_t harmless_signals() {
  sigset_t all;
  ::sigemptyset(&all);
  for (const int signal : kHarmlessSignals) ::sigaddset(&all, signal);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) ::sigaddset(&all, signal);
  return all;
}

int open_arrivals() {
  const sigset_t all = harmless_signals();
  const int descriptor = ::signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor < 0) {
    const std::string why = std::strerror(errno);
    throw StartupError(in_both(Failure::Kind::environment,
                               English{fmt::format("Signals cannot be read: {}", why),
                                       "Raise the limit of open files (LimitNOFILE in the unit)"},
                               Chinese{fmt::format("无法接收信号（系统信息：{}）", why),
                                       "请提高打开文件数的上限（服务单元中的 LimitNOFILE）"}));
  }
  return descriptor;
}

}  // namespace

void hold_back_signals() {
  const sigset_t all = harmless_signals();
  (void)::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU}) std::signal(signal, SIG_IGN);
}

std::string sentence_about(int signal, const SignalAdvice& advice) {
  if (signal == SIGHUP) {
    return fmt::format("Hangup (SIGHUP) received and ignored: {}", advice.hangup);
  }
  return fmt::format("Signal {} ({}) received and ignored: it means nothing to {}. To stop it: {}",
                     signal, ::strsignal(signal), advice.program, advice.stop);
}

HarmlessSignals::HarmlessSignals(boost::asio::io_context& io, const Clock& clock, Log& log)
    : advice_(), clock_(clock), log_(log), arrivals_(io, open_arrivals()) {}

void HarmlessSignals::start(const SignalAdvice& advice, std::function<void()> on_hangup) {
  advice_ = advice;
  on_hangup_ = std::move(on_hangup);
  wait();
}

void HarmlessSignals::wait() {
  arrivals_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                         if (error) return;
                         tell_all();
                         wait();
                       });
}

void HarmlessSignals::tell_all() {
  signalfd_siginfo arrival{};
  while (::read(arrivals_.native_handle(), &arrival, sizeof arrival) == sizeof arrival) {
    const int signal = static_cast<int>(arrival.ssi_signo);
    if (signal == SIGHUP && on_hangup_) {
      on_hangup_();
      continue;
    }
    const SteadyTime now = clock_.steady();
    const auto [at, first] = told_.try_emplace(signal, now);
    if (!first && now - at->second < kToldOnceIn) continue;
    at->second = now;
    log_.warning("{}", sentence_about(signal, advice_));
  }
}

}  // namespace watchpost::net

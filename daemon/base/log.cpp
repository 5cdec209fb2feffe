#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdlib>

namespace watchpost {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

class SpdlogLog final : public Log {
 public:
  SpdlogLog(spdlog::sink_ptr sink, LogLevel threshold)
      : logger_("watchpostd", std::move(sink)), threshold_(threshold) {
    logger_.set_level(to_spdlog(threshold));
    logger_.flush_on(spdlog::level::info);
  }
  void write(LogLevel level, std::string_view line) override {
    logger_.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
  }
  [[nodiscard]] bool wants(LogLevel level) const override { return level >= threshold_; }
  void set_threshold(LogLevel threshold) override {
    threshold_ = threshold;
    logger_.set_level(to_spdlog(threshold));
  }

 private:
  spdlog::logger logger_;
  std::atomic<LogLevel> threshold_;
};

}  // namespace

std::unique_ptr<Log> make_log(LogSink sink, LogLevel threshold) {
  // systemd sets JOURNAL_STREAM when stderr is connected to the journal (systemd.exec(5)).
  const bool journal = sink == LogSink::journal ||
                       (sink == LogSink::automatic && std::getenv("JOURNAL_STREAM") != nullptr);
  if (journal) {
    return std::make_unique<SpdlogLog>(
        std::make_shared<spdlog::sinks::systemd_sink_mt>("watchpostd"), threshold);
  }
  auto stream = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  stream->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  return std::make_unique<SpdlogLog>(std::move(stream), threshold);
}

}  // namespace watchpost

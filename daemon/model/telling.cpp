#include "model/telling.hpp"

#include <array>

namespace watchpost {
namespace {

struct Row {
  std::string_view name, english, chinese;
};
constexpr std::array<Row, kToldHowCount> kRows{{
    {"accepted", "was told", "已通知"},
    {"unreached", "cannot be reached", "连不上"},
    {"no_answer", "gave no answer in time", "没有按时应答"},
    {"broken", "broke off its answer", "应答中途断开"},
    {"status", "answered", "应答"},
    {"refused", "refused", "拒绝接收"},
    {"not_started", "could not be started", "无法启动"},
    {"failed", "ended", "运行失败"},
    {"overdue", "did not end in time", "超时未结束"},
}};

}  // namespace

std::string_view to_string(ToldHow how) {
  return kRows[static_cast<std::size_t>(how)].name;
}

std::optional<ToldHow> told_how_from(std::string_view name) {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<ToldHow>(i);
  }
  return std::nullopt;
}

std::string_view told_word(ToldHow how, Language language) {
  const Row& row = kRows[static_cast<std::size_t>(how)];
  return language == Language::english ? row.english : row.chinese;
}

}  // namespace watchpost

#include "gst9000/headline.hpp"

#include <algorithm>
#include <array>

namespace watchpost::gst9000 {
namespace {

struct Word {
  std::string_view text;
  Meaning meaning;
};
// The first that a headline contains counts. 首次火警, 火警后续 and 系统复位 are of the published
// records; the others are the states of GB 4717 and GB/T 26875.3 (fire, fault, shielded,
// supervised, started, feedback, delay) in the panel's language.
constexpr std::array kWords{
    Word{"复位", Meaning::reset},      Word{"预警", Meaning::prealarm},
    Word{"预报警", Meaning::prealarm}, Word{"预火警", Meaning::prealarm},
    Word{"火警", Meaning::alarm},      Word{"火灾", Meaning::alarm},
    Word{"喷洒", Meaning::alarm},      Word{"喷放", Meaning::alarm},
    Word{"漏气", Meaning::alarm},      Word{"监管", Meaning::supervisory},
    Word{"屏蔽", Meaning::shielded},   Word{"隔离", Meaning::shielded},
    Word{"故障", Meaning::fault},      Word{"丢失", Meaning::fault},
    Word{"欠压", Meaning::fault},      Word{"短路", Meaning::fault},
    Word{"断路", Meaning::fault},      Word{"开路", Meaning::fault},
    Word{"掉电", Meaning::fault},      Word{"停电", Meaning::fault},
    Word{"中断", Meaning::fault},      Word{"报警", Meaning::alarm},
    Word{"反馈", Meaning::feedback},   Word{"回答", Meaning::feedback},
    Word{"延时", Meaning::delayed},    Word{"启动", Meaning::started},
    Word{"起动", Meaning::started},    Word{"停动", Meaning::started},
    Word{"停止", Meaning::started},    Word{"动作", Meaning::started},
    Word{"消音", Meaning::muted},      Word{"静音", Meaning::muted},
    Word{"自检", Meaning::test},       Word{"测试", Meaning::test},
    Word{"试验", Meaning::test},       Word{"手动", Meaning::operation},
    Word{"自动", Meaning::operation},  Word{"开机", Meaning::operation},
    Word{"关机", Meaning::operation},  Word{"登录", Meaning::operation},
    Word{"设置", Meaning::operation},  Word{"打印", Meaning::operation},
    Word{"查岗", Meaning::operation},
};

constexpr std::array<std::string_view, 9> kOver{"恢复", "解除", "撤销", "撤消", "消除",
                                                "排除", "释放", "停动", "停止"};
constexpr std::array<std::string_view, 4> kTest{"测试", "试验", "模拟", "自检"};

template <class Words>
bool has_any(std::string_view text, const Words& words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

}  // namespace

Headline headline_from(std::string_view text) {
  const auto* const word = std::find_if(kWords.begin(), kWords.end(), [text](const Word& entry) {
    return text.find(entry.text) != std::string_view::npos;
  });
  if (word == kWords.end()) return {};
  return {word->meaning, has_any(text, kOver), has_any(text, kTest)};
}

}  // namespace watchpost::gst9000

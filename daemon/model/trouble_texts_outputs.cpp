// The texts about outputs: sirens and channels that cannot be told, are not there, or do not
// answer.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kOutputTexts{
    TroubleEntry{Code::output_not_reached,
                 Severity::critical,
                 {"The siren {output} cannot be told anything, since broker {broker} is not "
                  "reached: an alarm makes no sound there",
                  ""},
                 {"无法控制警报器 {output}，因为连不上本地服务器 {broker}：有报警时它不会响", ""}},
    TroubleEntry{
        Code::output_not_heard,
        Severity::critical,
        {"Nobody listens on {topic}, so the siren {output} is not there: an alarm makes no sound",
         "Look whether it has power and network (Zigbee2MQTT: whether that program runs), and "
         "whether topic of its [[output]] is the one on which it takes commands"},
        {"没有设备订阅 {topic}，警报器 {output} 不在线：有报警时它不会响",
         "请检查它的电源和网络（Zigbee2MQTT 设备还要看该程序是否在运行），并核对 [[output]] 的 "
         "topic 是否是它接收命令的主题"}},
    TroubleEntry{
        Code::output_refused,
        Severity::critical,
        {"Broker {broker} does not let this box publish on {topic}, so the siren {output} makes no "
         "sound",
         "Give the user of this [[broker]] the right to write to that topic (Mosquitto: a line "
         "`topic write …` in its ACL file)"},
        {"本地服务器 {broker} 不允许本机向 {topic} 发布，警报器 {output} 不会响",
         "请给 [[broker]] 的用户加上该主题的写权限（Mosquitto：在 ACL 文件里加一行 topic "
         "write …）"}},
    TroubleEntry{
        Code::output_no_answer,
        Severity::critical,
        {"The siren {output} does not say on {topic} that it does what it was told, so nobody "
         "knows whether it sounds",
         "Go there and listen. Look whether it has power and network, and whether state_topic, "
         "state_on and state_off of its [[output]] are what it publishes"},
        {"警报器 {output} 没有在 {topic} 上回报执行了命令，无法确认它是否在响",
         "请到现场听一听；检查它的电源和网络，并核对 [[output]] 的 state_topic、state_on、"
         "state_off 是否与它发布的一致"}},
    TroubleEntry{
        Code::output_not_told,
        Severity::critical,
        {"The output {output} does not take what it is told ({code}): who reads there is not told "
         "of alarms; {alarms:alarm} not told yet",
         "Look whether its url or command is right and its service lets this box write. `watchpost "
         "alarms` lists the alarms, `watchpost alarm` with a number of that list shows what became "
         "of each attempt. While an alarm waits it is tried again at most a minute later, else "
         "with the "
         "next one"},
        {"输出 {output} 没有收下通知（{code}）：那里的人不知道有警情；还没通知到的 {alarms} 条",
         "请核对它的 url 或 command，以及对方服务是否允许本机发送；用 `watchpost alarms` "
         "查编号，再用 `watchpost alarm 编号` "
         "查每次通知的结果。有警情等待通知时最多一分钟后再试，否则下一次警情时再试"}},
    TroubleEntry{
        Code::output_test_failed,
        Severity::critical,
        {"The last test of the output {output} failed ({code}): an alarm may not be heard there",
         "Look whether it has power and network and is what its [[output]] says, then test it "
         "again: `watchpost outputs test {output} --by NAME`"},
        {"输出 {output} 最近一次测试失败（{code}）：有报警时那里可能不知道",
         "请检查它的电源、网络和 [[output]] 的设置，再测一次：`watchpost outputs test {output} "
         "--by "
         "姓名`"}},
    TroubleEntry{
        Code::output_never_tested,
        Severity::advice,
        {"The output {output} has never been tested, so nobody knows whether an alarm is heard "
         "there",
         "Somebody stands by it; then: `watchpost outputs test {output} --by NAME`"},
        {"输出 {output} 从未测试过，无法确认有报警时那里能否知道",
         "请派人守在旁边，然后运行：`watchpost outputs test {output} --by 姓名`"}},
    TroubleEntry{Code::output_test_due,
                 Severity::advice,
                 {"The output {output} was tested {days} days ago; test it each month",
                  "Somebody stands by it; then: `watchpost outputs test {output} --by NAME`"},
                 {"输出 {output} 上次测试是在 {days} 天前；每月要测一次",
                  "请派人守在旁边，然后运行：`watchpost outputs test {output} --by 姓名`"}},
};

}  // namespace

std::span<const TroubleEntry> output_troubles() {
  return kOutputTexts;
}

}  // namespace watchpost

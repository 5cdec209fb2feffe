// The texts about upstreams: what an operator reads when the street does not get its events.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kUpstreamTexts{
    TroubleEntry{
        Code::not_set_up,
        Severity::warning,
        {"This box is not set up yet: it listens to this machine only, keeps what arrives, "
         "and tells nobody",
         "Run: sudo watchpost setup"},
        {"本机尚未设置：只接受来自本机的消息，收到的都保存，但不上报给任何人",
         "请运行：sudo watchpost setup"}},
    TroubleEntry{Code::no_upstream_for_alarms,
                 Severity::critical,
                 {"No upstream gets alarms: not one [[upstream]] has \"alarm\" in its classes",
                  "Add \"alarm\" to classes of an [[upstream]] in watchpost.toml and restart the "
                  "service"},
                 {"没有上级接收报警：所有 [[upstream]] 的 classes 中都没有 \"alarm\"",
                  "请在 watchpost.toml 中某个 [[upstream]] 的 classes 加上 \"alarm\"，并重启服务"}},
    TroubleEntry{
        Code::upstream_alarms_wait,
        Severity::critical,
        {"Upstream {upstream} is not connected; {events:event} ({alarms:alarm event}) kept here "
         "until it has them",
         "Until it is connected again, tell {upstream} about alarms by telephone"},
        {"与上级 {upstream} 的连接中断；{events} 条事件（其中报警事件 {alarms} "
         "条）保存在本机，等待上传",
         "恢复之前如有报警，请打电话告知 {upstream}"}},
    TroubleEntry{
        Code::upstream_not_connected,
        Severity::warning,
        {"Upstream {upstream} is not connected; {events:event} (no alarm) kept here until "
         "it has them",
         ""},
        {"与上级 {upstream} 的连接中断；{events} 条事件（没有报警）保存在本机，等待上传", ""}},
    TroubleEntry{Code::upstream_link_unsteady,
                 Severity::critical,
                 {"The connection to upstream {upstream} ends again and again; {events:event} "
                  "({alarms:alarm event}) kept here until it has them",
                  ""},
                 {"与上级 {upstream} 的连接反复中断；{events} 条事件（其中报警事件 {alarms} "
                  "条）保存在本机，等待上传",
                  ""}},
    TroubleEntry{
        Code::upstream_refuses,
        Severity::critical,
        {"Upstream {upstream} refuses events; {events:event} ({alarms:alarm event}) kept here "
         "until it has them",
         ""},
        {"上级 {upstream} 拒收本机的消息；{events} 条事件（其中报警事件 {alarms} "
         "条）保存在本机，等待上传",
         ""}},
    TroubleEntry{
        Code::upstream_backlog_not_readable,
        Severity::critical,
        {"What waits for upstream {upstream} cannot be read from the store; {events:event} "
         "({alarms:alarm event}) wait",
         ""},
        {"等待上传给上级 {upstream} 的数据读不出来；{events} 条事件（其中报警事件 {alarms} "
         "条）在等待",
         ""}},
    TroubleEntry{Code::upstream_not_confirming,
                 Severity::critical,
                 {"Upstream {upstream} does not confirm what it gets; {events:event} "
                  "({alarms:alarm event}) kept here until it does",
                  ""},
                 {"上级 {upstream} 没有确认收到的内容；{events} 条事件（其中报警事件 {alarms} "
                  "条）保存在本机，直到对方确认",
                  ""}},
    TroubleEntry{
        Code::upstream_nobody_listens,
        Severity::critical,
        {"Nobody has subscribed at upstream {upstream}: events have reached no subscriber for "
         "{age} ({by_class}); they are kept here and offered again",
         "Tell {upstream} about alarms by telephone. The receiving program there (`watchpost "
         "receive`) must run and subscribe to {topics}; look also whether gateway.area is right "
         "here"},
        {"上级 {upstream} "
         "没有程序在接收：{age}以来有事件无人订阅（{by_class}）；这些事件保存在本机，"
         "会继续尝试",
         "如有报警，请打电话告知 {upstream}。对方的接收程序（`watchpost receive`）应在运行并订阅 "
         "{topics}；另请核对本机的 gateway.area"}},
    TroubleEntry{
        Code::upstream_has_more,
        Severity::critical,
        {"Upstream {upstream} has events of this box that are not in its store: {class} up to "
         "{there}, while the store ended at {here} when it was opened (epoch {epoch})",
         "If an older copy of the store, a backup or another disk was put into this box, that is "
         "the cause: what the box took in after the copy was made and had not sent is lost, so ask "
         "the people at the sensors, and look at `watchpost audit` there. If not, another box "
         "sends as {gateway}: give one of the two another gateway.id"},
        {"上级 {upstream} 有本机存储中没有的事件：{class}已到 {there} 号，而本机打开存储时只到 "
         "{here} 号（epoch {epoch}）",
         "如果给本机换回了较旧的存储副本、备份或另一块磁盘，原因就在这里：制作副本之后收到而没有上"
         "传"
         "的记录已经丢失，请到传感器现场核对，并在上级查看 `watchpost "
         "audit`。如果没有换过，说明另一"
         "台机器也在以 {gateway} 上传：请给其中一台换一个 gateway.id"}},
    TroubleEntry{Code::upstream_set_aside,
                 Severity::critical,
                 {"Upstream {upstream} refused {events:event} for good ({by_class}); they are kept "
                  "here and offered again after each new connection",
                  ""},
                 {"上级 {upstream} 始终拒收 {events} 条事件（{by_class}）；这些事件单独保存在本机，"
                  "每次重新连接后再试",
                  ""}},
    TroubleEntry{
        Code::upstream_refuses_state,
        Severity::warning,
        {"Upstream {upstream} refuses the state of this box on {topic} ({code}), so nobody "
         "there can see whether the box is connected",
         "Look whether gateway.area and gateway.id are right here; if they are, ask the operator "
         "of its broker to allow this user to publish to that topic (its access list)"},
        {"上级 {upstream} 不接受本机在 {topic} "
         "上发布的自身状态（{code}），因此那里看不到本机是否在线",
         "请核对本机的 gateway.area 和 "
         "gateway.id；如果没有写错，请对方服务器的运维人员在访问控制列表中允许该用户发布到这个主"
         "题"}},
    TroubleEntry{
        Code::upstream_without_will,
        Severity::warning,
        {"Upstream {upstream} takes no will from this box, so it is connected without one: the "
         "server does not say by itself when this box is gone",
         "Nothing is lost. To make it permanent, set will = false in this [[upstream]]; or ask the "
         "operator of its server to allow wills"},
        {"上级 {upstream} 不接受本机的遗嘱消息，现已不带遗嘱连接：本机掉线时，对方服务器不会自动"
         "通知",
         "没有数据丢失。要固定这样做，请在该 [[upstream]] 设 will = "
         "false；或请对方的运维人员允许遗嘱消息"}},
    TroubleEntry{
        Code::upstream_without_retained,
        Severity::warning,
        {"Upstream {upstream} takes no retained messages, so the state of this box is not kept "
         "there: who subscribes later does not see whether the box is connected",
         "Nothing is lost. To make it permanent, set presence = \"plain\" in this [[upstream]]; or "
         "ask the operator of its server to allow retained messages"},
        {"上级 {upstream} "
         "不接受保留消息，因此本机的在线状态不在那里保留：之后才订阅的程序看不到本机是否在线",
         "没有数据丢失。要固定这样做，请在该 [[upstream]] 设 presence = "
         "\"plain\"；或请对方的运维人员允许保留消息"}},
    TroubleEntry{
        Code::upstream_without_presence,
        Severity::warning,
        {"Upstream {upstream} ended each connection over the state of this box on {topic}, so that "
         "is not published any more: nobody there can see whether the box is connected",
         "No event is lost. To make it permanent, set presence = \"off\" in this [[upstream]]; or "
         "ask the operator of its server to allow this user that topic (its access list)"},
        {"在 {topic} 上发布本机状态时，上级 {upstream} "
         "每次都断开连接，因此不再发布：那里看不到本机是否在线",
         "没有事件丢失。要固定这样做，请在该 [[upstream]] 设 presence = "
         "\"off\"；或请对方的运维人员在访问控制列表中允许该主题"}},
    TroubleEntry{
        Code::upstream_commands_forbidden,
        Severity::warning,
        {"Upstream {upstream} does not let this box read {topic} ({code}), so no command can come "
         "from there",
         "No event is lost. Look whether gateway.area and gateway.id are right here; if they are, "
         "ask the operator of its broker to let this user read that topic (its access list). To do "
         "without commands, remove commands from this [[upstream]]"},
        {"上级 {upstream} 不允许本机读取 {topic}（{code}），因此收不到那里的命令",
         "没有事件丢失。请核对本机的 gateway.area 和 "
         "gateway.id；如果没有写错，请对方服务器的运维人员在访问控制列表中允许该用户读取这个主题。"
         "如果不需要命令，请从该 [[upstream]] 删掉 commands"}},
    TroubleEntry{
        Code::upstream_refuses_answers,
        Severity::warning,
        {"Upstream {upstream} refuses the answers to its commands on {topic} ({code}), so nobody "
         "there sees what became of them",
         "Commands are obeyed all the same, and what they did goes up as events. Ask the operator "
         "of its broker to let this user publish to that topic and below it (its access list)"},
        {"上级 {upstream} 不接受本机在 {topic} "
         "上发布的命令结果（{code}），因此那里看不到命令的结果",
         "命令照常执行，执行的结果仍作为事件上传。请对方服务器的运维人员在访问控制列表中允许该用户"
         "发布到这个主题及其下级"}},
    TroubleEntry{
        Code::upstream_without_commands,
        Severity::warning,
        {"Upstream {upstream} ended each connection over commands on {topic}, so none are taken "
         "from there for an hour: events need the connection",
         "No event is lost. Ask the operator of its broker to let this user read that topic and "
         "publish to those below it (its access list), or remove commands from this [[upstream]]"},
        {"在 {topic} 上接收命令时，上级 {upstream} 每次都断开连接，因此一小时内不再接收那里的命令："
         "上传事件需要保持连接",
         "没有事件丢失。请对方服务器的运维人员在访问控制列表中允许该用户读取这个主题并发布到其下级"
         "，或从该 [[upstream]] 删掉 commands"}},
};

}  // namespace

std::span<const TroubleEntry> upstream_troubles() {
  return kUpstreamTexts;
}

}  // namespace watchpost

#include "model/command_words.hpp"

#include <array>
#include <utility>

#include "model/alarm_words.hpp"

namespace watchpost {
namespace {

struct ActionWords {
  std::string_view english;
  std::string_view chinese;
};

constexpr std::array<ActionWords, kDutyActionCount> kActionWords{{
    {"take", "接警"},
    {"verify", "核实"},
    {"arrive", "到场"},
    {"note", "备注"},
    {"close", "关闭"},
    {"shelve", "搁置"},
    {"unshelve", "取消搁置"},
    {"turn real", "转为真实警情"},
    {"escalate now", "立即升级"},
    {"take out of service", "停用"},
    {"put back into service", "恢复使用"},
    {"start a live test", "开始实测"},
    {"end the live test", "结束实测"},
    {"start a drill", "开始演练"},
    {"end the drill", "结束演练"},
    {"silence the siren", "警号消音"},
    {"test an output", "测试输出"},
    {"tell the open alarms", "上报未关闭警情"},
    {"send events again", "重发事件"},
}};

struct RefusalTexts {
  Refusal refusal;
  RefusalText english;
  RefusalText chinese;
};

constexpr std::array<RefusalTexts, kRefusalCount> kReasons{{
    {Refusal::none, {"", ""}, {"", ""}},
    {Refusal::not_granted,
     {"This sender may not do that",
      "Ask the office; an upstream needs the action in its `commands`"},
     {"发送方无权执行此操作", "请联系值班室；上级平台须在其 `commands` 中获准此操作"}},
    {Refusal::not_from_here,
     {"That cannot be done from there", "Do it at the office, on the page or by command line"},
     {"不能从该处执行此操作", "请在值班室的页面或命令行上操作"}},
    {Refusal::not_an_upstream,
     {"Events are sent again only to the upstream that asks for them on its cmd topic",
      "Let the street's platform ask, with `replay` in the `commands` of its [[upstream]]; what is "
      "stored here, `watchpost export` shows"},
     {"重发的事件只发给在自己的 cmd 主题上提出请求的上级",
      "请由街道平台发送该命令，并在其 [[upstream]] 的 `commands` 中授权 "
      "`replay`；本机保存的事件用 `watchpost export` 查看"}},
    {Refusal::nobody_named,
     {"The command does not say who gives it", "Name the person (--by)"},
     {"没有说明由谁操作", "请写明姓名（--by）"}},
    {Refusal::key_missing,
     {"The command has no key", "Send one key for each wish, the same for each try"},
     {"命令没有幂等键", "每个请求用一个键，重试时不变"}},
    {Refusal::key_reused,
     {"Something else was done under this key", "Send a new key for a new wish"},
     {"该幂等键已用于另一个请求", "新的请求请用新的键"}},
    {Refusal::expired,
     {"The command came after its time and was not done",
      "Look at the present state, then send it anew"},
     {"命令已过期，没有执行", "请先查看当前状态，再重新发送"}},
    {Refusal::expiry_missing,
     {"A command from an upstream must say until when it is good", "Send it with `expires`"},
     {"上级平台的命令必须带有效期", "请带上 `expires` 重发"}},
    {Refusal::expiry_too_far,
     {"A command from an upstream may be good for {most} minutes at most",
      "Send it with an earlier `expires`; if it was earlier, one of the two clocks is wrong"},
     {"上级平台的命令有效期最长 {most} 分钟",
      "请用更早的 `expires` 重发；如果有效期没有写错，说明两边有一边的时钟不对"}},
    {Refusal::clock_unset,
     {"The clock of this gateway is not set, so nobody knows whether the command has expired",
      "Set the clock (timedatectl), or do it at the office"},
     {"本机时钟未校准，无法判断命令是否过期", "请校准时钟（timedatectl），或在值班室操作"}},
    {Refusal::field_missing,
     {"The command lacks `{field}`", "Send it with `{field}`"},
     {"命令缺少 `{field}`", "请补上 `{field}` 再发"}},
    {Refusal::field_too_long,
     {"`{field}` is longer than {most}: a text counts in bytes, a list in entries",
      "Say it in fewer words, or in two commands"},
     {"`{field}` 超过上限 {most}：文字按字节计，列表按条数计", "请写短一些，或分成两条命令"}},
    {Refusal::too_long,
     {"The time is not between 1 and {most} minutes", "Choose a shorter time"},
     {"时长不在 1 到 {most} 分钟之间", "请选较短的时长"}},
    {Refusal::revision_missing,
     {"The command does not say which revision of the alarm its sender saw",
      "Look at alarm {alarm} first, then send it with `seen_revision`"},
     {"命令没有说明操作者看到的警情版本", "请先查看警情 {alarm}，再带上 `seen_revision` 发送"}},
    {Refusal::alarm_unknown,
     {"There is no open alarm {alarm}", "Look at the list of open alarms: `watchpost alarms`"},
     {"没有未关闭的警情 {alarm}", "请查看未关闭警情列表：`watchpost alarms`"}},
    {Refusal::alarm_changed,
     {"Alarm {alarm} has changed meanwhile: it is now {state}", "Look at it again, then decide"},
     {"警情 {alarm} 已有变化：现在是“{state}”", "请重新查看后再决定"}},
    {Refusal::alarm_closed,
     {"Alarm {alarm} is closed and does not change any more",
      "If it comes again it is a new alarm"},
     {"警情 {alarm} 已关闭，不再改变", "若再次报警会产生新的警情"}},
    {Refusal::not_taken,
     {"Nobody has taken alarm {alarm} yet", "Take it first"},
     {"警情 {alarm} 还没有人接警", "请先接警"}},
    {Refusal::not_shelved,
     {"Alarm {alarm} is not shelved", "There is nothing to do"},
     {"警情 {alarm} 没有搁置", "无须操作"}},
    {Refusal::never_shelved,
     {"The main alarm of a fire panel cannot be shelved",
      "Take it; if the panel is being repaired, take the device out of service"},
     {"消防主机的总报警不能搁置", "请接警；如主机检修，请停用该设备"}},
    {Refusal::not_practice,
     {"Alarm {alarm} is no drill: it is real already", "Take it"},
     {"警情 {alarm} 不是演练，本来就是真实警情", "请接警"}},
    {Refusal::no_more_stages,
     {"Everybody who is on the list has been told of alarm {alarm}", "Call them by phone"},
     {"警情 {alarm} 已通知到最后一级", "请直接打电话"}},
    {Refusal::device_unknown,
     {"No device of that name has been heard or entered",
      "Look at the list of devices: `watchpost devices`"},
     {"没有登记或收到过该设备", "请查看设备列表：`watchpost devices`"}},
    {Refusal::place_unknown,
     {"No device that this box knows hangs at one of the places",
      "Write places as `watchpost devices` shows them, or the whole that they lie in"},
     {"其中有地点没有登记任何设备",
      "请按 `watchpost devices` 里的写法填写地点，也可以填它所属的上一级"}},
    {Refusal::already_out,
     {"The device is out of service already", "There is nothing to do"},
     {"该设备已经停用", "无须操作"}},
    {Refusal::not_out,
     {"The device is not out of service", "There is nothing to do"},
     {"该设备没有停用", "无须操作"}},
    {Refusal::already_tested,
     {"A live test of the device is under way", "End it first, or wait for its end"},
     {"该设备正在实测", "请先结束实测，或等它到时"}},
    {Refusal::not_tested,
     {"No live test of the device is under way", "There is nothing to end"},
     {"该设备没有在实测", "无须结束"}},
    {Refusal::drill_running,
     {"A drill is under way", "End it first"},
     {"演练正在进行", "请先结束当前演练"}},
    {Refusal::no_drill,
     {"No drill is under way", "There is nothing to end"},
     {"没有正在进行的演练", "无须结束"}},
    {Refusal::nothing_sounds,
     {"No siren sounds", "There is nothing to silence"},
     {"警号没有响", "无须消音"}},
    {Refusal::output_unknown,
     {"No [[output]] has that name", "Look at the list of outputs: `watchpost outputs`"},
     {"没有叫这个名称的 [[output]]", "请查看输出列表：`watchpost outputs`"}},
    {Refusal::output_under_test,
     {"A test of an output is under way", "Wait for its end: it takes less than a minute"},
     {"正在测试输出", "请等它结束：不到一分钟"}},
    {Refusal::no_range,
     {"`first` to `last` is no range of events, or has more than {most}",
      "Send a class, first and last, with at most {most} events between"},
     {"`first` 到 `last` 不是事件的范围，或超过 {most} 个",
      "请写明类别、first 和 last，最多 {most} 个事件"}},
    {Refusal::no_room,
     {"All devices that this gateway has room for have been entered",
      "It is judged all the same; let a second gateway take some of them"},
     {"本网关的设备名额已满", "它的消息仍会判断；请把一部分设备接到另一台网关"}},
    {Refusal::too_many,
     {"More than {most} commands came within a minute, so this one was not looked at",
      "Send it again in a minute, under the same key"},
     {"一分钟内的命令超过 {most} 条，这一条没有处理", "请一分钟后用同一个键重发"}},
    {Refusal::too_large,
     {"The command is larger than {most} bytes", "Say it in fewer words"},
     {"命令超过 {most} 字节", "请写短一些"}},
    {Refusal::retained_copy,
     {"The command is a copy that the server had retained, so nobody knows whether it is still "
      "wanted",
      "Send it anew without retain, and clear the copy: an empty retained message on that topic"},
     {"该命令是服务器保留的副本，无法判断现在是否仍然有效",
      "请不带 retain 重新发送，并向该主题发一条空的保留消息以清除副本"}},
    {Refusal::gateway_unknown,
     {"No gateway of that name has been heard below this one",
      "Look at the list: `watchpost alarms`; a village is named as in its topics"},
     {"没有收到过该名称的下级网关", "请查看列表：`watchpost alarms`；名称与其主题中的相同"}},
    {Refusal::gateway_away,
     {"That gateway is not connected here, or does not take commands from here",
      "Call the village; it needs a connection, and the action in `commands` of its [[upstream]]"},
     {"该网关没有连接到本机，或不接受本机的命令",
      "请打电话给村居；该网关须保持连接，并在其 [[upstream]] 的 `commands` 中授权此操作"}},
    {Refusal::too_many_below,
     {"{most} commands are on their way to gateways below already, so this one was not sent",
      "Send it again in some seconds, under the same key"},
     {"已有 {most} 条命令正发往下级网关，这一条没有发出", "请过几秒用同一个键重发"}},
    {Refusal::no_answer,
     {"That gateway has not answered in time, so nobody knows whether it was done",
      "Look at the alarm; to try again use the same key: nothing is done twice"},
     {"该网关没有及时应答，无法确定是否已执行",
      "请查看该警情；如需重试请用同一个键：不会重复执行"}},
    {Refusal::refused_there,
     {"That gateway refused it for a reason that is not known here",
      "Look at its log, or ask the village; it may be of another version"},
     {"该网关拒绝了命令，原因在本机无法识别", "请查看该网关的日志或询问村居；可能是版本不同"}},
    {Refusal::not_kept,
     {"The command could not be kept on disk and was not done",
      "If it stays so, look at `watchpost troubles`; to try again use the same key"},
     {"命令没能写入磁盘，没有执行", "若仍失败，请查看 `watchpost troubles`；如需重试请用同一个键"}},
}};

constexpr bool stand_in_order() {
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    if (static_cast<std::size_t>(kReasons[i].refusal) != i) return false;
  }
  return true;
}
static_assert(stand_in_order());

std::string with_values(std::string_view text, const CommandResult& result, Language language) {
  const std::pair<std::string_view, std::string> values[] = {
      // People say the serial; the epoch is for programs.
      {"{alarm}", std::to_string(result.alarm.serial.value)},
      {"{state}", std::string(state_word(result.state, language))},
      {"{field}", std::string(result.field)},
      {"{most}", std::to_string(result.most)},
  };
  std::string words(text);
  for (const auto& [name, value] : values) {
    for (auto at = words.find(name); at != std::string::npos;
         at = words.find(name, at + value.size())) {
      words.replace(at, name.size(), value);
    }
  }
  return words;
}

}  // namespace

std::string_view action_word(DutyAction action, Language language) {
  const ActionWords& both = kActionWords[static_cast<std::size_t>(action)];
  return language == Language::chinese ? both.chinese : both.english;
}

const RefusalText& refusal_text(Refusal refusal, Language language) {
  const RefusalTexts& both = kReasons[static_cast<std::size_t>(refusal)];
  return language == Language::chinese ? both.chinese : both.english;
}

std::string sentence_of(const CommandResult& result, Language language) {
  if (result.refusal == Refusal::none) return {};
  const RefusalText& text = refusal_text(result.refusal, language);
  const auto* const between = language == Language::chinese ? "。" : ". ";
  return with_values(text.what, result, language) + between +
         with_values(text.next, result, language);
}

}  // namespace watchpost

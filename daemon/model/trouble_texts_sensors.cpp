// The texts about what sensors send.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kSensorTexts{
    TroubleEntry{
        Code::rules_beyond,
        Severity::critical,
        {"There are more devices and [[rule]] sections than this box remembers: beyond 100,000 "
         "pairs of both a rule judges each reading alone, without delays, rises and silence",
         "Let rules name fewer devices (devices, places), or share the devices with a second "
         "gateway"},
        {"设备和 [[rule]] 太多，本机记不下：超过 10 万对之后，规则只逐条判断读数，"
         "没有延时、上涨和失联判断",
         "请让规则只涉及需要的设备（devices、places），或把一部分设备接到另一台网关"}},
    TroubleEntry{
        Code::alarms_beyond,
        Severity::critical,
        {"There are at least {alarms:alarm} more than the list of open alarms holds: they are "
         "recorded and forwarded, but nobody can take them here and nothing reminds of them",
         "Look into `watchpost alarms`: close what is over, and take a device that raises one "
         "alarm after the other out of service (watchpost devices out)"},
        {"未关闭警情列表已满，至少还有 {alarms} 个警情放不下：它们已记录并上传，但在本机无法接警，"
         "也不会再提醒",
         "请查看 `watchpost alarms`：关闭已结束的警情，并停用反复报警的设备（watchpost devices "
         "out）"}},
    TroubleEntry{
        Code::alarms_told_late,
        Severity::warning,
        {"{alarms:alarm} came after the fact: {numbers}. A device was silent and says only now "
         "what "
         "it had seen; no siren has sounded for it",
         "Go and look whether somebody needs help: `watchpost alarms` says where and when it was, "
         "`watchpost alarm {first}` more. This is shown for a day"},
        {"补报警情 {alarms} 个：{numbers}。设备此前失联，现在才报告当时发现的情况，警号没有响过",
         "请到现场查看是否有人需要帮助：`watchpost alarms` 列出地点和时间，`watchpost alarm "
         "{first}` "
         "有详情。此提示保留一天"}},
    TroubleEntry{
        Code::plugin_rests,
        Severity::critical,
        {"The decoder {file} ended the daemon {times:time} while it decoded, the last time a "
         "message on {topic}. It is not opened any more: what it would read is kept and forwarded "
         "undecoded, and an alarm in it is not seen",
         "Replace the file with a mended one and restart the service (sudo systemctl restart "
         "watchpostd); a changed file is tried again"},
        {"解码器 {file} 解码时使程序退出 {times} 次，最近一次是主题 {topic} "
         "的消息。现在不再加载它："
         "它负责的消息原样保存并上传，其中的报警看不到",
         "请换上修好的文件，再重启服务（sudo systemctl restart watchpostd）；文件变了就会再试"}},
    TroubleEntry{
        Code::plugin_crashed,
        Severity::warning,
        {"The daemon ended while the decoder {file} decoded a message on {topic}. If that happens "
         "once more, the decoder is not opened any more",
         "Try that message with `watchpost decode`, and mend the decoder; the message comes again "
         "where its sender asked for an acknowledgement"},
        {"解码器 {file} 正在解码主题 {topic} "
         "的消息时，程序退出了。再发生一次，就不再加载这个解码器",
         "请用 watchpost decode 试这条消息，并修好解码器；发送方要求确认的消息会再次发来"}},
    TroubleEntry{Code::devices_not_read,
                 Severity::critical,
                 {"Messages of {devices:device} cannot be read, or could not in the last day, so "
                  "an alarm in "
                  "them is not seen: {names}. What they send is kept and forwarded as it came",
                  ""},
                 {"{devices} "
                  "台设备发来的内容无法解析（或最近一天内有无法解析的），其中的报警看不到：{names}"
                  "。原始报文仍会保存"
                  "并上传",
                  ""}},
    TroubleEntry{
        Code::profile_unknown,
        Severity::critical,
        {"No decoder knows the profile of {devices:device}, so nothing that comes from there is "
         "read "
         "and an alarm would not be seen: {names}",
         "Correct the profile in its [[device]] section (watchpostd --check-config names the "
         "nearest "
         "ones) and reload the service (sudo systemctl reload watchpostd)"},
        {"{devices} 台设备的型号没有解码器认识，它们发来的内容都无法解析，报警也看不到：{names}",
         "请改正 [[device]] 段的 profile（watchpostd --check-config "
         "会列出最接近的型号），并重新加载服务（sudo systemctl reload watchpostd）"}},
    TroubleEntry{
        Code::not_read_topic,
        Severity::cause,
        {"No decoder is configured for the topic {topic}",
         "Give it one in a [[decoder]] section of watchpost.toml (see integrators.md); if "
         "no sensor speaks there, leave that topic out of topics of [[broker]]"},
        {"主题 {topic} 没有指定解码器",
         "请在 watchpost.toml 的 [[decoder]] 段为它指定解码器（见 integrators.md）；如果那里"
         "没有传感器，就从 [[broker]] 的 topics 中去掉该主题"}},
    TroubleEntry{
        Code::not_read_payload,
        Severity::cause,
        {"{sender}, topic {topic}: {why}",
         "Correct the decoder or mapping of that topic, or the device; where it has a "
         "[[device]] section, look at profile there. `watchpost tail --json` shows what it "
         "sends"},
        {"{sender}，主题 {topic}：内容无法解读（解码器原文：{why}）",
         "请改正该主题的解码器或映射文件，或设备本身；如果有该设备的 [[device]] "
         "段，请核对其中的 profile。`watchpost tail --json` 显示它发来的内容"}},
    TroubleEntry{
        Code::own_events,
        Severity::critical,
        {"{events:event} refused since the start: they came from outside under this "
         "gateway's own id",
         "Give every gateway an id of its own. If no other box has this one, our events "
         "come back to us: no upstream of ours, nor of its own upstreams, may send to "
         "this box"},
        {"启动以来拒收 {events} 条事件：它们从外部传入，却使用本机的网关编号",
         "每台网关要有自己的编号（gateway.id）。如果没有别的网关使用这个编号，就是本机的事件"
         "又传了回来：上级以及上级的上级都不得再指回本机，以免形成回路"}},
    TroubleEntry{
        Code::client_packet_too_large,
        Severity::critical,
        {"{client} ({address}) sent {times:packet} larger than max_packet_size ({most}), the last "
         "of {size} on the topic {topic}. It is cut off each time, and what it sends behind such a "
         "packet is lost",
         "Set max_packet_size = \"{enough}\" in the [[listener]] of port {port} in watchpost.toml "
         "and restart the service (sudo systemctl restart watchpostd), or have the device send "
         "less at once"},
        {"{client}（{address}）发来 {times} 个超过 max_packet_size（{most}）的报文，最近一个 "
         "{size}，主题 "
         "{topic}。每次连接都被断开，该报文之后的消息收不到",
         "在 watchpost.toml 中端口 {port} 的 [[listener]] 段写 max_packet_size = "
         "\"{enough}\"，再重启服务（sudo systemctl restart watchpostd）；或让设备每次少发一些"}},
    TroubleEntry{
        Code::client_packet_beyond_all,
        Severity::critical,
        {"{client} ({address}) sent {times:packet} larger than max_packet_size ({most}), the last "
         "of {size} on the topic {topic}, which no setting allows. It is cut off each time, and "
         "what it sends behind such a packet is lost",
         "Have the device send less at once: max_packet_size can be 16 MiB at most"},
        {"{client}（{address}）发来 {times} 个超过 max_packet_size（{most}）的报文，最近一个 "
         "{size}，主题 "
         "{topic}，任何设置都不接受。每次连接都被断开，该报文之后的消息收不到",
         "让设备每次少发一些：max_packet_size 最大 16 MiB"}},
};

}  // namespace

std::span<const TroubleEntry> sensor_troubles() {
  return kSensorTexts;
}

}  // namespace watchpost

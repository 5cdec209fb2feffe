// The texts about the ways in: clients that are not let in, and brokers that are read.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kWayInTexts{
    TroubleEntry{
        Code::client_turned_away,
        Severity::critical,
        {"The client {client} ({address}) was turned away {times} times and has not been let in "
         "since: nothing that it sends is kept, not even an alarm",
         ""},
        {"客户端 {client}（{address}）被拒绝 {times} "
         "次，至今没有接入：它发来的任何内容（包括报警）都没有保存",
         ""}},
    TroubleEntry{
        Code::clients_share_id,
        Severity::critical,
        {"Two clients use the client id {client} and have thrown each other out {times} times: "
         "what "
         "one of them sends meanwhile may be lost, alarms too",
         "Give each device a client id of its own; if there is only one such device, its network "
         "breaks again and again"},
        {"有两个客户端都用编号 {client}，已互相挤掉 {times} "
         "次：期间其中一个发来的内容（包括报警）可能丢失",
         "请让每台设备使用各自的客户端编号；如果只有一台这样的设备，说明它的网络反复中断"}},
    TroubleEntry{
        Code::station_port_full,
        Severity::critical,
        {"Port {port} ({protocol}) has {most} stations, the most it may have: others are turned "
         "away, and nothing that they send is kept, not even an alarm",
         "Raise max_connections of this [[listener]] and restart the service; if there are not so "
         "many stations, look who else connects to this port"},
        {"端口 {port}（{protocol}）已接入 {most} "
         "个站点，达到上限：其他站点被拒绝，它们发来的任何内容（包括报警）都没有保存",
         "请增大这段 [[listener]] 的 "
         "max_connections，并重启服务；如果没有这么多站点，请查明还有谁在连接这个端口"}},
    TroubleEntry{
        Code::client_port_full,
        Severity::critical,
        {"Port {port} has {most} clients, the most it may have: others are turned away, and "
         "nothing "
         "that they send is kept, not even an alarm",
         "Raise max_connections of this [[listener]] and restart the service; if there are not so "
         "many devices, look who else connects to this port"},
        {"端口 {port} 已接入 {most} "
         "个客户端，达到上限：其他客户端被拒绝，它们发来的任何内容（包括报警）都没有保存",
         "请增大这段 [[listener]] 的 "
         "max_connections，并重启服务；如果没有这么多设备，请查明还有谁在连接这个端口"}},
    TroubleEntry{
        Code::port_takes_nothing,
        Severity::critical,
        {"Port {port} cannot take a new connection in. It tries again every second",
         "If this stays, raise the limit of open files (LimitNOFILE) of the service and restart "
         "it"},
        {"端口 {port} 无法接受新的连接。每秒重试一次",
         "如果一直如此，请提高服务的打开文件数上限（LimitNOFILE），并重启服务"}},
    TroubleEntry{
        Code::station_noise,
        Severity::critical,
        {"The station {station} ({address}) has sent {bytes} bytes to port {port} that are no "
         "frame "
         "of {protocol}, the last of them begin with {sample}: there may have been an alarm in "
         "them",
         "Look whether the station speaks {protocol} and its line is undisturbed; it sends again "
         "what is not confirmed. If it is no station, keep it from this port"},
        {"站点 {station}（{address}）发到端口 {port} 的内容中有 {bytes} 字节不是 {protocol} "
         "的报文，最近一段以 {sample} 开头：其中可能有报警",
         "请检查该站点是否使用 {protocol}、线路有无干扰；未得到确认的内容它会重发。如果它不是站点，"
         "请不要让它连接这个端口"}},
    TroubleEntry{
        Code::client_no_user_name,
        Severity::cause,
        {"It gave no user name, and this listener wants one",
         "Set user name and password on the device; or, if everybody on its network may send, set "
         "anonymous = true in the [[listener]] of port {port} and reload the service (sudo "
         "systemctl "
         "reload watchpostd)"},
        {"它没有给出用户名，而这个端口要求用户名",
         "请在设备上设置用户名和密码；如果该网络上的任何设备都可以发送，就在端口 {port} 的 "
         "[[listener]] 段设置 "
         "anonymous = true，并重新加载服务（sudo systemctl reload watchpostd）"}},
    TroubleEntry{
        Code::client_unknown_user,
        Severity::cause,
        {"No such user is in the password file {file}",
         "Correct the user name on the device; or add the user (sudo watchpost passwd {file} NAME) "
         "and reload the service (sudo systemctl reload watchpostd)"},
        {"密码文件 {file} 中没有这个用户",
         "请改正设备上的用户名；或添加该用户（sudo watchpost passwd {file} "
         "用户名）并重新加载服务（sudo systemctl reload watchpostd）"}},
    TroubleEntry{
        Code::client_wrong_password,
        Severity::cause,
        {"Its password is wrong",
         "Correct it on the device; or set it anew (sudo watchpost passwd {file} NAME) and reload "
         "the service (sudo systemctl reload watchpostd)"},
        {"它的密码不对",
         "请在设备上改正；或重新设置（sudo watchpost passwd {file} 用户名）并重新加载服务（sudo "
         "systemctl reload watchpostd）"}},
    TroubleEntry{
        Code::client_old_protocol,
        Severity::cause,
        {"It speaks a version of MQTT that this box does not", "Set the device to MQTT 3.1.1 or 5"},
        {"它使用的 MQTT 版本本机不支持", "请把设备设为 MQTT 3.1.1 或 5"}},
    TroubleEntry{
        Code::broker_not_read,
        Severity::critical,
        {"Broker {broker} is not being read: what is sent there now may never reach this "
         "box, alarms too",
         ""},
        {"无法读取本地服务器 {broker}：现在发到那里的消息（包括报警）可能永远到不了本机", ""}},
    TroubleEntry{
        Code::broker_not_read_kept,
        Severity::critical,
        {"Broker {broker} is not being read; it should keep what arrives meanwhile, for {time} at "
         "most",
         ""},
        {"无法读取本地服务器 {broker}；期间到达的消息应由它保存，最多 {time}", ""}},
    TroubleEntry{
        Code::broker_session_lost,
        Severity::critical,
        {"Broker {broker} had forgotten this box when the connection came back: what was sent "
         "there "
         "in between is lost",
         "Ask at the sensors whether there was an alarm in that time. Have the broker keep its "
         "sessions on the disk (Mosquitto: persistence true), and session_expiry of its [[broker]] "
         "long enough"},
        {"重新连接时，本地服务器 {broker} 已经忘记本机：中断期间发到那里的消息已丢失",
         "请到现场确认这段时间是否有报警。请让该服务器把会话保存到磁盘（Mosquitto：persistence "
         "true），并把 "
         "[[broker]] 的 session_expiry 设得足够长"}},
    TroubleEntry{Code::broker_link_unsteady,
                 Severity::warning,
                 {"The connection to broker {broker} ends again and again", ""},
                 {"与本地服务器 {broker} 的连接反复中断", ""}},
    TroubleEntry{
        Code::broker_brings_nothing,
        Severity::warning,
        {"Nothing has come from broker {broker} in the {time} since it is being read",
         "Look whether topics of its [[broker]] are right, whether this user may read them, "
         "and whether the sensors there send"},
        {"开始读取本地服务器 {broker} 已 {time}，还没有收到任何消息",
         "请核对 [[broker]] 的 topics 是否正确、该用户是否有权读取，以及那里的传感器是否在发送"}},
};

}  // namespace

std::span<const TroubleEntry> way_in_troubles() {
  return kWayInTexts;
}

}  // namespace watchpost

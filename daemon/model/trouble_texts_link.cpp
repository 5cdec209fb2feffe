// The texts of why a link to another server does not stand, upstream or broker. Causes of other
// troubles, but for the broker's own.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kLinkTexts{
    TroubleEntry{
        Code::link_refused,
        Severity::cause,
        {"Its server does not allow us {topic} ({code}) and ends the connection soon after",
         "Look whether gateway.area and gateway.id are right here; if they are, ask the operator "
         "of the server to allow this user that topic (its access list)"},
        {"对方服务器不允许本机使用 {topic}（{code}），随后就断开连接",
         "请核对本机的 gateway.area 和 "
         "gateway.id；如果没有写错，请对方服务器的运维人员在访问控制列表中允许该主题"}},
    TroubleEntry{
        Code::link_taken_over,
        Severity::cause,
        {"The other side ends each connection soon after it was made and gives no reason; probably "
         "somebody else connects as \"{client}\"",
         "Look for another box with this gateway.id or client_id (a copied SD card has those of "
         "the first box) and give each its own; if there is none, ask the operator of the server "
         "for its log"},
        {"每次连接成功后不久就被对方断开，没有说明原因；很可能有别的设备也用“{client}”的名义连接",
         "请查找 gateway.id 或 client_id 相同的另一台主机（复制的 SD "
         "卡会带着第一台的编号），让每台各用自己的编号；如果没有，请对方服务器的运维人员查看日志"}},
    TroubleEntry{
        Code::link_one_item,
        Severity::cause,
        {"Each connection ends when we send {size} on {topic}",
         "Ask the operator of the server whether it takes this topic (some limit the number of "
         "levels) and packets of this size, and what its log says"},
        {"每次在 {topic} 上发送 {size} 的消息时，连接都会中断",
         "请询问对方服务器的运维人员：是否接受这个主题（有的服务器限制层数）和这样大小的消息，并查"
         "看"
         "日志"}},
    TroubleEntry{
        Code::rule_retained,
        Severity::cause,
        {"Probably its server takes no retained messages",
         "This box tries soon whether it is better without; to decide it yourself, set presence = "
         "\"plain\" or \"off\" in this [[upstream]]"},
        {"很可能对方服务器不接受保留消息",
         "本机随后会自动试着不带保留标志；要固定下来，请在该 [[upstream]] 设 presence = "
         "\"plain\" 或 \"off\""}},
    TroubleEntry{
        Code::rule_levels,
        Severity::cause,
        {"Probably the topic has too many levels for its server: it has {levels}",
         "Set topic of this [[upstream]] to a form with fewer levels (the guide, \"When a server "
         "has rules of its own\"; AWS IoT Core takes 8)"},
        {"很可能主题的层数超过对方服务器的限制：现有 {levels} 层",
         "请在该 [[upstream]] 用 topic 设层数较少的主题形式（见使用说明“对方服务器有自己的规则时”；"
         "AWS IoT Core 最多 8 层）"}},
    TroubleEntry{
        Code::rule_size,
        Severity::cause,
        {"Probably the message is too large for its server: the largest that it has taken had "
         "{most}",
         "Ask its operator for the limit; raw = \"never\" and a smaller batch_bytes make messages "
         "smaller"},
        {"很可能消息超过对方服务器允许的大小：它接受过的最大一条是 {most}",
         "请询问对方的大小上限；设 raw = \"never\"、减小 batch_bytes 可以让消息变小"}},
    TroubleEntry{Code::rule_topic,
                 Severity::cause,
                 {"Probably its server does not allow this box that topic, or takes no QoS 1",
                  "Look whether gateway.area, gateway.id and topic of this [[upstream]] are right"},
                 {"很可能对方服务器不允许本机使用这个主题，或不支持 QoS 1",
                  "请核对 gateway.area、gateway.id 和该 [[upstream]] 的 topic"}},
    TroubleEntry{
        Code::link_no_qos,
        Severity::cause,
        {"Its server takes QoS 0 only (Maximum QoS 0): it acknowledges nothing, so nothing would "
         "prove that an alarm arrived, and nothing is sent",
         "Allow QoS 1 there (Mosquitto: max_qos 1 or 2), or use another server"},
        {"对方服务器只接受 QoS 0（Maximum QoS "
         "0）：它不确认任何消息，无法证明报警已送达，因此不发送任何内容",
         "请在对方服务器上允许 QoS 1（Mosquitto：max_qos 1 或 2），或改用别的服务器"}},
    TroubleEntry{
        Code::link_closed,
        Severity::cause,
        {"The connection to {url} broke: the other side closed it",
         "Check the network if it does not come back. It is tried again by itself"},
        {"与 {url} 的连接中断：被对方断开", "如果连接没有恢复，请检查网络。程序会自动重试"}},
    TroubleEntry{Code::link_closed_in_connect,
                 Severity::cause,
                 {"{url} cannot be reached as a broker: the other side closed it",
                  "Check the network, the address and port, and that the broker runs; if it speaks "
                  "TLS on this port, url begins with mqtts://. It is tried again by itself"},
                 {"{url} 不像是 MQTT 服务器：连接被对方断开",
                  "请检查网络、地址和端口，并确认对方的服务器程序在运行；如果对方在该端口使用 "
                  "TLS，url 要以 mqtts:// 开头。程序会自动重试"}},
    TroubleEntry{
        Code::link_broken,
        Severity::cause,
        {"The connection to {url} broke: {why}",
         "Check the network if it does not come back. It is tried again by itself"},
        {"与 {url} 的连接中断（系统信息：{why}）", "如果连接没有恢复，请检查网络。程序会自动重试"}},
    TroubleEntry{Code::link_broken_in_connect,
                 Severity::cause,
                 {"{url} cannot be reached as a broker: {why}",
                  "Check the network, the address and port, and that the broker runs; if it speaks "
                  "TLS on this port, url begins with mqtts://. It is tried again by itself"},
                 {"{url} 不像是 MQTT 服务器（系统信息：{why}）",
                  "请检查网络、地址和端口，并确认对方的服务器程序在运行；如果对方在该端口使用 "
                  "TLS，url 要以 mqtts:// 开头。程序会自动重试"}},
    TroubleEntry{Code::link_no_connack,
                 Severity::cause,
                 {"{url} cannot be reached as a broker: it takes the connection, but gives no "
                  "answer to our CONNECT within {time}",
                  "Check the network, the address and port, and that the broker runs; if it speaks "
                  "TLS on this port, url begins with mqtts://. It is tried again by itself"},
                 {"{url} 不像是 MQTT 服务器：连接成功，但 {time}内没有应答 CONNECT",
                  "请检查网络、地址和端口，并确认对方的服务器程序在运行；如果对方在该端口使用 "
                  "TLS，url 要以 mqtts:// 开头。程序会自动重试"}},
    TroubleEntry{Code::link_no_ping_answer,
                 Severity::cause,
                 {"The connection to {url} broke: it does not answer a ping",
                  "Check the network if it does not come back. It is tried again by itself"},
                 {"与 {url} 的连接中断：对方没有应答 PINGREQ",
                  "如果连接没有恢复，请检查网络。程序会自动重试"}},
    TroubleEntry{
        Code::link_no_puback,
        Severity::cause,
        {"It has not acknowledged a message for {time}",
         "The link is set up again by itself; if this repeats, look at the broker"},
        {"对方 {time}没有确认一条消息", "会自动重新连接；如果反复出现，请检查对方的服务器"}},
    TroubleEntry{Code::link_not_mqtt,
                 Severity::cause,
                 {"{url} cannot be reached as a broker: what it sends is not MQTT {version}: {why}",
                  "Check the address and port, and that a broker answers there; if it speaks TLS "
                  "on this port, url begins with mqtts://. It is tried again by itself"},
                 {"{url} 不像是 MQTT 服务器：发来的内容不符合 MQTT {version}（{why}）",
                  "请核对地址和端口，并确认那里是 MQTT 服务器；如果对方在该端口使用 TLS，url 要以 "
                  "mqtts:// 开头。程序会自动重试"}},
    TroubleEntry{Code::link_ended_here,
                 Severity::cause,
                 {"We have ended the connection to {url}", "Nothing to do"},
                 {"本机主动断开了与 {url} 的连接", "不用处理"}},
    TroubleEntry{
        Code::attached_away,
        Severity::cause,
        {"Its server comes to this box itself, as the client {client}, and is not connected",
         "Look whether that server runs, and connects to a [[listener]] of this box under that "
         "client id, without Clean Start"},
        {"对方服务器应以客户端 {client} 的身份连接本机，目前没有连接",
         "请检查对方服务器是否在运行，是否以该 client id 连接本机的 [[listener]]，且不用 Clean "
         "Start"}},
    TroubleEntry{
        Code::attached_as_other,
        Severity::cause,
        {"The client {client} is connected, but not as the user {user}, so it gets no events",
         "Log in as {user} there; if you do not know that client, somebody tries to take the "
         "events away: change the password of its account"},
        {"客户端 {client} 已连接，但不是以用户 {user} 登录，因此不发给它事件",
         "请让对方以 {user} 登录；如果不认识这个客户端，说明有人想拿走事件：请更换其账号的密码"}},
    TroubleEntry{
        Code::attached_deaf,
        Severity::cause,
        {"The client {client} is connected, but has subscribed to nothing at QoS 1 or 2",
         "Have its server subscribe to wp/v1/# at QoS 1: at QoS 0 nothing would prove that an "
         "alarm arrived"},
        {"客户端 {client} 已连接，但没有以 QoS 1 或 2 订阅任何主题",
         "请让对方以 QoS 1 订阅 wp/v1/#：QoS 0 无法证明报警已送达"}},
};

}  // namespace

std::span<const TroubleEntry> link_troubles() {
  return kLinkTexts;
}

}  // namespace watchpost

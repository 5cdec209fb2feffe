// The texts of what an upstream's answers mean: reason codes of PUBACK (MQTT 5.0 section 3.4.2.1),
// and receipts that do not come. All of them are causes of other troubles.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kRefusalTexts{
    TroubleEntry{Code::class_refused,
                 Severity::cause,
                 {"It refuses {class} events ({code}). They are kept and tried again", ""},
                 {"对方拒收{class}事件（{code}）。这些事件保留在本机，会再次上传", ""}},
    TroubleEntry{
        Code::class_set_aside,
        Severity::cause,
        {"It has refused some {class} events for good ({code}). They are set aside, kept, "
         "and offered again with each new link",
         ""},
        {"对方始终拒收部分{class}事件（{code}）。这些事件单独保存，每次重新连接后再试", ""}},
    TroubleEntry{Code::set_aside_earlier,
                 Severity::cause,
                 {"They were refused before the last start",
                  "Ask the operator of its broker what it does not like about them (the log says "
                  "the reason code): topics, size or rights"},
                 {"这些事件在上次启动之前被拒收",
                  "请询问对方服务器的运维人员为什么拒收（日志里有原因代码）：主题、大小还是权限"}},
    TroubleEntry{Code::refusal_unspecified,
                 Severity::cause,
                 {"It gives no reason", "Ask the operator of its broker what its log says"},
                 {"对方没有说明原因", "请对方服务器的运维人员查看日志"}},
    TroubleEntry{
        Code::refusal_internal,
        Severity::cause,
        {"Its own settings do not allow it", "Ask the operator of its broker what its log says"},
        {"对方服务器内部的规定不允许", "请对方服务器的运维人员查看日志"}},
    TroubleEntry{
        Code::refusal_not_authorized,
        Severity::cause,
        {"This user may not publish to {topic}",
         "Look whether gateway.area and gateway.id are right here; if they are, ask the operator "
         "of its broker to allow this user that topic (its access list)"},
        {"本机的用户没有权限发布到 {topic}",
         "请核对本机的 gateway.area 和 "
         "gateway.id；如果没有写错，请对方服务器的运维人员在访问控制列表中允许该用户发布到这个主"
         "题"}},
    TroubleEntry{
        Code::refusal_topic,
        Severity::cause,
        {"It does not take the topic {topic}",
         "Look whether gateway.area and gateway.id are right here; if they are, ask the operator "
         "of its broker which topics it takes"},
        {"对方不接受主题 {topic}",
         "请核对本机的 gateway.area 和 "
         "gateway.id；如果没有写错，请询问对方服务器的运维人员接受哪些主题"}},
    TroubleEntry{
        Code::refusal_packet_id,
        Severity::cause,
        {"It still uses the number of this packet", "Nothing to do: it is sent again by itself"},
        {"报文编号正在使用", "不用处理，会自动重发"}},
    TroubleEntry{
        Code::refusal_too_large,
        Severity::cause,
        {"The packet is too large for it",
         "Ask the operator of its broker to accept larger packets, or set raw = \"never\""},
        {"报文太大", "请对方服务器的运维人员允许更大的报文，或设置 raw = \"never\""}},
    TroubleEntry{Code::refusal_quota,
                 Severity::cause,
                 {"Its quota for us is used up", "Ask the operator of its broker to make room"},
                 {"超过对方的配额", "请对方服务器的运维人员腾出空间"}},
    TroubleEntry{Code::refusal_payload,
                 Severity::cause,
                 {"It does not take this format",
                  "Ask the operator of its broker why it does not take JSON"},
                 {"对方不接受内容格式", "请询问对方服务器的运维人员为什么不接受 JSON"}},
    TroubleEntry{Code::refusal_qos,
                 Severity::cause,
                 {"It does not take QoS 1", "Ask the operator of its broker to allow QoS 1"},
                 {"对方不支持 QoS 1", "请对方服务器的运维人员允许 QoS 1"}},
    TroubleEntry{Code::refusal_breaks_link,
                 Severity::cause,
                 {"Each link broke while this was sent",
                  "Ask the operator of its broker what its log says: it may be too large for the "
                  "broker, or for the link and its keep_alive"},
                 {"每次发送它，连接就中断",
                  "请对方服务器的运维人员查看日志：它可能对服务器来说太大，或对线路和 keep_alive "
                  "来说太大"}},
    TroubleEntry{
        Code::refusal_unknown,
        Severity::cause,
        {"We do not know this reason code", "Ask the operator of its broker what its log says"},
        {"原因不明", "请对方服务器的运维人员查看日志"}},
    TroubleEntry{Code::receipts_silent,
                 Severity::cause,
                 {"Its receiver confirms nothing, so events are kept and sent again",
                  "Look whether `watchpost receive` runs there, and ask the operator of its broker "
                  "whether this user may read {topic}, where it confirms: a broker may grant that "
                  "subscription and then send nothing"},
                 {"对方的接收程序没有确认任何内容，因此事件保留在本机并会重发",
                  "请对方确认 `watchpost receive` "
                  "在运行，并请对方服务器的运维人员确认该用户可以读取 "
                  "{topic}（确认发在这里）：有的服务器接受订阅，却什么也不发"}},
    TroubleEntry{Code::receipts_forbidden,
                 Severity::cause,
                 {"It does not let us read {topic} ({code}), so no receipt can come",
                  "Look whether gateway.area and gateway.id are right here; if they are, ask the "
                  "operator of its broker to let this user read that topic (its access list)"},
                 {"对方不允许本机读取 {topic}（{code}），因此收不到确认",
                  "请核对本机的 gateway.area 和 "
                  "gateway.id；如果没有写错，请对方服务器的运维人员在访问控制列表中允许该用户读取"
                  "这个主题"}},
};

}  // namespace

std::span<const TroubleEntry> refusal_troubles() {
  return kRefusalTexts;
}

}  // namespace watchpost

// The texts of why a link to another server does not stand, upstream or broker. Causes of other
// troubles, but for the broker's own.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kTexts{
    TroubleEntry{Code::broker_link_unsteady,
                 Severity::warning,
                 {"The connection to broker {broker} ends again and again; it keeps what arrives "
                  "meanwhile",
                  ""},
                 {"与本地服务器 {broker} 的连接反复中断；期间的消息由它保存", ""}},
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
         "somebody else connects as {client}",
         "Look for another box with this gateway.id or client_id (a copied SD card has those of "
         "the first box) and give each its own; if there is none, ask the operator of the server "
         "for its log"},
        {"每次连接成功后不久就被对方断开，没有说明原因；很可能有别的设备也用 {client} 的名义连接",
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
};

}  // namespace

std::span<const TroubleEntry> link_troubles() {
  return kTexts;
}

}  // namespace watchpost

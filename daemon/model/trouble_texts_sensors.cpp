// The texts about what comes in: sensors, and brokers that are read.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kTexts{
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
    TroubleEntry{Code::broker_not_read,
                 Severity::critical,
                 {"Broker {broker} is not being read; it keeps what arrives meanwhile", ""},
                 {"无法读取本地服务器 {broker}；期间到达的消息由它保存", ""}},
};

}  // namespace

std::span<const TroubleEntry> sensor_troubles() {
  return kTexts;
}

}  // namespace watchpost

// The texts about TLS and WebSocket on our own ports: certificates that end, and why a client does
// not get through the handshake.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kHandshakeTexts{
    TroubleEntry{Code::certificate_over,
                 Severity::critical,
                 {"The certificate {file} ended on {date}: clients that check it do not connect, "
                  "so their alarms do not arrive",
                  "Have it renewed (`watchpost cert --renew` for one that it made): new files are "
                  "used without a restart"},
                 {"证书 {file} 已于 {date} 到期：校验证书的客户端无法接入，它们的报警到不了本机",
                  "请更换证书（由 `watchpost cert` 生成的可用 `watchpost cert "
                  "--renew`）：换上新文件后不用重启"}},
    TroubleEntry{
        Code::tls_files_not_read,
        Severity::warning,
        {"New TLS files of a port are not used: it goes on with those it had ({file} and what "
         "belongs to it)",
         ""},
        {"端口的新 TLS 文件未被采用：仍使用原来的一套（{file} 及其配套文件）", ""}},
    TroubleEntry{Code::certificate_ends,
                 Severity::warning,
                 {"The certificate {file} ends on {date}, in {days:day}: after that clients that "
                  "check it do not connect",
                  "Have it renewed (`watchpost cert --renew` for one that it made): new files are "
                  "used without a restart"},
                 {"证书 {file} 将于 {date} 到期（还有 {days} 天）：之后校验证书的客户端将无法接入",
                  "请更换证书（由 `watchpost cert` 生成的可用 `watchpost cert "
                  "--renew`）：换上新文件后不用重启"}},
    TroubleEntry{Code::certificate_not_judged,
                 Severity::advice,
                 {"Whether the certificate {file} (until {date}) still holds cannot be said: the "
                  "clock of this box is wrong",
                  "Connect the box to the network so that it can set its clock, or set it by hand "
                  "(timedatectl)"},
                 {"无法判断证书 {file}（有效期至 {date}）是否仍然有效：本机时钟不对",
                  "请让本机联网以自动校时，或手动设置时钟（timedatectl）"}},
    TroubleEntry{
        Code::revocations_old,
        Severity::warning,
        {"The list of revoked certificates {file} was to be renewed by {date}: it is still "
         "heeded, but certificates that were revoked since are let in",
         "Put the newest list of the authority there: it is used without a restart"},
        {"已吊销证书的列表 {file} 应在 {date} 前更新：目前仍按它执行，但之后吊销的证书还能接入",
         "请换上颁发机构的最新列表，不用重启"}},
    TroubleEntry{
        Code::client_speaks_tls,
        Severity::cause,
        {"It speaks TLS, and port {port} takes MQTT without TLS",
         "Point the device to a port with TLS, or switch TLS off on the device; cert_file and "
         "key_file in the [[listener]] of port {port} make it a port with TLS (`watchpost cert` "
         "makes the files)"},
        {"它使用 TLS，而端口 {port} 只接受不加密的 MQTT",
         "请让设备连接使用 TLS 的端口，或在设备上关闭 TLS；在端口 {port} 的 [[listener]] 段设置 "
         "cert_file 和 key_file，该端口就使用 TLS（`watchpost cert` 可生成这些文件）"}},
    TroubleEntry{
        Code::client_speaks_http,
        Severity::cause,
        {"It speaks HTTP or WebSocket, as a browser does, and port {port} takes MQTT over TCP",
         "Set the device to MQTT over TCP (mqtt://); for WebSocket write a [[listener]] with "
         "protocol = \"websocket\" and another port"},
        {"它使用 HTTP 或 WebSocket（例如浏览器），而端口 {port} 只接受 TCP 上的 MQTT",
         "请把设备设为 TCP 上的 MQTT（mqtt://）；需要 WebSocket 时，请另写一段 [[listener]]，设 "
         "protocol = \"websocket\" 和另一个端口"}},
    TroubleEntry{Code::client_without_tls,
                 Severity::cause,
                 {"It speaks MQTT without TLS, and port {port} wants TLS",
                  "Switch TLS on on the device and give it the file of the authority (ca_file); or "
                  "point it to a port without TLS"},
                 {"它使用不加密的 MQTT，而端口 {port} 要求 TLS",
                  "请在设备上启用 TLS，并给它颁发机构（CA）的证书文件；或让它连接不加密的端口"}},
    TroubleEntry{Code::client_http_without_tls,
                 Severity::cause,
                 {"It speaks HTTP or WebSocket without TLS, and port {port} wants TLS",
                  "Use wss:// for WebSocket where the [[listener]] of port {port} has protocol = "
                  "\"websocket\", else mqtts://"},
                 {"它使用不加密的 HTTP 或 WebSocket，而端口 {port} 要求 TLS",
                  "如果端口 {port} 的 [[listener]] 设有 protocol = \"websocket\"，请用 "
                  "wss://，否则用 mqtts://"}},
    TroubleEntry{
        Code::client_tls_version,
        Severity::cause,
        {"It and port {port} have no version of TLS or no cipher in common",
         "This box takes TLS 1.2 and 1.3 with ECDHE: update the firmware of the device; if there "
         "is none, point it to a port without TLS in a network of its own"},
        {"它与端口 {port} 没有共同的 TLS 版本或加密算法",
         "本机支持 TLS 1.2 和 "
         "1.3（ECDHE）：请更新设备固件；没有新固件时，请让它在单独的网络里连接不加密的端口"}},
    TroubleEntry{
        Code::client_broken_tls,
        Severity::cause,
        {"Its TLS handshake on port {port} broke",
         "Check that the device is set to MQTT over TLS (mqtts://) on this port; if it is, update "
         "its firmware"},
        {"它在端口 {port} 的 TLS 握手出错",
         "请检查设备是否设为在该端口使用 TLS 上的 MQTT（mqtts://）；如果是，请更新其固件"}},
    TroubleEntry{Code::client_no_certificate,
                 Severity::cause,
                 {"It shows no certificate, and port {port} wants one",
                  "Give the device a certificate that an authority in ca_file has signed; or set "
                  "client_certificates = \"optional\" in the [[listener]] of port {port} and "
                  "restart the service"},
                 {"它没有出示证书，而端口 {port} 要求证书",
                  "请给设备一张由 ca_file 中的机构签发的证书；或在端口 {port} 的 [[listener]] 段设 "
                  "client_certificates = \"optional\"，并重启服务"}},
    TroubleEntry{Code::client_certificate_refused,
                 Severity::cause,
                 {"It shows a certificate that no authority of port {port} has signed",
                  "Give the device a certificate of the right authority; or add its authority to "
                  "the file ca_file of the [[listener]]"},
                 {"它出示的证书不是端口 {port} 所信任的机构签发的",
                  "请给设备换上正确机构签发的证书；或把它的机构加入 [[listener]] 的 ca_file 文件"}},
    TroubleEntry{Code::client_certificate_over,
                 Severity::cause,
                 {"It shows port {port} a certificate that has ended or has not begun, by the "
                  "clock of this box",
                  "Have the certificate of the device renewed; if its days are right, set the "
                  "clock of this box (timedatectl)"},
                 {"按本机时钟，它向端口 {port} 出示的证书已过期或尚未生效",
                  "请更换设备的证书；如果证书的日期没有问题，请校准本机时钟（timedatectl）"}},
    TroubleEntry{Code::client_certificate_revoked,
                 Severity::cause,
                 {"It shows port {port} a certificate that its authority has revoked",
                  "If the device is yours and is to go on, have a new certificate made for it; if "
                  "not, somebody uses a key that was lost"},
                 {"它向端口 {port} 出示的证书已被颁发机构吊销",
                  "如果是本单位要继续使用的设备，请为它换新证书；否则说明有人在用丢失的密钥"}},
    TroubleEntry{Code::client_without_list,
                 Severity::cause,
                 {"The authority that signed its certificate has no list of revoked ones at port "
                  "{port}, so none of its certificates is let in",
                  "Add the list (CRL) of that authority to the file crl_file of the [[listener]], "
                  "or remove crl_file"},
                 {"签发其证书的机构在端口 {port} 上没有吊销列表，因此它的证书都不能接入",
                  "请把该机构的列表（CRL）加入 [[listener]] 的 crl_file 文件，或删掉 crl_file"}},
    TroubleEntry{Code::client_key_unknown,
                 Severity::cause,
                 {"It knows no key that port {port} shares: its identity or its key is not that of "
                  "a line in psk_file",
                  "Give the device an identity and a key of the file psk_file of the [[listener]]"},
                 {"它的身份或密钥与端口 {port} 的 psk_file 中任何一行都不符",
                  "请给设备写上 [[listener]] 的 psk_file 中的身份和密钥"}},
    TroubleEntry{
        Code::client_distrusts_us,
        Severity::cause,
        {"It does not take the certificate of port {port}",
         "Give the device the file of the authority that signed it, and have the device connect by "
         "a name or address that is in the certificate; look also at the clock of the device"},
        {"它不接受端口 {port} 的证书",
         "请给设备签发该证书的机构（CA）文件，并让设备用证书里写有的名称或地址连接；也请检查设备的"
         "时钟"}},
    TroubleEntry{Code::client_tls_to_websocket,
                 Severity::cause,
                 {"It speaks TLS, and port {port} takes WebSocket without TLS",
                  "Use ws:// on the device; or give the [[listener]] of port {port} cert_file and "
                  "key_file, and use wss://"},
                 {"它使用 TLS，而端口 {port} 只接受不加密的 WebSocket",
                  "请在设备上使用 ws://；或在端口 {port} 的 [[listener]] 段设置 cert_file 和 "
                  "key_file，并使用 wss://"}},
    TroubleEntry{Code::client_without_websocket,
                 Severity::cause,
                 {"It speaks MQTT without WebSocket, and port {port} takes MQTT over WebSocket",
                  "Set the device to WebSocket, or point it to a port with protocol = \"mqtt\""},
                 {"它使用不带 WebSocket 的 MQTT，而端口 {port} 只接受 WebSocket 上的 MQTT",
                  "请把设备设为使用 WebSocket，或让它连接 protocol = \"mqtt\" 的端口"}},
    TroubleEntry{
        Code::client_no_websocket,
        Severity::cause,
        {"It asks port {port} for a page, as a browser does, and not for a WebSocket",
         "There is no page on this port: only programs that speak MQTT over WebSocket belong here"},
        {"它像浏览器一样向端口 {port} 请求网页，而不是 WebSocket",
         "这个端口没有网页，只供使用 WebSocket 上的 MQTT 的程序连接"}},
    TroubleEntry{Code::client_websocket_path,
                 Severity::cause,
                 {"It asks port {port} for a WebSocket at another path than websocket_path",
                  "Set the path on the device, usually /mqtt; or set websocket_path in the "
                  "[[listener]] of port {port} and restart the service"},
                 {"它向端口 {port} 请求的 WebSocket 路径与 websocket_path 不同",
                  "请在设备上设置路径，通常是 /mqtt；或在端口 {port} 的 [[listener]] 段设置 "
                  "websocket_path，并重启服务"}},
    TroubleEntry{Code::client_websocket_protocol,
                 Severity::cause,
                 {"It asks port {port} for a WebSocket without the sub-protocol mqtt",
                  "Set the sub-protocol of its WebSocket to mqtt (MQTT 5.0 section 6)"},
                 {"它向端口 {port} 请求的 WebSocket 没有子协议 mqtt",
                  "请把它的 WebSocket 子协议设为 mqtt（MQTT 5.0 第 6 节）"}},
    TroubleEntry{Code::client_foreign_page,
                 Severity::cause,
                 {"A page of another host asks port {port} for a WebSocket, and no password is "
                  "asked for there",
                  "If the page is yours, set anonymous = false and a password_file in the "
                  "[[listener]] of port {port}; if not, do not open that page"},
                 {"别的主机上的网页请求连接端口 {port} 的 WebSocket，而该端口不要求密码",
                  "如果网页是您自己的，请在端口 {port} 的 [[listener]] 段设 anonymous = false 和 "
                  "password_file；否则请不要打开该网页"}},
    TroubleEntry{
        Code::client_text_frames,
        Severity::cause,
        {"It sends MQTT in text frames to port {port}",
         "Have its program send binary frames (MQTT 5.0 section 6)"},
        {"它用文本帧向端口 {port} 发送 MQTT", "请让其程序使用二进制帧（MQTT 5.0 第 6 节）"}},
    TroubleEntry{Code::clock_not_kept,
                 Severity::cause,
                 {"No time service keeps the clock of this box, so the day may be wrong",
                  "If `date` shows another day, set the clock (timedatectl)"},
                 {"没有时间服务校准本机时钟，日期可能不对",
                  "如果 `date` 显示的日期不对，请校准时钟（timedatectl）"}},
};

}  // namespace

std::span<const TroubleEntry> handshake_troubles() {
  return kHandshakeTexts;
}

}  // namespace watchpost

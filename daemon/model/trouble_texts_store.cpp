// The texts about the store, the disk and the clock.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kStoreTexts{
    TroubleEntry{Code::store_not_writable,
                 Severity::critical,
                 {"The store cannot be written: messages are not acknowledged, devices send them "
                  "again",
                  ""},
                 {"数据无法写入磁盘：消息得不到确认，设备会重发", ""}},
    TroubleEntry{Code::alarms_refused,
                 Severity::critical,
                 {"There is no room left for alarms either. Refused since the start (a device that "
                  "waits for its acknowledgement sends again): {refused}. Dropped in all (the "
                  "upstreams are told which): {dropped}",
                  ""},
                 {"存储空间不足，连报警也被拒收。启动以来拒收（等待确认的设备会重发）：{refused}。"
                  "累计删除（已告知上级）：{dropped}",
                  ""}},
    TroubleEntry{Code::no_room,
                 Severity::warning,
                 {"There is no room for everything. Refused since the start (devices keep them): "
                  "{refused}. Dropped in all (the upstreams are told which): {dropped}",
                  ""},
                 {"存储空间不足。启动以来拒收（由设备保留）：{refused}。累计删除（已告知上级）："
                  "{dropped}",
                  ""}},
    TroubleEntry{
        Code::store_salvaged,
        Severity::warning,
        {"The store was damaged: {saved:row} saved under their old ids, {lost:record} lost "
         "(the upstreams are told)",
         "Check the disk or SD card (dmesg shows its errors) and replace it if they "
         "repeat. The damaged files are kept in {aside}"},
        {"数据文件曾损坏：按原编号恢复 {saved} 行，丢失 {lost} 条记录（已告知上级）",
         "请检查磁盘或存储卡（dmesg 显示错误），再次出错就更换。损坏的文件保存在 {aside}"}},
    TroubleEntry{
        Code::store_was_none,
        Severity::warning,
        {"{file} was no store of this program, or nothing in it could be read: it was put aside, "
         "and "
         "a new, empty store was begun",
         "If your store should have been there: stop the service, put its file or a backup in its "
         "place, start the service. What was there is in {aside}"},
        {"{file} "
         "不是本程序的数据文件，或者其中没有任何可读的内容：已把它移开，并新建了空的数据文件",
         "如果这里本应是您的数据：请停止服务，把数据文件或备份放到这个位置，再启动服务。原来的文件"
         "在 "
         "{aside}"}},
    TroubleEntry{Code::store_forgot,
                 Severity::warning,
                 {"The store had forgotten {lost:committed record} when it was opened; their ids "
                  "are not given again and the upstreams are told",
                  "If nobody put back an old copy of its files, the disk loses what it confirms: "
                  "replace it"},
                 {"打开数据文件时发现少了 {lost} 条已写入的记录；这些编号不再使用，已告知上级",
                  "如果没有人用旧的备份覆盖过数据，就是磁盘丢失了已确认写入的内容：请更换磁盘"}},
    TroubleEntry{
        Code::store_vanished,
        Severity::critical,
        {"The store in {folder} was removed or replaced while this box ran: at most "
         "{events:event} ({alarms:alarm event}) that waited to be sent are lost, unless they are "
         "in the "
         "store that is "
         "there now",
         "Tell the upstream about alarms of that time by telephone. Look whether the disk is "
         "mounted there and nobody deletes its files; the log says when it was"},
        {"运行期间 {folder} 中的数据文件被删除或替换：等待上传的事件（最多 {events} "
         "条，其中报警事件最多 {alarms} 条）"
         "已丢失，除非现在的数据文件中还有",
         "请打电话把那段时间的报警告知上级。请检查磁盘是否已挂载、是否有人删除文件；时间见日志"}},
    TroubleEntry{
        Code::alarms_damaged,
        Severity::critical,
        {"The disk has damaged what was kept of alarm {numbers}: it is missing in the list of "
         "alarms, though it may be open",
         "Look at what is known of it (watchpost alarm {first}), go there or call, and check the "
         "disk or SD card (dmesg shows its errors): replace it if they repeat"},
        {"磁盘损坏了警情 {numbers} 的保存内容：警情列表中已没有它，而它可能尚未处理完",
         "请查看它的已知情况（watchpost alarm {first}），到现场查看或打电话核实，并检查磁盘或存储卡"
         "（dmesg 显示错误），再次出错就更换"}},
    TroubleEntry{
        Code::alarms_rebuilt,
        Severity::critical,
        {"The disk had lost what was kept of alarm {numbers}: it is in the list again as its "
         "newest record says",
         "Look at it (watchpost alarm {first}), go there or call: shelving, notes of who was told "
         "and stages of the escalation are not on record. Check the disk or SD card (dmesg shows "
         "its errors) and replace it if they repeat"},
        {"磁盘丢失了警情 {numbers} 的保存内容：已按它最新的记录放回警情列表",
         "请查看它（watchpost alarm {first}），到现场查看或打电话核实：搁置到何时、通知过谁、升级到"
         "哪一级，记录中没有。请检查磁盘或存储卡（dmesg 显示错误），再次出错就更换"}},
    TroubleEntry{
        Code::alarms_unknown,
        Severity::critical,
        {"The disk has lost the list of alarms, and the oldest records of alarms are gone "
         "too: whether alarms were open is not known",
         "Ask whoever had the duty and the street, go there or call. Check the disk or SD card "
         "(dmesg shows its errors) and replace it if they repeat"},
        {"磁盘丢失了警情列表，最早的报警记录也已不在：不知道是否还有未处理完的警情",
         "请询问值班人员和街道，到现场查看或打电话核实。请检查磁盘或存储卡（dmesg 显示错误），再次"
         "出错就更换"}},
    TroubleEntry{
        Code::facts_damaged,
        Severity::warning,
        {"The disk has damaged {rows:row} of what is kept beside the messages; they are left out: "
         "{names}",
         "The log says what each of them means (journalctl -u watchpostd). Check the disk or SD "
         "card (dmesg shows its errors) and replace it if they repeat"},
        {"磁盘损坏了消息以外的 {rows} 行保存内容，这些行已不再使用：{names}",
         "日志中写明了每一行的影响（journalctl -u watchpostd）。请检查磁盘或存储卡（dmesg "
         "显示错误），"
         "再次出错就更换"}},
    TroubleEntry{
        Code::client_queue_full,
        Severity::warning,
        {"The queue of the client {client} is full ({most}): its oldest messages go, telemetry "
         "first. Gone so far: {by_class}, and {local:message} that made no event",
         "If the program is still in use, start it and look why it does not read; if not, end its "
         "session (connect once with its client id and Clean Start). For longer absences raise "
         "store.client_queue. Events are in the log all the same (watchpost tail)"},
        {"客户端 {client} 的队列已满（{most}）：最早的消息正在删除，先删测量。到目前为止已删除："
         "{by_class}，以及 {local} 条不产生事件的消息",
         "如果这个程序还在使用，请启动它并检查为什么不接收；如果不用了，请结束它的会话（用它的客户"
         "端"
         "编号以 Clean Start 连接一次）。需要离线更久时请调大 store.client_queue。"
         "事件仍在本机记录中（watchpost tail）"}},
    TroubleEntry{
        Code::client_queues_full,
        Severity::warning,
        {"The queues of all clients together are full ({most}): the oldest messages of the "
         "longest queues go, telemetry first. Gone so far: {by_class}, and {local:message} that "
         "made no event",
         "End the sessions of programs that are not in use any more, or raise store.client_queues "
         "(at most a quarter of store.quota)"},
        {"所有客户端的队列合计已满（{most}）：正在删除最长队列中最早的消息，先删测量。到目前为止已"
         "删除：{by_class}，以及 {local} 条不产生事件的消息",
         "请结束不再使用的程序的会话，或调大 store.client_queues（最多是 store.quota "
         "的四分之一）"}},
    TroubleEntry{
        Code::client_queues_gave_way,
        Severity::warning,
        {"The store has reached its quota, and the oldest messages that wait for clients go so "
         "that events are kept. Gone so far: {by_class}, and {local:message} that made no event",
         "Bring the upstreams back so that records can go, end the sessions of programs that are "
         "not in use any more, or raise store.quota"},
        {"存储已达到配额，为了保存事件，正在删除等待客户端接收的最早的消息。到目前为止已删除："
         "{by_class}，以及 {local} 条不产生事件的消息",
         "请恢复与上级的连接，让记录得以上传；结束不再使用的程序的会话；或调大 store.quota"}},
    TroubleEntry{Code::clock_wrong,
                 Severity::warning,
                 {"The clock of this box is wrong; events are marked so and kept in order",
                  "Connect the box to the network so that it can set its clock, or set it by hand "
                  "(timedatectl)"},
                 {"本机时钟不对；事件照常保存，顺序不乱，并标明时间不可信",
                  "请联网让本机自动校时，或用 timedatectl 手工校时"}},
    TroubleEntry{Code::room_disk_full,
                 Severity::cause,
                 {"The disk is full: {class} is not kept",
                  "Free space on the disk of {folder}; service resumes by itself"},
                 {"磁盘已满：{class}数据暂不保存", "请清理 {folder} 所在的磁盘，清理后自动继续"}},
    TroubleEntry{
        Code::room_disk_too_small,
        Severity::cause,
        {"The disk is full, and store.quota is more than the whole disk: {class} is not kept",
         "Free space on the disk of {folder}, or set store.quota to at most {most} so that the "
         "oldest telemetry goes in time; service resumes by itself"},
        {"磁盘已满，而且 store.quota 大于整个磁盘：{class}数据暂不保存",
         "请清理 {folder} 所在的磁盘，或把 store.quota 设为不超过 "
         "{most}，让最早的测量数据及时删除；之后自动继续"}},
    TroubleEntry{
        Code::room_disk_below_least,
        Severity::cause,
        {"The disk is full, and even the least store.quota ({least}) is too much for a disk of its "
         "size: {class} is not kept",
         "Put the store on a larger disk; until then free space on the disk of {folder}"},
        {"磁盘已满，而且容量太小，连最小的 store.quota（{least}）也放不下：{class}数据暂不保存",
         "请把数据放到更大的磁盘上；在此之前请清理 {folder} 所在的磁盘"}},
    TroubleEntry{Code::room_quota,
                 Severity::cause,
                 {"The store has reached its quota: {class} is not kept",
                  "Bring the upstreams back so that records can go, or raise store.quota (the disk "
                  "has {free} left); service resumes by itself"},
                 {"存储已达到配额：{class}数据暂不保存",
                  "请恢复与上级的连接，让记录得以上传，或调大 store.quota（磁盘还剩 "
                  "{free}）；之后自动继续"}},
    TroubleEntry{Code::store_full,
                 Severity::cause,
                 {"Store: {step} failed: {why} (SQLite code {code})",
                  "Free space on the disk or raise store.quota; service resumes by itself"},
                 {"存储出错，步骤 {step}（{why}，SQLite 代码 {code}）",
                  "请清理磁盘空间，或调大 store.quota；之后自动继续"}},
    TroubleEntry{
        Code::store_disk_errors,
        Severity::cause,
        {"Store: {step} failed: {why} (SQLite code {code})",
         "Check the disk or SD card (dmesg shows its errors) and replace it if they repeat"},
        {"存储出错，步骤 {step}（{why}，SQLite 代码 {code}）",
         "请检查磁盘或存储卡（dmesg 显示错误），再次出错就更换"}},
    TroubleEntry{
        Code::store_read_only,
        Severity::cause,
        {"Store: {step} failed: {why} (SQLite code {code})",
         "Check that the store directory belongs to the user the daemon runs as and that its "
         "filesystem is mounted for writing (a failing disk turns read-only: see dmesg)"},
        {"存储出错，步骤 {step}（{why}，SQLite 代码 {code}）",
         "请检查存储目录是否属于运行服务的用户，以及文件系统是否以可写方式挂载（磁盘出故障会变成只"
         "读：见 dmesg）"}},
    TroubleEntry{Code::store_busy,
                 Severity::cause,
                 {"Store: {step} failed: {why} (SQLite code {code})",
                  "Another program uses the store: stop it"},
                 {"存储出错，步骤 {step}（{why}，SQLite 代码 {code}）",
                  "另一个程序正在使用数据文件：请停止它"}},
    TroubleEntry{
        Code::store_damaged,
        Severity::cause,
        {"The store is damaged: {why}", "The damaged file is put aside and a new store is begun"},
        {"数据文件损坏（{why}）", "损坏的文件会单独保存，并开始新的数据文件"}},
    TroubleEntry{Code::store_error,
                 Severity::cause,
                 {"Store: {step} failed: {why} (SQLite code {code})",
                  "Restart the daemon; if it happens again, report this line"},
                 {"存储出错，步骤 {step}（{why}，SQLite 代码 {code}）",
                  "请重启服务；如果再次出现，请报告这一行"}},
    TroubleEntry{Code::store_being_saved,
                 Severity::cause,
                 {"The store is damaged and is being saved",
                  "Nothing needs to be done, service resumes by itself"},
                 {"数据文件损坏，正在恢复", "不用处理，之后自动继续"}},
    TroubleEntry{
        Code::store_late,
        Severity::cause,
        {"The store did not answer in time",
         "If this lasts, the disk is too slow or failing: replace the card or the disk"},
        {"数据文件没有及时响应", "如果一直如此，说明磁盘太慢或有故障：请更换存储卡或磁盘"}},
    TroubleEntry{Code::see_log,
                 Severity::cause,
                 {"What exactly is wrong stands in the log", "Read it: journalctl -u watchpostd"},
                 {"具体原因见日志", "请查看：journalctl -u watchpostd"}},
    TroubleEntry{
        Code::room_dropping,
        Severity::cause,
        {"The store has reached its quota: the oldest {class} is dropped to make room, and "
         "the upstreams are told which",
         "Bring the upstreams back, or raise store.quota"},
        {"存储已达到配额：正在删除最早的{class}数据，并告知上级删除了哪些",
         "请恢复与上级的连接，或调大 store.quota"}},
};

}  // namespace

std::span<const TroubleEntry> store_troubles() {
  return kStoreTexts;
}

}  // namespace watchpost

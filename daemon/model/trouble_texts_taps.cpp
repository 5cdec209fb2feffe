// The texts about taps of patrol tags, and about dangers that were never seen to be declared.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kTapTexts{
    TroubleEntry{
        Code::taps_copied,
        Severity::warning,
        {"{times:tap} of a tag since the service started, or since a day without any, came with a "
         "link that was used before, so nobody stood at the tag: {names}. They are kept, marked as "
         "replayed, and count as no visit",
         "Ask who was on patrol there, and tap the tag itself once: a link that is copied from a "
         "phone or photographed works only once"},
        {"自服务启动（或上次整天没有这种情况）以来，有 {times} "
         "次打卡用的是已经用过的链接，并没有人到场：{names}"
         "。这些记录会保留并标记，但不算巡更",
         "请询问当班人员，并到现场再碰一次标签：从手机复制或拍照得来的链接只能用一次"}},
    TroubleEntry{
        Code::taps_not_proven,
        Severity::warning,
        {"{times:tap} since the service started, or since a day without any, came with a link that "
         "could not be proven, and count like a plain number that anybody can copy: {names}",
         "Put the key of that tag into the file that patrol.tag_keys names and restart the "
         "service; where the tag has no counter in its link, write the tag anew with one"},
        {"自服务启动（或上次整天没有这种情况）以来，有 {times} "
         "次打卡的链接无法验证，只能当作谁都能复制的普通编号：{names}",
         "请把该标签的密钥写进 patrol.tag_keys 指定的文件，并重启服务；如果标签的链接里没有计数器，"
         "请重新写入标签"}},
    TroubleEntry{
        Code::tap_counters_restored,
        Severity::warning,
        {"The store was put back from a backup: a tag's link that was tapped after the backup was "
         "made would pass once more",
         "Go round and tap every tag once yourself; this message goes when the last one was "
         "tapped. Visits before that are marked counter_restored"},
        {"存储是从备份恢复的：备份之后碰过的标签链接还能再用一次",
         "请亲自到每个标签处碰一次；最后一个碰过之后，这条提示就会消失。在此之前的巡更带有 "
         "counter_restored 标记"}},
    TroubleEntry{
        Code::devices_not_proven,
        Severity::advice,
        {"{devices:device} that can raise an alarm never did, not even in a test: {names}. Whether "
         "such an alarm arrives is not proven",
         "Press the test button of each (hold it until it sounds), or wet or pull what it watches, "
         "while this box runs; `watchpost status` shows what is still open"},
        {"{devices} "
         "台设备能报警，但从未见它报过，连测试也没有：{names}。它们的报警能否送达尚未证实",
         "请在本机运行时逐台按测试键（按住直到鸣响），或让探头沾水、拉动拉绳等；`watchpost status` "
         "显示还有哪些没有做"}},
};

}  // namespace

std::span<const TroubleEntry> tap_troubles() {
  return kTapTexts;
}

}  // namespace watchpost

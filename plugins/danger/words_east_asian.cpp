// Words of names and values in traditional Chinese characters, in Japanese, Korean and Thai, each
// as the words of words.cpp that mean the same; read as those of words_chinese.cpp are.
#include "danger/words.hpp"

namespace watchpost::danger {
namespace {

constexpr ChineseWord kEastAsianWords[] = {
    // The same in traditional characters.
    {"煙霧", "smoke"},
    {"煙感", "smoke"},
    {"火災", "fire"},
    {"警報", "alarm"},
    {"報警", "alarm"},
    {"狀態", "state"},
    {"異常", "abnormal"},
    {"瓦斯外洩", "gas leak"},
    {"外洩", "leak"},
    {"洩漏", "leak"},
    {"淹水", "flood"},
    {"緊急", "emergency"},
    {"緊急求救", "sos alarm"},
    {"觸發", "triggered"},
    {"偵測到", "detected"},
    {"未偵測到", "not detected"},
    {"電池", "battery"},
    {"測試", "test"},
    {"無", "no"},
    // Japanese.
    {"煙", "smoke"},
    {"火事", "fire"},
    {"ガス漏れ", "gas leak"},
    {"ガス", "gas"},
    {"漏れ", "leak"},
    {"転倒", "fall"},
    {"検知", "detected"},
    {"検出", "detected"},
    {"発生", "happened"},
    {"異常なし", "normal"},
    {"なし", "no"},
    {"感知器", "detector"},
    // Korean.
    {"연기", "smoke"},
    {"화재", "fire"},
    {"가스", "gas"},
    {"가스누출", "gas leak"},
    {"누출", "leak"},
    {"누수", "water leak"},
    {"침수", "flood"},
    {"낙상", "fall"},
    {"비상", "emergency"},
    {"비상벨", "emergency button"},
    {"감지", "detected"},
    {"경보", "alarm"},
    {"발생", "happened"},
    {"정상", "normal"},
    {"없음", "no"},
    // Thai, which divides no words either.
    {"ไฟไหม้", "fire"},
    {"เพลิงไหม้", "fire"},
    {"ควัน", "smoke"},
    {"แก๊สรั่ว", "gas leak"},
    {"น้ำรั่ว", "water leak"},
    {"น้ำท่วม", "flood"},
    {"หกล้ม", "fall"},
    {"ขอความช่วยเหลือ", "call for help"},
    {"ฉุกเฉิน", "emergency"},
    {"ตรวจพบ", "detected"},
    {"แจ้งเตือน", "alarm"},
    {"ไม่พบ", "no"},
    {"ปกติ", "normal"},
};

}  // namespace

std::span<const ChineseWord> east_asian_words() {
  return kEastAsianWords;
}

}  // namespace watchpost::danger

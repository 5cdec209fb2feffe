#include "model/kind_words.hpp"

namespace watchpost {
namespace {

struct Named {
  std::string_view english;
  std::string_view chinese;
  [[nodiscard]] std::string_view in(Language language) const {
    return language == Language::chinese ? chinese : english;
  }
};

Named words_of(Kind kind) {
  switch (kind) {
    case Kind::smoke:
      return {"smoke", "烟雾"};
    case Kind::heat:
      return {"heat", "高温"};
    case Kind::co:
      return {"carbon monoxide", "一氧化碳"};
    case Kind::combustible_gas:
      return {"combustible gas", "可燃气体"};
    case Kind::manual_call_point:
      return {"manual call point", "手动报警按钮"};
    case Kind::fire_part:
      return {"part of a fire alarm panel", "消防主机部件"};
    case Kind::fire_system:
      return {"fire alarm panel", "消防主机"};
    case Kind::transmission_device:
      return {"transmission device", "传输装置"};
    case Kind::hydrant_pressure:
      return {"hydrant pressure", "消火栓水压"};
    case Kind::water_level:
      return {"water level", "水位"};
    case Kind::water_distance:
      return {"distance to the water", "到水面的距离"};
    case Kind::water_leak:
      return {"water leak", "漏水"};
    case Kind::rainfall:
      return {"rainfall", "雨量"};
    case Kind::fall:
      return {"fall", "跌倒"};
    case Kind::sos:
      return {"call for help", "求助"};
    case Kind::presence:
      return {"presence", "有人"};
    case Kind::patrol_scan:
      return {"tap of a patrol tag", "巡更打卡"};
    case Kind::device_status:
      return {"state of a device", "设备状态"};
    case Kind::heartbeat:
      return {"sign of life", "心跳"};
    case Kind::rf_code:
      return {"radio code", "射频编码"};
    case Kind::measurement:
      return {"measurement", "测量值"};
    case Kind::unnamed_alarm:
      return {"alarm that nothing names", "未说明的报警"};
  }
  return {};
}

Named words_of(DeclaredState state) {
  switch (state) {
    case DeclaredState::normal:
      return {"at rest", "正常"};
    case DeclaredState::alarm:
      return {"alarm", "报警"};
    case DeclaredState::suspected:
      return {"suspected", "疑似"};
    case DeclaredState::confirmed:
      return {"confirmed", "已确认"};
    case DeclaredState::cleared:
      return {"cleared", "已解除"};
    case DeclaredState::test:
      return {"test", "测试"};
    case DeclaredState::fault:
      return {"fault", "故障"};
    case DeclaredState::tamper:
      return {"tampered with", "被动过"};
    case DeclaredState::unknown:
      return {"unknown", "不明"};
    case DeclaredState::info:
      return {"says nothing of danger", "未涉及危险"};
  }
  return {};
}

}  // namespace

std::string_view kind_word(Kind kind, Language language) {
  return words_of(kind).in(language);
}

std::string_view state_word(DeclaredState state, Language language) {
  return words_of(state).in(language);
}

}  // namespace watchpost

#include "gb26875/type_names.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace watchpost::gb26875 {

namespace {

constexpr std::array kSystems{
    TypeName{0, "general", "通用"},
    TypeName{1, "fire alarm system", "火灾报警系统"},
    TypeName{10, "fire linkage controller", "消防联动控制器"},
    TypeName{11, "hydrant system", "消火栓系统"},
    TypeName{12, "sprinkler system", "自动喷水灭火系统"},
    TypeName{13, "gas extinguishing system", "气体灭火系统"},
    TypeName{14, "water spray system (pump)", "水喷雾灭火系统（泵启动方式）"},
    TypeName{15, "water spray system (pressure vessel)", "水喷雾灭火系统（压力容器启动方式）"},
    TypeName{16, "foam system", "泡沫灭火系统"},
    TypeName{17, "powder system", "干粉灭火系统"},
    TypeName{18, "smoke exhaust system", "防烟排烟系统"},
    TypeName{19, "fire doors and shutters", "防火门及卷帘系统"},
    TypeName{20, "fire lift", "消防电梯"},
    TypeName{21, "emergency broadcast", "消防应急广播"},
    TypeName{22, "emergency lighting and escape signs", "消防应急照明和疏散指示系统"},
    TypeName{23, "fire power supply", "消防电源"},
    TypeName{24, "fire telephone", "消防电话"},
};

constexpr std::array kParts{
    TypeName{0, "general", "通用"},
    TypeName{1, "fire alarm controller", "火灾报警控制器"},
    TypeName{10, "gas detector", "可燃气体探测器"},
    TypeName{11, "point gas detector", "点型可燃气体探测器"},
    TypeName{12, "stand-alone gas detector", "独立式可燃气体探测器"},
    TypeName{13, "line gas detector", "线型可燃气体探测器"},
    TypeName{16, "electrical fire alarm", "电气火灾监控报警器"},
    TypeName{17, "residual current detector", "剩余电流式电气火灾监控探测器"},
    TypeName{18, "electrical temperature detector", "测温式电气火灾监控探测器"},
    TypeName{21, "detection loop", "探测回路"},
    TypeName{22, "fire display panel", "火灾显示盘"},
    TypeName{23, "manual call point", "手动火灾报警按钮"},
    TypeName{24, "hydrant button", "消火栓按钮"},
    TypeName{25, "fire detector", "火灾探测器"},
    TypeName{30, "heat detector", "感温火灾探测器"},
    TypeName{31, "point heat detector", "点型感温火灾探测器"},
    TypeName{32, "point heat detector (S)", "点型感温火灾探测器（S型）"},
    TypeName{33, "point heat detector (R)", "点型感温火灾探测器（R型）"},
    TypeName{34, "line heat detector", "线型感温火灾探测器"},
    TypeName{35, "line heat detector (S)", "线型感温火灾探测器（S型）"},
    TypeName{36, "line heat detector (R)", "线型感温火灾探测器（R型）"},
    TypeName{37, "optical fibre heat detector", "光纤感温火灾探测器"},
    TypeName{40, "smoke detector", "感烟火灾探测器"},
    TypeName{41, "ionisation smoke detector", "点型离子感烟火灾探测器"},
    TypeName{42, "optical smoke detector", "点型光电感烟火灾探测器"},
    TypeName{43, "beam smoke detector", "线型光束感烟火灾探测器"},
    TypeName{44, "aspirating smoke detector", "吸气式感烟火灾探测器"},
    TypeName{50, "combined detector", "复合式火灾探测器"},
    TypeName{51, "smoke and heat detector", "复合式感烟感温火灾探测器"},
    TypeName{52, "flame and heat detector", "复合式感光感温火灾探测器"},
    TypeName{53, "flame and smoke detector", "复合式感光感烟火灾探测器"},
    TypeName{61, "ultraviolet flame detector", "紫外火焰探测器"},
    TypeName{62, "infrared flame detector", "红外火焰探测器"},
    TypeName{69, "flame detector", "感光火灾探测器"},
    TypeName{74, "fire gas detector", "气体探测器"},
    TypeName{78, "image fire detector", "图像摄像方式火灾探测器"},
    TypeName{79, "acoustic fire detector", "感声火灾探测器"},
    TypeName{81, "gas extinguishing controller", "气体灭火控制器"},
    TypeName{82, "electrical fire control device", "消防电气控制装置"},
    TypeName{83, "control room display", "消防控制室图形显示装置"},
    TypeName{84, "module", "模块"},
    TypeName{85, "input module", "输入模块"},
    TypeName{86, "output module", "输出模块"},
    TypeName{87, "input and output module", "输入/输出模块"},
    TypeName{88, "relay module", "中继模块"},
    TypeName{91, "fire pump", "消防水泵"},
    TypeName{92, "fire water tank", "消防水箱"},
    TypeName{95, "sprinkler pump", "喷淋泵"},
    TypeName{96, "water flow indicator", "水流指示器"},
    TypeName{97, "signal valve", "信号阀"},
    TypeName{98, "alarm valve", "报警阀"},
    TypeName{99, "pressure switch", "压力开关"},
    TypeName{101, "valve actuator", "阀驱动装置"},
    TypeName{102, "fire door", "防火门"},
    TypeName{103, "fire valve", "防火阀"},
    TypeName{104, "ventilation", "通风空调"},
    TypeName{105, "foam pump", "泡沫液泵"},
    TypeName{106, "solenoid valve", "管网电磁阀"},
    TypeName{111, "smoke fan", "防烟排烟风机"},
    TypeName{113, "smoke exhaust valve", "排烟防火阀"},
    TypeName{114, "air supply outlet", "常闭送风口"},
    TypeName{115, "smoke outlet", "排烟口"},
    TypeName{116, "smoke curtain", "电控挡烟垂壁"},
    TypeName{117, "shutter controller", "防火卷帘控制器"},
    TypeName{118, "fire door monitor", "防火门监控器"},
    TypeName{121, "alarm device", "警报装置"},
};

const TypeName* found(std::span<const TypeName> names, std::uint8_t type) {
  const auto at = std::find_if(names.begin(), names.end(),
                               [type](const TypeName& name) { return name.type == type; });
  return at == names.end() ? nullptr : &*at;
}

std::optional<std::uint8_t> called(std::span<const TypeName> names, std::string_view wanted) {
  const auto at = std::find_if(names.begin(), names.end(), [wanted](const TypeName& name) {
    return name.english == wanted || name.chinese == wanted;
  });
  return at == names.end() ? std::nullopt : std::optional(at->type);
}

}  // namespace

std::optional<std::uint8_t> system_called(std::string_view name) {
  return called(kSystems, name);
}

std::optional<std::uint8_t> part_called(std::string_view name) {
  return called(kParts, name);
}

const TypeName* system_name(std::uint8_t type) {
  return found(kSystems, type);
}

const TypeName* part_name(std::uint8_t type) {
  return found(kParts, type);
}

watchpost_kind kind_of_part(std::uint8_t type) {
  if (type >= 10 && type <= 13) return WATCHPOST_COMBUSTIBLE_GAS;
  if (type == 23 || type == 24) return WATCHPOST_MANUAL_CALL_POINT;
  if (type >= 30 && type <= 37) return WATCHPOST_HEAT;
  if (type >= 40 && type <= 44) return WATCHPOST_SMOKE;
  return WATCHPOST_FIRE_PART;
}

bool tells_of_fire(std::uint8_t part_type) {
  constexpr std::array<std::uint8_t, 6> kTelling{23, 24, 81, 96, 98, 99};
  return std::find(kTelling.begin(), kTelling.end(), part_type) != kTelling.end();
}

bool puts_out_fires(std::uint8_t system_type) {
  return system_type == 13 || (system_type >= 15 && system_type <= 17);
}

}  // namespace watchpost::gb26875

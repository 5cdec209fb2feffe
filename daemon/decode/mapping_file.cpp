#include "base/encoding.hpp"
#include "decode/mapping.hpp"
#include "decode/mapping_places.hpp"
#include "decode/mapping_rules.hpp"
#include "decode/mapping_words.hpp"
#include "decode/toml_reading.hpp"

namespace watchpost::decode {
namespace {

const std::vector<std::string_view> kFormats{"json", "bytes", "hex", "text"};
const std::vector<std::string_view> kTimeFormats{"iso", "epoch"};

// "enum" maps values, written as texts, to words.
void read_words(TableReader& reader, MappedReading& reading) {
  const auto* words = reader.table("enum");
  if (words == nullptr) return;
  for (const auto& [key, node] : *words) {
    const auto* word = node.as_string();
    if (word == nullptr)
      reader.fail(node, {.what = "an enum's word must be a text",
                         .remedy = "Put it in quotes",
                         .chinese = "enum 中的词必须是文本。请加引号"});
    if (reading.place.bit && key.str() != "true" && key.str() != "false") {
      reader.fail(node, {.what = "a bit is true or false, so \"" + std::string(key.str()) +
                                 "\" never comes",
                         .remedy = "Write enum = { true = \"on\", false = \"off\" }",
                         .chinese = "位只有 true 和 false，不会出现 \"" + std::string(key.str()) +
                                    "\"。请写 enum = { true = \"on\", false = \"off\" }"});
    }
    reading.words.emplace_back(key.str(), word->get());
  }
}

MappedReading reading_in(const toml::table& table, const std::string& file, Mapping& mapping) {
  TableReader reader(table, file);
  MappedReading reading;
  reading.place = place_in(reader, mapping.format);
  reading.quantity = reader.text("quantity").value_or("");
  reading.unit = reader.text("unit").value_or("");
  reading.scale = reader.number("scale").value_or(1);
  if (reading.scale == 0) {
    reader.fail(
        {.what = "with scale = 0 every value is the same",
         .remedy = "Write what one step of the number is, such as scale = 0.1",
         .chinese = "scale = 0 会使所有值都一样。请写数字每一步代表多少，例如 scale = 0.1"});
  }
  reading.add = reader.number("add").value_or(0);
  reading.must_exist = reader.boolean("must_exist").value_or(false);
  reading.strip_prefix = reader.text("strip_prefix").value_or("");
  reading.text_unit = reader.text("text_unit").value_or("");
  if (const auto* sentinels = reader.array("sentinels")) {
    for (const auto& node : *sentinels) {
      const auto number = node.value<double>();
      if (!number)
        reader.fail(node, {.what = "a sentinel must be a number",
                           .remedy = "Correct the list",
                           .chinese = "sentinels 只能是数字。请改正列表"});
      reading.sentinels.push_back(*number);
    }
  }
  read_words(reader, reading);
  reader.finish();  // a misspelt key is named before what it leaves out
  if (reading.quantity.empty()) {
    reader.fail({.what = "a reading has no quantity",
                 .remedy = "Write quantity = \"level\"",
                 .chinese = "[[reading]] 缺少 quantity。请写 quantity = \"level\""});
  }
  check_words(reader, reading, mapping);
  return reading;
}

template <class Take>
void each_table(TableReader& reader, std::string_view key, const Take& take) {
  const auto* list = reader.array(key);
  if (list == nullptr) return;
  for (const auto& node : *list) {
    if (!node.is_table()) {
      reader.fail(node, {.what = "an entry of \"" + std::string(key) + "\" is no table",
                         .remedy = "Write [[" + std::string(key) + "]]",
                         .chinese = "\"" + std::string(key) + "\" 中有一项不是表。请写成 [[" +
                                    std::string(key) + "]]"});
    }
    take(*node.as_table());
  }
}

void read_device(TableReader& root, Mapping& mapping, MappingUse use) {
  const auto* table = root.table("device");
  if (table == nullptr) {
    if (use == MappingUse::profile) return;
    root.fail({.what = "the mapping does not say where the device's name comes from",
               .remedy = "Write [device] with topic_level, pointer, offset or fixed",
               .chinese = "映射文件没有说明设备名称从哪里来。请写 [device]，用 "
                          "topic_level、pointer、offset 或 fixed"});
  }
  TableReader reader(*table, root.file());
  mapping.device.topic_level = small_number(reader, "topic_level");
  mapping.device.fixed = reader.text("fixed").value_or("");
  if (table->contains("pointer") || table->contains("offset")) {
    mapping.device.place = place_in(reader, mapping.format);
  }
  reader.finish();
  const int ways = (mapping.device.topic_level ? 1 : 0) + (mapping.device.place ? 1 : 0) +
                   (mapping.device.fixed.empty() ? 0 : 1);
  if (ways != 1 || mapping.device.topic_level.value_or(0) < 0) {
    reader.fail({.what = "the device's name must come from exactly one place",
                 .remedy = "Keep one of topic_level (from 0), pointer, offset, fixed",
                 .chinese = "设备名称必须恰好来自一处。请只留 topic_level（从 0 "
                            "起）、pointer、offset、fixed 之一"});
  }
}

// One fPort or a list of them.
void read_ports(TableReader& root, std::string_view name, std::vector<std::uint32_t>& ports,
                MappingUse use) {
  const std::string key(name);
  const auto* node = root.node(name);
  if (node == nullptr) return;
  if (use == MappingUse::decoder) {
    root.fail(*node,
              {.what = "\"" + key + "\" is of a LoRaWAN device, whose profile this mapping is not",
               .remedy = "Name the file as profile in its [[device]] section, in place of "
                         "[[decoder]]",
               .chinese = key + " 用于 LoRaWAN 设备，而这个文件没有用作设备的 profile。请把它写"
                                "成该 [[device]] 的 profile，代替 [[decoder]]"});
  }
  const auto take = [&](const toml::node& each) {
    const auto port = each.value_exact<std::int64_t>();
    if (!port || *port < 1 || *port > 255) {
      root.fail(each, {.what = "\"" + key + "\" is an fPort from 1 to 255, or a list of them",
                       .remedy = "Write " + key + " = 2, or " + key + " = [2, 3]",
                       .chinese = key + " 是 1 到 255 的 fPort，或它们的列表。请写 " + key +
                                  " = 2，或 " + key + " = [2, 3]"});
    }
    ports.push_back(static_cast<std::uint32_t>(*port));
  };
  const auto* list = node->as_array();
  if (list == nullptr || list->empty()) return take(*node);
  for (const auto& each : *list) take(each);
}

void read_topics(TableReader& root, Mapping& mapping) {
  const auto* list = root.array("topics");
  if (list == nullptr) return;
  for (const auto& node : *list) {
    const auto* text = node.as_string();
    auto filter = text == nullptr ? std::nullopt : TopicFilter::parse(text->get());
    if (!filter) {
      root.fail(node, {.what = "\"topics\" lists topic filters",
                       .remedy = "Write topics = [\"tele/+/SENSOR\"]",
                       .chinese = "topics 列出的是主题过滤器。请写 topics = [\"tele/+/SENSOR\"]"});
    }
    mapping.topics.push_back(std::move(*filter));
  }
}

void read_time(TableReader& root, Mapping& mapping) {
  const auto* table = root.table("time");
  if (table == nullptr) return;
  TableReader reader(*table, root.file());
  mapping.time = place_in(reader, mapping.format);
  mapping.time_format = static_cast<TimeFormat>(reader.word("format", kTimeFormats).value_or(0));
  reader.finish();
}

std::string hex_bytes(TableReader& reader, std::string_view key) {
  const auto text = reader.text(key).value_or("");
  const auto bytes = from_hex(text);
  if (!bytes) {
    reader.fail({.what = "\"" + std::string(key) + "\" is not hexadecimal",
                 .remedy = "Write it like \"a55a\"",
                 .chinese = "\"" + std::string(key) + "\" 不是十六进制。写法例如 \"a55a\""});
  }
  return *bytes;
}

void read_check(TableReader& root, Mapping& mapping) {
  const auto* table = root.table("check");
  if (table == nullptr) return;
  TableReader reader(*table, root.file());
  mapping.check.length = small_number(reader, "length");
  mapping.check.starts_with = hex_bytes(reader, "starts_with");
  mapping.check.ends_with = hex_bytes(reader, "ends_with");
  mapping.check.crc16_modbus_at = small_number(reader, "crc16_modbus_at");
  reader.finish();
  if (mapping.format == PayloadFormat::json || mapping.format == PayloadFormat::text) {
    reader.fail({.what = "[check] is for binary payloads",
                 .remedy = "Use \"requires\" for JSON",
                 .chinese = "[check] 只用于二进制报文。JSON 请用 \"requires\""});
  }
}

void read_requires(TableReader& root, Mapping& mapping) {
  const auto* list = root.array("requires");
  if (list == nullptr) return;
  for (const auto& node : *list) {
    const auto* pointer = node.as_string();
    if (pointer == nullptr || mapping.format != PayloadFormat::json ||
        !pointer->get().starts_with('/')) {
      root.fail(node,
                {.what = "\"requires\" lists JSON pointers",
                 .remedy = "Write requires = [\"/SR04\"]",
                 .chinese = "\"requires\" 列出的是 JSON pointer。请写 requires = [\"/SR04\"]"});
    }
    mapping.requires_members.push_back(pointer->get());
  }
}

void read_each(TableReader& root, Mapping& mapping) {
  const auto* table = root.table("each");
  if (table == nullptr) return;
  TableReader reader(*table, root.file());
  Each each;
  each.pointer = reader.text("pointer").value_or("");
  each.history = reader.boolean("history").value_or(false);
  reader.finish();
  const bool is_pointer = each.pointer.empty() || each.pointer.front() == '/';
  if (mapping.format != PayloadFormat::json || !is_pointer || !table->contains("pointer")) {
    reader.fail({.what = "[each] names a list in a JSON payload",
                 .remedy = "Write pointer = \"/records\", or \"\" where the payload is the list",
                 .chinese = "[each] 指明 JSON 报文中的列表。请写 pointer = \"/records\"；整个报文就"
                            "是列表时写 \"\""});
  }
  mapping.each = std::move(each);
}

void read_kind(TableReader& reader, MappedPart& part) {
  const auto kind = reader.word("kind", kind_names());
  if (!kind)
    reader.fail({.what = "the mapping has no kind",
                 .remedy = "Write kind = \"water_level\"",
                 .chinese = "映射文件没有 kind。请写 kind = \"water_level\""});
  part.kind = *kind_from(kind_names()[*kind]);
  if (const auto state = reader.word("state", declared_state_names())) {
    part.state = *declared_state_from(declared_state_names()[*state]);
  }
}

void read_part(TableReader& reader, MappedPart& part, Mapping& mapping) {
  each_table(reader, "reading", [&](const toml::table& entry) {
    part.readings.push_back(reading_in(entry, reader.file(), mapping));
  });
  each_table(reader, "state_when", [&](const toml::table& entry) {
    TableReader rule(entry, reader.file());
    part.rules.push_back(state_rule_in(rule, mapping.format));
    check_can_decide(rule, part.rules);
    note_hidden_alarm(rule, part.rules, mapping.notes);
  });
}

void check_has_reading(TableReader& reader, const MappedPart& part) {
  if (!part.readings.empty()) return;
  reader.fail(
      {.what = "the mapping has no reading",
       .remedy = "Write a [[reading]], in an [[also]] an [[also.reading]]",
       .chinese = "映射文件没有读数。请写一段 [[reading]]，在 [[also]] 里写 [[also.reading]]"});
}

Mapping mapping_in(const toml::table& table, const std::string& file, MappingUse use) {
  TableReader root(table, file);
  Mapping mapping;
  mapping.name = root.text("name").value_or("");
  if (mapping.name.empty())
    root.fail({.what = "the mapping has no name",
               .remedy = "Write name = \"my_sensor\"",
               .chinese = "映射文件没有名称。请写 name = \"my_sensor\""});
  mapping.format = static_cast<PayloadFormat>(root.word("format", kFormats).value_or(0));
  read_kind(root, mapping.parts.front());
  read_own_words(root, mapping);
  mapping.adds = root.boolean("adds").value_or(false);
  read_requires(root, mapping);
  read_device(root, mapping, use);
  read_ports(root, "port", mapping.ports, use);
  read_ports(root, "ignore_port", mapping.ignored_ports, use);
  read_topics(root, mapping);
  read_time(root, mapping);
  read_check(root, mapping);
  read_each(root, mapping);
  read_part(root, mapping.parts.front(), mapping);
  each_table(root, "also", [&](const toml::table& entry) {
    TableReader also(entry, file);
    MappedPart& part = mapping.parts.emplace_back();
    read_kind(also, part);
    read_part(also, part, mapping);
    also.finish();
    check_has_reading(also, part);
  });
  root.finish();
  check_has_reading(root, mapping.parts.front());
  return mapping;
}

Failure not_toml(const toml::parse_error& error, const std::string& name) {
  return Failure{Failure::Kind::invalid_input,
                 name + ":" + std::to_string(error.source().begin.line) +
                     ": not valid TOML: " + std::string(error.description()),
                 "Correct this line", nullptr,
                 name + "：第 " + std::to_string(error.source().begin.line) +
                     " 行不是正确的 TOML。请改正这一行（解析器原文：" +
                     std::string(error.description()) + "）"};
}

}  // namespace

Result<Mapping> Mapping::parse(const MappingText& text) {
  try {
    const auto table = toml::parse(text.toml, text.file);
    return mapping_in(table, text.file, text.use);
  } catch (const toml::parse_error& error) {
    return not_toml(error, text.file);
  } catch (const StartupError& error) {
    return error.failure();
  }
}

Result<Mapping> Mapping::load(const std::string& file, MappingUse use) {
  try {
    const auto table = toml::parse_file(file);
    return mapping_in(table, file, use);
  } catch (const toml::parse_error& error) {
    if (error.source().begin.line == 0) {
      return Failure{Failure::Kind::not_found, "the mapping " + file + " cannot be read",
                     "Correct the path in the configuration, or install the file", nullptr,
                     "读不到映射文件 " + file + "。请改正配置中的路径，或安装该文件"};
    }
    return not_toml(error, file);
  } catch (const StartupError& error) {
    return error.failure();
  }
}

}  // namespace watchpost::decode

#include "upstream/batch_text.hpp"

#include <algorithm>
#include <utility>

#include "model/event_id.hpp"

namespace watchpost::upstream {
BatchText::BatchText(EventContext context, std::size_t most, ContentCoding coding)
    : context_(std::move(context)), most_(most), most_here_(most), compressor_(coding) {}

void BatchText::link_up(const LinkTerms& terms) {
  Publication frame;
  // Telemetry has the longest name of the classes that go in batches.
  frame.topic = batch_topic(context_.gateway, EventClass::telemetry);
  frame.payload = "[]";
  frame.content_type = kBatchContentType;
  frame.content_encoding = to_string(compressor_.coding());
  const std::size_t around = size_of(frame);
  most_here_ =
      std::min(most_, terms.maximum_packet_size - std::min(terms.maximum_packet_size, around));
}

bool BatchText::add(Publication& publication, const Record& record) {
  std::string& text = publication.payload;
  const std::size_t before = text.size();
  // Most events are as large as the one before; such an event is not written in vain.
  if (before + grown_ > most_here_) {
    grown_ = 0;
    return false;
  }
  text.push_back(',');
  append_event(text, context_, record);
  if (text.size() > most_here_) {
    text.resize(before);
    return false;
  }
  grown_ = text.size() - before;
  return true;
}

void BatchText::finish(Publication& publication, EventClass event_class) {
  publication.topic = batch_topic(context_.gateway, event_class);
  publication.content_type = kBatchContentType;
  publication.payload.insert(0, 1, '[');
  publication.payload.push_back(']');
  if (compressor_.coding() == ContentCoding::none) return;
  std::string compressed = compressor_.compressed(publication.payload);
  if (compressed.size() >= publication.payload.size()) return;
  publication.payload = std::move(compressed);
  publication.content_encoding = to_string(compressor_.coding());
}

}  // namespace watchpost::upstream

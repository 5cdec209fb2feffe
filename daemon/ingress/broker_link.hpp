// BrokerReader::Link: one connection of a BrokerReader. Made anew for each; what it reports goes to
// the reader by `connected`, `subscribed` and `lost`, until `end`. I/O thread only.
#pragma once

#include "ingress/broker_reader.hpp"

namespace watchpost::ingress {

class BrokerReader::Link : public CustodySink {
 public:
  virtual void open() = 0;
  virtual void subscribe() = 0;
  // Nothing is reported any more; what waits for its commit is given back to the broker.
  virtual void end() = 0;
};

}  // namespace watchpost::ingress

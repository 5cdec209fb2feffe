#include "receiver/epoch_tree.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::receiver;

namespace {

// b goes on behind a, c behind b; d behind a copy of a, e behind d.
EpochTree two_lives() {
  EpochTree tree;
  tree.add("a", {"", {}});
  tree.add("b", {"a", {}});
  tree.add("c", {"b", {}});
  tree.add("d", {"a", {Seq{4}}});
  tree.add("e", {"d", {Seq{9}}});
  return tree;
}

}  // namespace

TEST_CASE("epochs of two lives are apart, those of one are not", "[receiver][unit]") {
  const EpochTree tree = two_lives();
  CHECK(tree.apart({.epoch = "b", .later = "d"}));
  CHECK(tree.apart({.epoch = "c", .later = "e"}));
  CHECK(tree.apart({.epoch = "b", .later = "e"}));
  CHECK_FALSE(tree.apart({.epoch = "a", .later = "c"}));
  CHECK_FALSE(tree.apart({.epoch = "a", .later = "e"}));
  CHECK_FALSE(tree.apart({.epoch = "d", .later = "e"}));
  // An earlier epoch does not go on behind a later one.
  CHECK(tree.apart({.epoch = "e", .later = "a"}));
}

TEST_CASE("what nobody told separates no epochs", "[receiver][unit]") {
  EpochTree tree = two_lives();
  CHECK_FALSE(tree.apart({.epoch = "c", .later = "unknown"}));
  CHECK_FALSE(tree.apart({.epoch = "unknown", .later = "c"}));
  tree.add("x", {"lost", {}});
  CHECK_FALSE(tree.apart({.epoch = "c", .later = "x"}));
}

TEST_CASE("epochs that somebody wrote in a circle end the search", "[receiver][unit]") {
  EpochTree tree;
  tree.add("a", {"b", {}});
  tree.add("b", {"a", {}});
  CHECK_FALSE(tree.apart({.epoch = "z", .later = "a"}));
  CHECK(tree.line_of("a").size() == 2);
  CHECK(tree.before("a").size() == 2);
}

TEST_CASE("a line has all that goes on behind an epoch, and the way back says where",
          "[receiver][unit]") {
  const EpochTree tree = two_lives();
  CHECK(tree.line_of("d") == std::set<Epoch>{"d", "e"});
  CHECK(tree.line_of("a").size() == 5);
  const auto before = tree.before("e");
  CHECK(before.size() == 2);
  CHECK(before.at("a")[0] == Seq{4});
  CHECK(before.at("d")[0] == Seq{9});
}

#include "feed/json_tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/limits.h"

namespace slipstream::feed {
namespace {

// The state after some changes, one after the other.
struct Merged {
  JsonTree tree;
  bool is_clean = true;

  explicit Merged(std::initializer_list<const char*> changes) {
    simdjson::dom::parser parser;
    for (const char* change : changes) {
      is_clean = tree.merge(parser.parse(std::string(change)).value()).has_value() && is_clean;
    }
  }
};

TEST(PatchEngine, P1_AnObjectWithNumbersMergesIntoAList) {
  const Merged m(
      {R"({"Stints":[{"Compound":"SOFT"},{"Compound":"HARD"}]})", R"({"Stints":{"1":{"New":"true"}}})"});
  EXPECT_EQ(m.tree["Stints"].size(), 2u);
  EXPECT_EQ(m.tree["Stints"][1]["Compound"].text(), "HARD");
  EXPECT_EQ(m.tree["Stints"][1]["New"].flag(), true);
  EXPECT_EQ(m.tree["Stints"]["0"]["Compound"].text(), "SOFT");
}

TEST(PatchEngine, P2_AListReplacesWhateverStoodThere) {
  const Merged over_list(
      {R"({"Segments":[{"Status":2049},{"Status":2048}]})", R"({"Segments":[{"Status":0}]})"});
  EXPECT_EQ(over_list.tree["Segments"].size(), 1u);
  const Merged over_object({R"({"Lines":{"4":{"a":1}}})", R"({"Lines":[]})"});
  EXPECT_EQ(over_object.tree["Lines"].size(), 0u);
  EXPECT_EQ(over_object.tree["Lines"].kind(), JsonTree::Kind::list);
}

TEST(PatchEngine, P3_AnIndexBeyondTheEndGrowsTheListWithNulls) {
  const Merged m({R"({"Captures":[]})", R"({"Captures":{"3":{"Path":"x"}}})"});
  EXPECT_EQ(m.tree["Captures"].size(), 4u);
  EXPECT_EQ(m.tree["Captures"][1].kind(), JsonTree::Kind::null);
  EXPECT_EQ(m.tree["Captures"][3]["Path"].text(), "x");
  EXPECT_TRUE(m.tree["Captures"][4].is_missing());
}

TEST(PatchEngine, P3_AHostileIndexIsRefusedAndTheRestIsMerged) {
  const Merged m({R"({"a":[]})", R"({"a":{"999999999":1,"0":2,"x":3},"b":4})"});
  EXPECT_FALSE(m.is_clean);
  EXPECT_EQ(m.tree["a"].size(), 1u);
  EXPECT_EQ(m.tree["b"].integer(), 4);
}

TEST(PatchEngine, P4_DeletedNamesMembersToRemove) {
  const Merged m({R"({"BestLapTime":{"Value":"1:17.147","Lap":5}})",
                  R"({"BestLapTime":{"Value":"","_deleted":["Lap"]}})"});
  EXPECT_TRUE(m.tree["BestLapTime"]["Lap"].is_missing());
  EXPECT_EQ(m.tree["BestLapTime"]["Value"].text(), "");
  EXPECT_TRUE(m.tree["BestLapTime"]["_deleted"].is_missing());
  const Merged list({R"([1,2])", R"({"_deleted":["0"]})"});
  EXPECT_EQ(list.tree[0].kind(), JsonTree::Kind::null);
  EXPECT_EQ(list.tree[1].integer(), 2);
}

TEST(PatchEngine, P5_TheKeyframeMarkNeverBecomesAMember) {
  const Merged m({R"({"4":{"Line":1,"_kf":true},"_kf":true})"});
  EXPECT_EQ(m.tree.size(), 1u);
  EXPECT_EQ(m.tree["4"].size(), 1u);
}

TEST(PatchEngine, P6_WhatAChangeDoesNotNameStays) {
  const Merged m(
      {R"({"Sectors":[{"Value":"27.211"},{"Value":"29.785"}],"InPit":true})", R"({"InPit":false})"});
  EXPECT_EQ(m.tree["Sectors"][1]["Value"].text(), "29.785");
  EXPECT_EQ(m.tree["InPit"].flag(), false);
}

TEST(PatchEngine, P7_AnEmptyTextIsAValueAndAMissingMemberIsNot) {
  const Merged m({R"({"Value":""})"});
  EXPECT_EQ(m.tree["Value"].text(), "");
  EXPECT_EQ(m.tree["Value"].filled_text(), std::nullopt);
  EXPECT_EQ(m.tree["Other"].text(), std::nullopt);
}

TEST(PatchEngine, P8_StintsComeAsEmptyListThenListThenObject) {
  const Merged m({R"({"Stints":[]})", R"({"Stints":[{"Compound":"UNKNOWN"}]})",
                  R"({"Stints":{"0":{"Compound":"SOFT"},"1":{"Compound":"HARD"}}})"});
  ASSERT_EQ(m.tree["Stints"].size(), 2u);
  EXPECT_EQ(m.tree["Stints"][0]["Compound"].text(), "SOFT");
}

TEST(PatchEngine, P9_MessagesComeAsListOrObject) {
  simdjson::dom::parser parser;
  for (const char* messages : {R"([{"Message":"A"}])", R"({"0":{"Message":"A"}})"}) {
    std::vector<std::string> names;
    for_each_member(parser.parse(std::string(messages)).value(),
                    [&](std::string_view name, simdjson::dom::element) { names.emplace_back(name); });
    EXPECT_EQ(names, std::vector<std::string>{"0"}) << messages;
  }
}

TEST(PatchEngine, P10_P15_NumbersAndFlagsComeInManyDresses) {
  const Merged m({R"({"a":"12","b":12,"c":"1023.0","d":12.0,"e":"x","f":"true","g":true,"h":"0"})"});
  EXPECT_EQ(m.tree["a"].integer(), 12);
  EXPECT_EQ(m.tree["b"].integer(), 12);
  EXPECT_EQ(m.tree["c"].integer(), 1023);
  EXPECT_EQ(m.tree["d"].integer(), 12);
  EXPECT_EQ(m.tree["e"].integer(), std::nullopt);
  EXPECT_EQ(m.tree["f"].flag(), true);
  EXPECT_EQ(m.tree["g"].flag(), true);
  EXPECT_EQ(m.tree["h"].flag(), false);
}

TEST(PatchEngine, NestingIsBounded) {
  std::string deep;
  for (int i = 0; i < limits::json_depth_max + 10; ++i) deep += R"({"a":)";
  deep += "1" + std::string(limits::json_depth_max + 10, '}');
  EXPECT_FALSE(Merged({deep.c_str()}).is_clean);
}

// Objects of objects, as texts: small enough that names meet.
std::string change_text(int depth) {
  if (depth == 0) return std::to_string(*rc::gen::inRange(0, 3));
  std::string text = "{";
  for (const char* name : {"a", "b", "0"}) {
    if (!*rc::gen::arbitrary<bool>()) continue;
    if (text.size() > 1) text += ',';
    text += std::string("\"") + name + "\":" + change_text(depth - 1);
  }
  return text + "}";
}

RC_GTEST_PROP(PatchEngine, MergingTheSameChangeTwiceChangesNothing, ()) {
  simdjson::dom::parser parser;
  JsonTree tree;
  RC_ASSERT(tree.merge(parser.parse(change_text(3)).value()).has_value());
  const std::string change = change_text(3);
  (void)tree.merge(parser.parse(change).value());
  const JsonTree once = tree;
  (void)tree.merge(parser.parse(change).value());
  RC_ASSERT(tree == once);
}

}  // namespace
}  // namespace slipstream::feed

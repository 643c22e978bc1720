#include "feed/folded_text.h"

#include <gtest/gtest.h>

namespace slipstream::feed {
namespace {

TEST(Folded, DropsCaseAccentsAndPunctuation) {
  EXPECT_EQ(folded("São Paulo Grand Prix"), "saopaulograndprix");
  EXPECT_EQ(folded("Sa\xCC\x83o Paulo"), "saopaulo");  // the accent as a character of its own
  EXPECT_EQ(folded("Spa-Francorchamps"), "spafrancorchamps");
  EXPECT_EQ(folded("MONTRÉAL"), "montreal");
  EXPECT_EQ(folded("Łódź, Örebro"), "lodzorebro");
  EXPECT_EQ(folded("上海"), "上海");
  EXPECT_EQ(folded(" _-/"), "");
  EXPECT_EQ(folded("a\xC3"), "a\xC3");
}

TEST(EditDistance, CountsChangedLetters) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("monza", ""), 5U);
  EXPECT_EQ(edit_distance("mexiko", "mexico"), 1U);
  EXPECT_EQ(edit_distance("austria", "australia"), 2U);
  EXPECT_EQ(edit_distance("italy", "italian"), 3U);
}

}  // namespace
}  // namespace slipstream::feed

// What `slipstream sql` shows of a query.
#include <gtest/gtest.h>

#include "warehouse/format.h"
#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests

std::string shown(const std::string& sql, OutputFormat format) {
  const auto result = open()->query(sql);
  if (!result) return "error: " + result.error().message;
  std::string out;
  format_result(*result, format, out);
  return out;
}

TEST(Query, ShowsATableForPeople) {
  EXPECT_EQ(shown("SELECT 'Pérez' AS driver, 75586 AS lap_time_ms, true AS ok UNION ALL "
                  "SELECT 'NOR', NULL, NULL ORDER BY 2",
                  OutputFormat::table),
            "driver  lap_time_ms  ok\n"
            "------  -----------  ----\n"
            "Pérez         75586  true\n"
            "NOR            NULL  NULL\n"
            "(2 rows)\n");
  EXPECT_EQ(shown("SELECT 1 AS a", OutputFormat::table), "a\n-\n1\n(1 row)\n");
  EXPECT_EQ(shown("SELECT 1 AS a WHERE false", OutputFormat::table), "a\n-\n(0 rows)\n");
  EXPECT_EQ(shown("SELECT E'a\\nb' AS text", OutputFormat::table), "text\n----\na\\nb\n(1 row)\n");
}

TEST(Query, WritesCsvThatTellsNullFromEmptyText) {
  EXPECT_EQ(shown(
                R"(SELECT NULL AS a, '' AS "b,c", 'say "hi"' AS d, E'x\ny' AS e,
                     1.5::DOUBLE AS f, 25.0::DOUBLE AS g)",
                OutputFormat::csv),
            "a,\"b,c\",d,e,f,g\n,\"\",\"say \"\"hi\"\"\",\"x\ny\",1.5,25.0\n");
}

TEST(Query, WritesJsonWithTypes) {
  EXPECT_EQ(
      shown(R"(SELECT 1 AS n, 'a"b' AS t, NULL AS u, true AS b, 'NaN'::DOUBLE AS x, 1.50::DECIMAL(5,2) AS d,
                     DATE '2025-10-25' AS day UNION ALL SELECT 2, '', 3, false, 0.1, -0.25, NULL ORDER BY 1)",
            OutputFormat::json),
      "[\n{\"n\":1,\"t\":\"a\\\"b\",\"u\":null,\"b\":true,\"x\":null,\"d\":1.50,\"day\":\"2025-10-25\"},\n"
      "{\"n\":2,\"t\":\"\",\"u\":3,\"b\":false,\"x\":0.1,\"d\":-0.25,\"day\":null}\n]\n");
  EXPECT_EQ(shown("SELECT 1 AS n WHERE false", OutputFormat::json), "[]\n");
}

TEST(Query, ShowsInstantsWithTheDecimalsTheyHave) {
  EXPECT_EQ(
      shown(
          "SELECT TIMESTAMP_MS '2025-10-25 21:00:00.123' AS a, TIMESTAMP '2025-10-25 21:00:00.123456' AS b, "
          "TIMESTAMPTZ '2025-10-25 21:00:00+00' AS c, TIMESTAMP '1969-12-31 23:59:59.999999' AS d, "
          "'infinity'::TIMESTAMP AS e",
          OutputFormat::csv),
      "a,b,c,d,e\n2025-10-25T21:00:00.123Z,2025-10-25T21:00:00.123456Z,2025-10-25T21:00:00.000Z,"
      "1969-12-31T23:59:59.999999Z,infinity\n");
}

TEST(Query, ShowsTypesThatAreNotPlainAsDuckdbDoes) {
  EXPECT_EQ(shown("SELECT sum(i) AS s, list(i ORDER BY i) AS l, INTERVAL 90 SECOND AS v, count(*) AS s "
                  "FROM range(3) AS t(i); -- the end",
                  OutputFormat::csv),
            "s,l,v,s\n3,\"[0, 1, 2]\",00:01:30,3\n");
  EXPECT_EQ(shown("DESCRIBE staging.stg_track_status", OutputFormat::csv).substr(0, 42),
            "column_name,column_type,null,key,default,e");
}

TEST(Query, RunsSeveralStatementsAndShowsTheLast) {
  EXPECT_EQ(shown("CREATE TABLE marts.t AS SELECT 7 AS x; SELECT x FROM f1.marts.t", OutputFormat::csv),
            "x\n7\n");
  EXPECT_EQ(
      shown("CREATE TABLE marts.t (x INTEGER); INSERT INTO marts.t VALUES (1), (2)", OutputFormat::table),
      "2 rows changed\n");
}

TEST(Query, SaysInOneLineWhatIsWrong) {
  for (const char* sql : {"SELEC 1", "SELECT * FROM staging.lapz", "SELECT lapz FROM staging.stg_laps", "",
                          ";;", "SELECT 'x'::INTEGER"}) {
    const std::string text = shown(sql, OutputFormat::csv);
    EXPECT_TRUE(text.starts_with("error: ")) << sql << ": " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  }
}

TEST(ParseOutputFormat, NamesTheFormats) {
  EXPECT_EQ(parse_output_format("csv"), OutputFormat::csv);
  EXPECT_EQ(parse_output_format("xml").error().message, "unknown format 'xml': table, csv or json");
}

}  // namespace
}  // namespace slipstream::warehouse

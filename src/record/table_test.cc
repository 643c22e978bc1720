#include "record/table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace slipstream::record {
namespace {

TEST(Tables, BeginWithTheirKeyAndTheSessionFirst) {
  for (const TableSpec& table : all_tables()) {
    ASSERT_FALSE(table.columns.empty()) << table.name;
    EXPECT_EQ(table.columns.front().name, "session_key") << table.name;
    bool is_behind_key = false;
    for (const ColumnSpec& column : table.columns) {
      is_behind_key |= !column.is_key;
      EXPECT_FALSE(column.is_key && is_behind_key) << table.name << "." << column.name;
      EXPECT_FALSE(column.is_key && column.is_nullable) << table.name << "." << column.name;
    }
  }
}

TEST(Tables, HaveNamesOfTheirOwn) {
  std::set<std::string_view> tables;
  for (const TableSpec& table : all_tables()) {
    EXPECT_TRUE(tables.insert(table.name).second) << table.name;
    std::set<std::string_view> columns;
    for (const ColumnSpec& column : table.columns) {
      EXPECT_TRUE(columns.insert(column.name).second) << table.name << "." << column.name;
    }
  }
}

// The unit is the name's last word, and a type goes with it.
TEST(Tables, HaveTypesThatFitTheNames) {
  for (const TableSpec& table : all_tables()) {
    for (const ColumnSpec& column : table.columns) {
      const std::string place = std::string(table.name) + "." + std::string(column.name);
      if (column.name.ends_with("_ms") || column.name.ends_with("_kmh") || column.name.ends_with("_number")) {
        EXPECT_EQ(column.type, ColumnType::int32) << place;
      } else if (column.name.starts_with("is_")) {
        EXPECT_EQ(column.type, ColumnType::boolean) << place;
      } else if (column.name.ends_with("_date")) {
        EXPECT_EQ(column.type, ColumnType::date) << place;
      } else if (column.name == "session_key") {
        EXPECT_EQ(column.type, ColumnType::int64) << place;
      }
    }
  }
}

TEST(Tables, D4_NoKeyIsADriversCode) {
  for (const TableSpec& table : all_tables()) {
    for (const ColumnSpec& column : table.columns) {
      EXPECT_FALSE(column.is_key && column.name == "driver_code") << table.name;
    }
  }
}

TEST(Tables, AreFoundByName) {
  EXPECT_EQ(find_table("laps"), &table_of<Lap>());
  EXPECT_EQ(table_of<Lap>().key_count(), 3U);
  EXPECT_EQ(table_of<MiniSector>().key_count(), 5U);
  EXPECT_EQ(find_table("lap"), nullptr);
  EXPECT_EQ(find_table(""), nullptr);
}

TEST(Tables, GoToTheTopicOfTheirKind) {
  EXPECT_EQ(table_of<Lap>().bus_topic, "f1_laps");
  EXPECT_EQ(table_of<CarSample>().bus_topic, "f1_tele");
  EXPECT_EQ(table_of<Timing>().bus_topic, "f1_timing");
  EXPECT_EQ(table_of<Weather>().bus_topic, "f1_session");
}

// A column that nobody explained cannot be used: docs/tables.md has a section for each table that names each.
TEST(Tables, AreExplainedInTheDocs) {
  std::ifstream file("docs/tables.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(text.empty()) << "the tests run in the source folder";
  for (const TableSpec& table : all_tables()) {
    const std::string heading = "\n## " + std::string(table.name) + "\n";
    const std::size_t begin = text.find(heading);
    ASSERT_NE(begin, std::string::npos) << table.name << " has no section";
    const std::string section = text.substr(begin, text.find("\n## ", begin + 1) - begin);
    for (const ColumnSpec& column : table.columns) {
      if (column.name == "session_key") continue;  // said once for all tables
      EXPECT_NE(section.find("`" + std::string(column.name) + "`"), std::string::npos)
          << table.name << "." << column.name << " is not explained";
    }
  }
}

}  // namespace
}  // namespace slipstream::record

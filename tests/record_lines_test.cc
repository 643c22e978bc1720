// f1_laps and f1_tele as JSON lines against the reference system's own lines, and as its producer reads them:
// field by field in their order, sleeping date_delta milliseconds, keyed by Driver.
#include <simdjson.h>

#include <fstream>
#include <map>
#include <set>

#include "cli/commands.h"
#include "cli/report.h"
#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using simdjson::dom::element;
using Names = std::vector<std::string>;

// What a value is, as a schema inferred from the lines would have it.
std::string type_of(const element& value) {
  if (value.is_null()) return "null";
  if (value.is_string()) return "string";
  if (value.is_bool()) return "boolean";
  return value.type() == simdjson::dom::element_type::DOUBLE ? "float" : "integer";
}

// Calls visit(object) for each line.
template <class Visit>
void for_each_line(const fs::path& path, Visit visit) {
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(file, line);) {
    simdjson::dom::object object;
    ASSERT_EQ(parser.parse(line).get(object), simdjson::SUCCESS) << line;
    visit(object);
  }
}

// The first `count` fields of every line, in the order of the first line, with the types that they have.
struct Shape {
  Names names;
  std::map<std::string, std::set<std::string>> types;
};
Shape shape_of(const fs::path& path, std::size_t count) {
  Shape shape;
  for_each_line(path, [&](const simdjson::dom::object& object) {
    Names names;
    for (const auto field : object) {
      if (names.size() == count) break;
      names.emplace_back(field.key);
      shape.types[names.back()].insert(type_of(field.value));
    }
    if (shape.names.empty()) shape.names = names;
    EXPECT_EQ(names, shape.names);
  });
  return shape;
}

class RecordLines : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    source_ = testing_support::data_root() / GetParam();
    if (!fs::exists(source_)) GTEST_SKIP() << source_ << " is not there";
    std::string name = (fs::path(testing::TempDir()) / "slip_lines_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    cli::LoadOptions options;
    options.sources = {source_.string()};
    options.out = folder_.string();
    options.format = "jsonl";
    options.tables = {"f1_laps", "f1_tele", "drivers"};
    testing::internal::CaptureStdout();
    const int code = cli::run_load(options);
    testing::internal::GetCapturedStdout();
    ASSERT_EQ(code, cli::exit_done);
  }
  void TearDown() override {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  std::set<std::string> driver_codes() const {
    std::set<std::string> codes;
    for_each_line(folder_ / "drivers.jsonl", [&](const simdjson::dom::object& object) {
      codes.emplace(object["driver_code"].get_string().value_unsafe());
    });
    return codes;
  }

  fs::path source_, folder_;
};

TEST_P(RecordLines, LapsLookLikeTheReferencesOwn) {
  const fs::path reference = testing_support::data_root() / "kafka/f1_laps_2025_australia.jsonl";
  if (!fs::exists(reference)) GTEST_SKIP() << reference << " is not there";
  const Shape expected = shape_of(reference, 24), laps = shape_of(folder_ / "f1_laps.jsonl", 24);
  EXPECT_EQ(laps.names, expected.names);
  for (const auto& [name, types] : laps.types) {
    for (const std::string& type : types)
      EXPECT_TRUE(expected.types.at(name).contains(type)) << name << ' ' << type;
  }
}

TEST_P(RecordLines, TelemetryIsWhatTheReferencesProducerReplays) {
  // K2's 19 fields; `null` where F1 sent nothing, and nobody ahead.
  const std::vector<std::pair<std::string, std::string>> fields = {{"X", "float"},
                                                                   {"Y", "float"},
                                                                   {"Z", "float"},
                                                                   {"Status", "string"},
                                                                   {"Speed", "float"},
                                                                   {"RPM", "float"},
                                                                   {"Throttle", "float"},
                                                                   {"Brake", "boolean"},
                                                                   {"DRS", "integer"},
                                                                   {"nGear", "integer"},
                                                                   {"Driver", "string"},
                                                                   {"Date", "integer"},
                                                                   {"Lap", "integer"},
                                                                   {"SessionTime", "integer"},
                                                                   {"Distance", "float"},
                                                                   {"RelativeDistance", "float"},
                                                                   {"DriverAhead", "string"},
                                                                   {"DistanceToDriverAhead", "float"},
                                                                   {"date_delta", "integer"}};
  const std::set<std::string> never_null = {"Driver", "Date", "Lap", "SessionTime", "date_delta"};
  const Shape shape = shape_of(folder_ / "f1_tele.jsonl", fields.size());
  Names names;
  for (const auto& [name, type] : fields) {
    names.push_back(name);
    std::set<std::string> allowed = {type};
    if (!never_null.contains(name)) allowed.insert("null");
    for (const std::string& has : shape.types.at(name))
      EXPECT_TRUE(allowed.contains(has)) << name << ' ' << has;
  }
  EXPECT_EQ(shape.names, names);

  const std::set<std::string> codes = driver_codes();
  std::int64_t last_date = 0, slept_ms = 0, first_date = 0, count = 0;
  for_each_line(folder_ / "f1_tele.jsonl", [&](const simdjson::dom::object& object) {
    const std::int64_t date = object["Date"].get_int64().value_unsafe();
    const std::int64_t wait = object["date_delta"].get_int64().value_unsafe();
    if (count++ == 0) first_date = last_date = date;
    ASSERT_EQ(wait, date - last_date);
    ASSERT_GE(wait, 0);
    ASSERT_TRUE(codes.contains(std::string(object["Driver"].get_string().value_unsafe())));
    slept_ms += wait;
    last_date = date;
  });
  EXPECT_GT(count, 100'000);
  EXPECT_EQ(slept_ms, last_date - first_date) << "the replay takes as long as the session took";
}

INSTANTIATE_TEST_SUITE_P(
    Sessions, RecordLines,
    testing::Values("archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"),
    [](const auto& session) { return testing_support::test_name(session.param); });

}  // namespace
}  // namespace slipstream

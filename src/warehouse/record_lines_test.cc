// Lines of f1_laps and f1_tele as those who read them today expect them.
#include <fstream>
#include <iterator>
#include <sstream>

#include "warehouse/record_lines.h"
#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests
using record::Telemetry;

Telemetry sample(int driver_number, std::int64_t ms, std::optional<int> lap_number,
                 SessionKey key = session_key) {
  Telemetry row;
  row.session_key = key;
  row.driver_number = driver_number;
  row.sample_date = UtcTime(std::chrono::milliseconds(1'761'424'860'000 + ms));
  row.lap_number = lap_number;
  row.source = "car";
  row.quality = "ok";
  row.distance_m = 12.0;
  return row;
}

record::RowBatch batch_of_samples(std::vector<Telemetry> rows) {
  record::RowBatch batch(record::table_of<Telemetry>(), rows.front().session_key, archive_build);
  for (const Telemetry& row : rows) batch.append(row, {});
  return batch;
}

// The fields of each line, one behind the other.
std::string fields_of(const std::string& path, const std::vector<std::string>& names) {
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);) {
    for (const std::string& name : names) {
      const std::size_t start = line.find('"' + name + "\":") + name.size() + 3;
      text += line.substr(start, line.find_first_of(",}", start) - start) + ' ';
    }
    text.back() = '\n';
  }
  return text;
}

ExportedFile written(std::string_view topic, const std::vector<record::RowBatch>& batches,
                     const TemporaryFolder& folder, const SessionDate* session = nullptr) {
  const auto file =
      write_record_lines(topic, batches, {folder.path(), ExportFormat::jsonl, {}, false}, session);
  if (!file) ADD_FAILURE() << file.error().message;
  return file.value_or(ExportedFile{});
}

TEST(RecordLines, SamplesOfAllCarsComeByDateWithTheMillisecondsBetweenThem) {
  const TemporaryFolder folder;
  const auto file = written("f1_tele",
                            {batch_of_samples({sample(4, 100, 1), sample(4, 500, 1), sample(4, 900, {})}),
                             batch_of_samples({sample(81, 40, {}), sample(81, 340, 1), sample(81, 500, 2)})},
                            folder);
  EXPECT_EQ(file.path, folder.file("f1_tele.jsonl"));
  EXPECT_EQ(file.row_count, 4) << "samples outside laps have no line";
  EXPECT_EQ(fields_of(file.path, {"Driver", "Date", "Lap", "date_delta", "Distance"}),
            "\"4\" 1761424860100 1 0 12.0\n"
            "\"81\" 1761424860340 1 240 12.0\n"
            "\"4\" 1761424860500 1 160 12.0\n"
            "\"81\" 1761424860500 2 0 12.0\n");
}

TEST(RecordLines, TheNextSessionBeginsWithoutAWait) {
  const TemporaryFolder folder;
  const SessionKey next(session_key.value + 1);
  const std::vector<record::RowBatch> batches = {
      batch_of_samples({sample(4, 90'000'000, 1, next), sample(4, 90'000'300, 1, next)}),
      batch_of_samples({sample(4, 100, 1), sample(4, 500, 1)})};
  EXPECT_EQ(fields_of(written("f1_tele", batches, folder).path, {"SessionKey", "date_delta"}),
            "9877 0\n9877 400\n9878 0\n9878 300\n");
  const SessionDate session{next, "2025-10-26"};
  const auto file = written("f1_tele", batches, folder, &session);
  EXPECT_EQ(file.path, folder.file("f1_tele/date=2025-10-26/session_key=9878/data_0.jsonl"));
  EXPECT_EQ(fields_of(file.path, {"date_delta"}), "0\n300\n");
}

TEST(RecordLines, LapsComeByNumberAndThenAsTheyWereSet) {
  const TemporaryFolder folder;
  const auto lap_at = [](int car, int number, int session_time_ms) {
    record::Lap row = lap(car, number);
    row.session_time_ms = session_time_ms;
    if (car == 4) row.driver_code = "NOR";
    return row;
  };
  const auto file = written("f1_laps",
                            {batch_of<record::Lap>({{lap_at(4, 1, 900), {0}},
                                                    {lap_at(4, 2, 1'000), {0}},
                                                    {lap_at(4, 3, 2'000), {1, true}},
                                                    {lap_at(81, 1, 800), {0}},
                                                    {lap_at(81, 2, 1'100), {0}}})},
                            folder);
  EXPECT_EQ(file.row_count, 4) << "what was withdrawn has no line";
  EXPECT_EQ(fields_of(file.path, {"Driver", "LapNumber", "LapTime"}),
            "\"81\" 1.0 null\n\"NOR\" 1.0 null\n\"NOR\" 2.0 null\n\"81\" 2.0 null\n");
}

TEST(RecordLines, AFolderThatCannotBeWrittenIsNamed) {
  const auto file =
      write_record_lines("f1_laps", {}, {"/proc/nowhere", ExportFormat::jsonl, {}, false}, nullptr);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::unavailable);
  EXPECT_NE(file.error().message.find("/proc/nowhere"), std::string::npos) << file.error().message;
}

}  // namespace
}  // namespace slipstream::warehouse

#include "warehouse/format.h"

#include <fmt/core.h>
#include <algorithm>

#include "core/json_writer.h"

namespace slipstream::warehouse {
namespace {

// Columns on a screen: code points, so that names with accents stay aligned.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// One line a row: line breaks and tabs inside a cell are shown as escapes.
std::string cell_text(std::optional<std::string_view> cell) {
  if (!cell) return "NULL";
  std::string text;
  for (const char c : *cell) {
    if (c == '\n') text += "\\n";
    else if (c == '\r') text += "\\r";
    else if (c == '\t') text += "\\t";
    else text += c;
  }
  return text;
}

void append_padded(std::string& out, std::string_view text, std::size_t width, bool to_the_right) {
  const std::size_t padding = width - std::min(width, width_of(text));
  if (to_the_right) out.append(padding, ' ');
  out += text;
  if (!to_the_right) out.append(padding, ' ');
}

void end_line(std::string& out) {
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

void format_table(const QueryResult& result, std::string& out) {
  if (result.columns.empty()) {
    out += result.changed_count ? fmt::format("{} rows changed\n", *result.changed_count) : "done\n";
    return;
  }
  std::vector<std::size_t> widths;
  for (const ResultColumn& column : result.columns) {
    std::size_t width = width_of(column.name());
    for (std::size_t row = 0; row < column.row_count(); ++row) {
      width = std::max(width, width_of(cell_text(column.cell(row))));
    }
    widths.push_back(width);
  }
  const auto line = [&](auto&& text_of) {
    for (std::size_t at = 0; at < widths.size(); ++at) {
      if (at > 0) out += "  ";
      append_padded(out, text_of(at), widths[at], result.columns[at].kind() == ValueKind::number);
    }
    end_line(out);
  };
  line([&](std::size_t at) { return result.columns[at].name(); });
  line([&](std::size_t at) { return std::string(widths[at], '-'); });
  for (std::size_t row = 0; row < result.row_count(); ++row) {
    line([&](std::size_t at) { return cell_text(result.columns[at].cell(row)); });
  }
  out += fmt::format("({} {})\n", result.row_count(), result.row_count() == 1 ? "row" : "rows");
}

void append_csv_text(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void format_csv(const QueryResult& result, std::string& out) {
  const auto line = [&](auto&& append) {
    for (std::size_t at = 0; at < result.columns.size(); ++at) {
      if (at > 0) out += ',';
      append(result.columns[at]);
    }
    out += '\n';
  };
  if (result.columns.empty()) return;
  line([&](const ResultColumn& column) { append_csv_text(out, column.name()); });
  for (std::size_t row = 0; row < result.row_count(); ++row) {
    line([&](const ResultColumn& column) {
      if (const auto cell = column.cell(row)) append_csv_text(out, *cell);
    });
  }
}

// JSON has no NaN or infinity; every other number's text is DuckDB's and valid.
bool is_json_number(std::string_view text) {
  return text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

void format_json(const QueryResult& result, std::string& out) {
  out += '[';
  for (std::size_t row = 0; row < result.row_count(); ++row) {
    out += row == 0 ? "\n" : ",\n";
    out += '{';
    for (std::size_t at = 0; at < result.columns.size(); ++at) {
      const ResultColumn& column = result.columns[at];
      if (at > 0) out += ',';
      append_json_string(out, column.name());
      out += ':';
      const auto cell = column.cell(row);
      const bool is_bare = column.kind() == ValueKind::number || column.kind() == ValueKind::boolean;
      if (!cell || (column.kind() == ValueKind::number && !is_json_number(*cell))) out += "null";
      else if (is_bare) out += *cell;
      else append_json_string(out, *cell);
    }
    out += '}';
  }
  out += result.row_count() == 0 ? "]\n" : "\n]\n";
}

}  // namespace

Result<OutputFormat> parse_output_format(std::string_view text) {
  if (text == "table") return OutputFormat::table;
  if (text == "csv") return OutputFormat::csv;
  if (text == "json") return OutputFormat::json;
  return fail(Errc::malformed, fmt::format("unknown format '{}': table, csv or json", text));
}

void format_result(const QueryResult& result, OutputFormat format, std::string& out) {
  switch (format) {
    case OutputFormat::table: return format_table(result, out);
    case OutputFormat::csv: return format_csv(result, out);
    case OutputFormat::json: return format_json(result, out);
  }
}

}  // namespace slipstream::warehouse

#include "feed/archive_fetch.h"

#include <fmt/core.h>
#include <simdjson.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "feed/archive_index.h"
#include "feed/byte_order_mark.h"

namespace slipstream::feed {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds wait_step(20);

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The names are a server's; they become names of files here.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

bool is_plain_path(const std::string& path) {
  const fs::path parts(path);
  return !path.empty() && std::all_of(parts.begin(), parts.end(), [](const fs::path& part) {
    return part.empty() || (part != ".." && part != "/" && part.string().find('\\') == std::string::npos);
  });
}

Result<std::vector<std::string>> files_in(const fs::path& index) {
  const std::string text = read_text(index);
  simdjson::dom::parser parser;
  simdjson::dom::object feeds;
  if (parser.parse(without_byte_order_mark(text).data(), without_byte_order_mark(text).size())["Feeds"].get(
          feeds) != simdjson::SUCCESS) {
    return fail(Errc::malformed, fmt::format("{}: not the index of a session", index.string()));
  }
  std::vector<std::string> files;
  for (const auto feed : feeds) {
    for (const char* which : {"StreamPath", "KeyFramePath"}) {
      std::string_view name;
      if (feed.value[which].get(name) == simdjson::SUCCESS && is_plain_name(name)) files.emplace_back(name);
    }
  }
  return files;
}

// A path's blanks and letters beyond ASCII, as F1 has them, in a URL.
std::string url_path(const std::string& path) {
  std::string out;
  for (const char c : path) {
    const bool is_plain = c > ' ' && c < 0x7f && c != '%' && c != '?' && c != '#' && c != '"';
    if (is_plain) out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::optional<std::chrono::seconds> archive_poll_pause(std::chrono::seconds since_flag) {
  if (since_flag > std::chrono::hours(24)) return std::nullopt;
  if (since_flag < minutes(60)) return minutes(2);
  return since_flag < std::chrono::hours(4) ? minutes(10) : minutes(30);
}

void ArchiveFetcher::wait(milliseconds time, const std::stop_token& stop) const {
  const auto until = std::chrono::steady_clock::now() + time;
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::min(wait_step, time));
  }
}

// Asks again while the server is busy or the connection breaks. `request.on_body` goes on where it was.
Result<net::ClientAnswer> ArchiveFetcher::ask(net::ClientRequest& request, const std::stop_token& stop) {
  auto pause = options_.retry;
  for (int i = 1;; ++i) {
    auto answer = net::fetch(request, stop);
    const bool is_busy = answer && (answer->status == 429 || answer->status >= 500);
    const bool is_cut = !answer && answer.error().code == Errc::unavailable;
    if ((!is_busy && !is_cut) || i >= options_.tries || stop.stop_requested()) return answer;
    if (is_cut && request.on_body) return answer;  // the caller knows how much has come
    const auto after = answer ? answer->retry_after() : std::nullopt;
    wait(after ? milliseconds(*after) : pause, stop);
    pause *= 2;
  }
}

Result<void> ArchiveFetcher::fetch_from(const std::string& mirror, const std::string& path,
                                        const std::stop_token& stop) {
  const fs::path target = options_.root / path, part = target.string() + ".part",
                 tag_file = target.string() + ".part.etag";
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  auto pause = options_.retry;
  for (int i = 1;; ++i) {
    net::ClientRequest request{.url = mirror + url_path(path), .ca_file = options_.ca_file};
    const std::string tag = read_text(tag_file);
    const auto there = fs::file_size(part, error);
    if (!error && there > 0 && !tag.empty()) {
      request.headers = {{"Range", fmt::format("bytes={}-", there)}, {"If-Range", tag}};
    }
    std::ofstream out;
    bool is_disk_fine = true;
    request.on_body = [&](const net::ClientAnswer& head, std::string_view bytes) {
      if (!out.is_open()) {
        out.open(part, head.status == 206 ? std::ios::binary | std::ios::app : std::ios::binary);
        std::ofstream(tag_file) << head.header("ETag");
      }
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      counts_.bytes += static_cast<std::int64_t>(bytes.size());
      return is_disk_fine = out.good();
    };
    const auto answer = ask(request, stop);
    out.close();
    if (!is_disk_fine) return fail(Errc::unavailable, fmt::format("{}: cannot be written", part.string()));
    if (answer && (answer->status == 200 || answer->status == 206)) {
      if (!fs::exists(part, error)) std::ofstream(part).close();  // an empty one has no body
      fs::rename(part, target, error);
      if (error) return fail(Errc::unavailable, fmt::format("{}: {}", target.string(), error.message()));
      fs::remove(tag_file, error);
      return {};
    }
    if (answer && answer->status == 416) {
      fs::remove(part, error);  // of another file than the one that is there now
    } else if (answer) {
      const bool is_missing = answer->status == 404 || answer->status == 403;
      return fail(is_missing ? Errc::not_found : Errc::unavailable,
                  fmt::format("{}{}: the server answers {}", mirror, path, answer->status));
    }
    if (i >= options_.tries || stop.stop_requested()) {
      return answer ? fail(Errc::unavailable, mirror + path) : tl::make_unexpected(answer.error());
    }
    wait(pause, stop);
    pause *= 2;
  }
}

Result<void> ArchiveFetcher::fetch_file(const std::string& path, bool is_final, const std::stop_token& stop) {
  std::error_code error;
  if (is_final && fs::exists(options_.root / path, error)) {
    ++counts_.files_kept;
    return {};
  }
  std::optional<Error> worst;
  for (const std::string& mirror : options_.mirrors) {
    if (stop.stop_requested()) return fail(Errc::unavailable, "stopped");
    const auto fetched = fetch_from(mirror, path, stop);
    wait(options_.pause, stop);
    if (fetched) {
      ++counts_.files;
      return {};
    }
    if (!worst || fetched.error().code != Errc::not_found) worst = fetched.error();
  }
  return tl::make_unexpected(worst.value_or(Error{Errc::not_found, path + ": no mirror to ask"}));
}

Result<fs::path> ArchiveFetcher::fetch_path(const std::string& given, const std::stop_token& stop) {
  std::string path = given;
  while (path.ends_with('/')) path.pop_back();
  if (!is_plain_path(path))
    return fail(Errc::malformed, fmt::format("\"{}\" is no path of an archive", given));
  SLIP_TRY(fetch_file(path + "/Index.json", false, stop));
  const auto files = files_in(options_.root / path / "Index.json");
  if (!files) return tl::make_unexpected(files.error());
  for (const std::string& file : *files) {
    const auto fetched = fetch_file(fmt::format("{}/{}", path, file), true, stop);
    if (fetched) continue;
    // The index names topics of which there is nothing.
    if (fetched.error().code != Errc::not_found) return tl::make_unexpected(fetched.error());
    if (options_.on_note) options_.on_note(fetched.error().message);
  }
  return options_.root / path;
}

Result<std::string> ArchiveFetcher::fetch_season_index(int year, const std::stop_token& stop) {
  const std::string path = fmt::format("{}/Index.json", year);
  SLIP_TRY(fetch_file(path, false, stop));
  return read_text(options_.root / path);
}

Result<fs::path> ArchiveFetcher::fetch(const SessionName& name, const std::stop_token& stop) {
  const auto index = fetch_file(fmt::format("{}/Index.json", name.season), false, stop);
  // An older one that is there may do (T12).
  if (!index && options_.on_note) options_.on_note(index.error().message);
  const auto season = read_season(options_.root, name.season);
  if (!season) return tl::make_unexpected(index ? season.error() : index.error());
  const auto session = find_session(*season, name);
  if (!session) return tl::make_unexpected(session.error());
  return fetch_path((*session)->path, stop);
}

}  // namespace slipstream::feed

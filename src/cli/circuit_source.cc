#include "cli/circuit_source.h"

#include <array>

#include "feed/source.h"
#include "session/engine.h"
#include "session/feed_topics.h"
#include "session/known_circuit.h"

namespace slipstream::cli {

Result<std::shared_ptr<const session::KnownCircuit>> read_circuit(const std::string& source) {
  const std::array<std::string, 2> tables = {"circuit_points", "circuit_lines"};
  const session::Needs needs = session::needs_of(tables);
  auto opened = feed::open_source(source, {.topics = needs.feed_topics});
  if (!opened) return tl::make_unexpected(opened.error());
  session::Engine engine({(*opened)->info().name, (*opened)->info().kind, needs, true});
  session::KnownCircuitReader reader;
  session::Output output;
  feed::SourceItem item;
  while (true) {
    const auto has_item = (*opened)->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    reader.take(output);
    output.clear();
  }
  engine.finish(output);
  reader.take(output);
  auto circuit = reader.circuit();
  if (!circuit) return fail(Errc::not_found, source + ": no whole lap with positions, so no circuit");
  return circuit;
}

}  // namespace slipstream::cli

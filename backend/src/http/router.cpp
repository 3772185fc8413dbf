#include "http/router.hpp"

#include <array>
#include <forward_list>
#include <functional>
#include <map>
#include <stdexcept>

#include "http/percent.hpp"

namespace cruddur::http {
namespace {

constexpr std::size_t method_count = static_cast<std::size_t>(method::other);

struct leaf {
  std::array<std::unique_ptr<const route>, method_count> routes;
  std::string pattern;
  std::vector<std::string> names;  // of the parameters, in order

  const route* find(method verb) const {
    if (verb == method::other) return nullptr;
    const auto& exact = routes[static_cast<std::size_t>(verb)];
    if (exact) return exact.get();
    if (verb == method::head) return find(method::get);
    return nullptr;
  }
};

struct node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
  // By the text before the parameter; the longest first, so "" comes last.
  std::map<std::string, std::unique_ptr<node>, std::greater<>> parameters;
  std::unique_ptr<leaf> end;
};

// Finds the one leaf that a path fits. Which methods it has comes after: a path is one thing,
// whatever is done to it.
struct search {
  std::vector<std::string_view> values = {};    // of the parameters so far, decoded
  std::forward_list<std::string> decoded = {};  // segments that held escapes
  const leaf* found = nullptr;

  // `rest` is what follows the '/' before the next segment.
  bool walk(const node& parent, std::string_view rest) {
    const auto slash = rest.find('/');
    const auto segment = decode(rest.substr(0, slash));
    const auto next = parent.literals.find(segment);
    if (next != parent.literals.end() && step(*next->second, rest, slash)) return true;
    for (const auto& [prefix, child] : parent.parameters) {
      if (segment.size() <= prefix.size() || !segment.starts_with(prefix)) continue;
      values.push_back(segment.substr(prefix.size()));
      if (step(*child, rest, slash)) return true;
      values.pop_back();
    }
    return false;
  }

  bool step(const node& child, std::string_view rest, std::size_t slash) {
    if (slash != std::string_view::npos) return walk(child, rest.substr(slash + 1));
    found = child.end.get();
    return found != nullptr;
  }

  // Segment by segment, so that an escaped '/' separates nothing.
  std::string_view decode(std::string_view segment) {
    if (segment.find('%') == std::string_view::npos) return segment;
    return decoded.emplace_front(
        percent_decode(segment, plus_sign::plus).value_or(std::string{segment}));
  }
};

std::string allow_list(const leaf& leaf) {
  std::array<bool, method_count> allowed{};
  for (std::size_t i = 0; i < method_count; ++i) allowed[i] = leaf.routes[i] != nullptr;
  const auto entry = [&](method verb) -> bool& { return allowed[static_cast<std::size_t>(verb)]; };
  std::string out;
  entry(method::head) = entry(method::head) || entry(method::get);
  for (std::size_t i = 0; i < method_count; ++i) {
    const auto verb = static_cast<method>(i);
    if (!allowed[i] || verb == method::options) continue;
    out += to_string(verb);
    out += ", ";
  }
  if (!out.empty()) out += "OPTIONS";
  return out;
}

void add(node& root, route added) {
  const std::string pattern = added.pattern;
  if (!pattern.starts_with('/')) throw std::logic_error("a route's pattern begins with '/'");
  node* current = &root;
  std::vector<std::string> names;
  std::string_view rest = std::string_view{pattern}.substr(1);
  for (bool last = false; !last;) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    last = slash == std::string_view::npos;
    if (!last) rest.remove_prefix(slash + 1);
    const auto brace = segment.find('{');
    std::unique_ptr<node>* child = nullptr;
    if (brace == std::string_view::npos) {
      child = &current->literals[std::string{segment}];
    } else {
      if (!segment.ends_with('}')) throw std::logic_error("text after a route's parameter");
      names.emplace_back(segment.substr(brace + 1, segment.size() - brace - 2));
      child = &current->parameters[std::string{segment.substr(0, brace)}];
    }
    if (!*child) *child = std::make_unique<node>();
    current = child->get();
  }
  if (!current->end) {
    current->end = std::make_unique<leaf>();
    current->end->pattern = pattern;
    current->end->names = std::move(names);
  }
  if (added.verb == method::other) throw std::logic_error("a route needs a known method");
  auto& place = current->end->routes[static_cast<std::size_t>(added.verb)];
  if (place || current->end->pattern != pattern) {
    throw std::logic_error("two routes for " + std::string{to_string(added.verb)} + " " +
                           added.pattern);
  }
  place = std::make_unique<const route>(std::move(added));
}

}  // namespace

struct router::state {
  node root;
};

router::router(std::vector<route> routes) : state_{std::make_unique<state>()} {
  for (auto& each : routes) add(state_->root, std::move(each));
}

router::~router() = default;

router::match router::find(request& request) const {
  request.path_values.clear();
  if (!request.path.starts_with('/')) return {};
  search looking;
  if (!looking.walk(state_->root, request.path.substr(1))) return {};
  const leaf& found = *looking.found;
  const route* const wanted = found.find(request.verb);
  if (wanted == nullptr) return {nullptr, nullptr, allow_list(found), {}};
  for (std::size_t i = 0; i < looking.values.size(); ++i) {
    request.path_values.emplace_back(found.names[i], looking.values[i]);
  }
  return {&wanted->handle, wanted, {}, found.pattern};
}

}  // namespace cruddur::http

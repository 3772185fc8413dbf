#include "adapters/sql/database.hpp"

#include <stdexcept>

namespace cruddur::sql {
namespace {

template <class T>
const T& column_as(const std::vector<value>& columns, std::size_t column, const char* type) {
  if (column < columns.size()) {
    if (const auto* held = std::get_if<T>(&columns[column])) return *held;
  }
  throw std::logic_error("column " + std::to_string(column) + " is not " + type);
}

}  // namespace

bool row::is_null(std::size_t column) const {
  return std::holds_alternative<std::monostate>(columns_.at(column));
}

std::int64_t row::integer(std::size_t column) const {
  return column_as<std::int64_t>(columns_, column, "an integer");
}

const std::string& row::text(std::size_t column) const {
  return column_as<std::string>(columns_, column, "text");
}

const std::string& row::blob(std::size_t column) const {
  if (column < columns_.size()) {
    if (const auto* held = std::get_if<bytes>(&columns_[column])) return held->data;
  }
  throw std::logic_error("column " + std::to_string(column) + " is not bytes");
}

uuid row::id(std::size_t column) const {
  if (column < columns_.size()) {
    if (const auto* held = std::get_if<uuid>(&columns_[column])) return *held;
    // SQLite has no uuid type: a BLOB of 16 bytes is one when it is asked for as one.
    if (const auto* held = std::get_if<bytes>(&columns_[column]); held && held->data.size() == 16) {
      uuid out;
      std::memcpy(out.bytes.data(), held->data.data(), 16);
      return out;
    }
  }
  throw std::logic_error("column " + std::to_string(column) + " is not a uuid");
}

std::optional<uuid> row::optional_id(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return id(column);
}

task<driver_result<query_result>> database::write_one(const statement& text, parameters values) {
  std::vector<command> commands;
  commands.push_back({text, std::move(values)});
  auto results = co_await write(std::move(commands));
  if (!results) co_return std::unexpected(std::move(results.error()));
  co_return std::move(results->front());
}

}  // namespace cruddur::sql

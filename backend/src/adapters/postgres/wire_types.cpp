#include "adapters/postgres/wire_types.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace cruddur::postgres {
namespace {

// The numbers that PostgreSQL gives its types (src/include/catalog/pg_type.dat); they never change.
namespace oid {
constexpr Oid boolean = 16;
constexpr Oid bytea = 17;
constexpr Oid name = 19;
constexpr Oid bigint = 20;
constexpr Oid smallint = 21;
constexpr Oid integer = 23;
constexpr Oid text = 25;
constexpr Oid bpchar = 1042;
constexpr Oid varchar = 1043;
constexpr Oid numeric = 1700;
constexpr Oid none = 2278;
constexpr Oid uuid = 2950;
}  // namespace oid

std::uint64_t big_endian(std::uint64_t number) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

template <class T>
T read_number(const char* data) {
  std::make_unsigned_t<T> out = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out = static_cast<std::make_unsigned_t<T>>((out << 8) | static_cast<unsigned char>(data[i]));
  }
  return static_cast<T>(out);
}

// The format of numeric_send(), in 16 bits each: the count of digits, the power of 10,000 that the
// first counts, the sign, the scale, and then the digits in base 10,000.
std::int64_t read_numeric(const char* data) {
  const auto digits = read_number<std::int16_t>(data);
  const auto weight = read_number<std::int16_t>(data + 2);
  const auto sign = read_number<std::int16_t>(data + 4);
  if (digits > weight + 1 || weight > 4 || (sign != 0 && sign != 0x4000)) {
    throw std::logic_error("a number is not a whole number of 64 bits");
  }
  std::int64_t out = 0;
  for (int i = 0; i <= weight; ++i) {
    const std::int64_t digit = i < digits ? read_number<std::int16_t>(data + 8 + 2 * i) : 0;
    if (__builtin_mul_overflow(out, 10000, &out) ||
        __builtin_add_overflow(out, sign ? -digit : digit, &out)) {
      throw std::logic_error("a number does not fit 64 bits");
    }
  }
  return out;
}

sql::value read_value(Oid type, const char* data, std::size_t size) {
  switch (type) {
    case oid::bigint:
      return read_number<std::int64_t>(data);
    case oid::integer:
      return std::int64_t{read_number<std::int32_t>(data)};
    case oid::smallint:
      return std::int64_t{read_number<std::int16_t>(data)};
    case oid::boolean:
      return std::int64_t{*data};
    case oid::numeric:
      return read_numeric(data);
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
      return std::string(data, size);
    case oid::bytea:
      return sql::bytes{std::string(data, size)};
    case oid::uuid: {
      uuid id;
      std::memcpy(id.bytes.data(), data, 16);
      return id;
    }
    case oid::none:
      return {};
    default:
      throw std::logic_error("no type here for a column of PostgreSQL type " +
                             std::to_string(type));
  }
}

// The count at the end of a command tag: "INSERT 0 3", "UPDATE 2", "DELETE 1". Other tags count
// rows that were read, and give 0 here.
std::int64_t changed_rows(const PGresult* result) {
  const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
  if (!tag.starts_with("INSERT") && !tag.starts_with("UPDATE") && !tag.starts_with("DELETE")) {
    return 0;
  }
  const std::string_view count = tag.substr(tag.rfind(' ') + 1);
  std::int64_t out = 0;
  std::from_chars(count.data(), count.data() + count.size(), out);
  return out;
}

}  // namespace

encoded_parameters::encoded_parameters(const sql::parameters& values) {
  integers_.reserve(values.size());
  pointers_.reserve(values.size());
  lengths_.reserve(values.size());
  formats_.assign(values.size(), 1);
  const auto add = [this](const void* data, std::size_t size) {
    pointers_.push_back(static_cast<const char*>(data));
    lengths_.push_back(static_cast<int>(size));
  };
  for (const auto& each : values) {
    if (const auto* number = std::get_if<std::int64_t>(&each)) {
      integers_.push_back(big_endian(static_cast<std::uint64_t>(*number)));
      add(&integers_.back(), 8);
    } else if (const auto* text = std::get_if<std::string>(&each)) {
      add(text->data(), text->size());
    } else if (const auto* blob = std::get_if<sql::bytes>(&each)) {
      add(blob->data.data(), blob->data.size());
    } else if (const auto* id = std::get_if<uuid>(&each)) {
      add(id->bytes.data(), id->bytes.size());
    } else {
      add(nullptr, 0);
    }
  }
}

std::vector<Oid> parameter_types(const sql::parameters& values) {
  struct type_of {
    Oid operator()(std::monostate) const { return 0; }
    Oid operator()(std::int64_t) const { return oid::bigint; }
    Oid operator()(const std::string&) const { return oid::text; }
    Oid operator()(const sql::bytes&) const { return oid::bytea; }
    Oid operator()(const uuid&) const { return oid::uuid; }
    Oid operator()(sql::null_of_type type) const {
      switch (type) {
        case sql::null_of_type::integer:
          return oid::bigint;
        case sql::null_of_type::text:
          return oid::text;
        case sql::null_of_type::bytes:
          return oid::bytea;
        case sql::null_of_type::uuid:
          return oid::uuid;
      }
      return 0;
    }
  };
  std::vector<Oid> out;
  out.reserve(values.size());
  for (const auto& each : values) out.push_back(std::visit(type_of{}, each));
  return out;
}

sql::query_result decode(const PGresult* result) {
  sql::query_result out;
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  out.rows.reserve(static_cast<std::size_t>(rows));
  for (int r = 0; r < rows; ++r) {
    std::vector<sql::value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c) {
      if (PQgetisnull(result, r, c)) {
        values.emplace_back();
      } else {
        values.push_back(read_value(PQftype(result, c), PQgetvalue(result, r, c),
                                    static_cast<std::size_t>(PQgetlength(result, r, c))));
      }
    }
    out.rows.emplace_back(std::move(values));
  }
  out.affected_rows = changed_rows(result);
  return out;
}

}  // namespace cruddur::postgres

// SQL for the two engines: pieces of text, and the named statements made of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cruddur::sql {

// A piece of SQL: one text for both engines, or one for each where their dialects differ. Pieces
// are put together with +, by each other and by plain text.
struct dialects {
  dialects(const char* text) : dialects{std::string{text}} {}          // NOLINT: implicit
  dialects(const std::string& text) : sqlite{text}, postgres{text} {}  // NOLINT: implicit
  dialects(std::string for_sqlite, std::string for_postgres)
      : sqlite{std::move(for_sqlite)}, postgres{std::move(for_postgres)} {}

  friend dialects operator+(const dialects& left, const dialects& right) {
    return {left.sqlite + right.sqlite, left.postgres + right.postgres};
  }

  std::string sqlite;
  std::string postgres;
};

// What a statement is called in errors, logs and traces: lower-case letters, digits and '_'. Others
// don't compile.
class statement_name {
 public:
  consteval statement_name(const char* text) : text_{text} {  // NOLINT: implicit on purpose
    if (text_.empty()) throw "a statement needs a name";
    for (const char each : text_) {
      const bool is_letter = each >= 'a' && each <= 'z';
      const bool is_digit = each >= '0' && each <= '9';
      if (!is_letter && !is_digit && each != '_') throw "a statement's name is snake_case";
    }
  }

  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Whether what a statement deletes or overwrites has to be put out of reach of whoever reads the
// database's files (database::purge()), or nobody would learn anything from it.
enum class traces : std::uint8_t { matter, harmless };

// One SQL statement. Parameters are $1, $2, …
//
// A constant that lives as long as the program: drivers cache what they have prepared by its
// address. So it can't be copied, and temporaries are refused where statements are taken.
class statement {
 public:
  statement(statement_name name, dialects text, traces left = traces::matter)
      : name_{name.text()},
        text_{std::move(text)},
        leaves_traces_{left == traces::matter && overwrites(text_.sqlite)} {}
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  std::string_view name() const { return name_; }
  const std::string& sqlite() const { return text_.sqlite; }
  const std::string& postgres() const { return text_.postgres; }
  // It deletes or overwrites, and that matters.
  bool leaves_traces() const { return leaves_traces_; }

  // For an error: the statement's name before what went wrong with it.
  std::string explain(std::string_view problem) const {
    return std::string{name_} + ": " + std::string{problem};
  }

 private:
  static bool overwrites(std::string_view sql) {
    return sql.starts_with("DELETE ") || sql.starts_with("UPDATE ") || sql.contains(" DO UPDATE ");
  }

  std::string_view name_;
  dialects text_;
  bool leaves_traces_;
};

}  // namespace cruddur::sql

// JSON text, written member by member in the caller's order. Reading JSON is Boost.JSON's work. All
// text must be valid UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cruddur {

// Appends `text` as a JSON string with its quotes. Escapes as RFC 8259, section 7, and also U+2028
// and U+2029, so that the result is a JavaScript string too.
void append_json_string(std::string& output, std::string_view text);

void append_number(std::string& output, std::int64_t number);

// One object. The caller gives each name once. `json` takes what finish() of another writer gave,
// or other whole JSON.
//
//   json_object{}.text("name", name).json("tags", tags.finish()).finish()
class json_object {
 public:
  json_object& text(std::string_view name, std::string_view value);
  json_object& number(std::string_view name, std::int64_t value);
  json_object& boolean(std::string_view name, bool value);
  json_object& json(std::string_view name, std::string_view value);

  // The object's text. Call it last and once.
  std::string finish();

 private:
  void begin(std::string_view name);

  std::string text_{"{"};
};

// One array; as json_object.
class json_array {
 public:
  json_array& text(std::string_view value);
  json_array& json(std::string_view value);

  std::string finish();

 private:
  void begin();

  std::string text_{"["};
};

}  // namespace cruddur

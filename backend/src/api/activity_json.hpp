// Activities as the API shows them: the schema `Activity` of api/openapi.yaml.
#pragma once

#include <string>
#include <vector>

#include "api/cursor.hpp"
#include "domain/activity.hpp"
#include "ports/page.hpp"

namespace cruddur::api {

// The text of viewer.liked, which a cached answer overwrites for its reader: both are five
// characters long.
inline constexpr std::string_view liked_true = "true ";
inline constexpr std::string_view liked_false = "false";

// What changes in an activity's text while it lives, counted from the object's first character.
struct activity_places {
  std::size_t counts;  // the text that append_counts() makes
  std::size_t counts_length;
  std::size_t liked;  // the value of viewer.liked
};

// Appends the activity as an object.
activity_places append_activity(std::string& out, const activity& shown);

// Appends "likes_count":…,"replies_count":…
void append_counts(std::string& out, const activity_counts& counts);

// Appends {"data":[…],"next_cursor":…}.
void append_activity_list(std::string& out, const page<activity>& shown, list_kind list);

// Appends `]` and what follows it in a list's object.
void append_list_end(std::string& out, const std::string& next_cursor);

}  // namespace cruddur::api

// What was probably meant by a name that is no setting.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cruddur::config {

// The candidate that the word was probably meant to be; empty when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// Sentences about names that look like a misspelt setting: "SMTP_ULR is no setting; did you mean
// SMTP_URL?"
std::vector<std::string> complain_about(const std::vector<std::string>& names);

// The names in the process's environment.
std::vector<std::string> environment_names();

}  // namespace cruddur::config

#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "domain/text.hpp"

namespace cruddur {

inline constexpr text_rule display_name_rule{50, 2048, text_lines::one, text_directions::none,
                                             text_content::required};
inline constexpr text_rule bio_rule{160, 2048, text_lines::many, text_directions::closed,
                                    text_content::optional};

// A person as others see them. The id is public, and another than that of the account (the `sub` of
// its tokens), which nobody else may learn: it leads from an email to a person.
struct profile {
  uuid id;
  std::string handle;        // lower case, see domain/handle.hpp
  std::string display_name;  // as display_name_rule
  std::string bio;           // as bio_rule; may be empty
  time_point created_at;
};

}  // namespace cruddur

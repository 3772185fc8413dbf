// A small living community for a first look: several people, fresh posts of different lifetimes,
// threads and likes.
#pragma once

#include <string>

#include "app/activity_writer.hpp"
#include "app/likes.hpp"
#include "user_pool/user_pool.hpp"

namespace cruddur {

inline constexpr const char* demo_email = "demo@cruddur.example";
inline constexpr const char* demo_password = "Fleeting-2-day";

// Faults: conflict (email_taken) when the database has been seeded before, and those of the writer.
task<result<>> seed_community(user_pool::user_pool& people, activity_writer& writer, likes& likes,
                              time_point now);

}  // namespace cruddur

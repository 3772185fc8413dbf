// Random bytes fit for keys, codes and tokens (OpenSSL's generator).
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cruddur {

// Fills `output`; throws std::runtime_error when the system has no randomness to give.
void fill_random(std::span<std::uint8_t> output);

std::string random_bytes(std::size_t count);

// Uniform over [0, bound); bound > 0.
std::uint64_t random_below(std::uint64_t bound);

}  // namespace cruddur

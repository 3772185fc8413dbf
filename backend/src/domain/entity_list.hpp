// What is done with the entities of a message once they are found.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/entity.hpp"

namespace cruddur {

// The handles that the mentions may mean: each as it is written and, when it ends in '_', without.
std::vector<std::string> mentioned_handles(std::span<const entity> entities);

// Keeps the mentions of `existing` handles, and all other entities. Where only the handle without
// the '_' at its end exists, the mention ends before them.
std::vector<entity> resolve_mentions(std::vector<entity> entities,
                                     std::span<const std::string> existing);

// The array `entities` of the contract's Activity, as JSON.
std::string entities_json(std::span<const entity> entities);

}  // namespace cruddur

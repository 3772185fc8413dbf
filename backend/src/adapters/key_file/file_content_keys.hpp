// The port content_keys over a key file.
#pragma once

#include <memory>

#include "adapters/key_file/key_file.hpp"
#include "ports/content_keys.hpp"
#include "runtime/blocking_pool.hpp"

namespace cruddur::key_file {

// What writes runs in the pool; both must outlive the keys.
std::unique_ptr<content_keys> create_content_keys(key_file& file, runtime::blocking_pool& pool);

}  // namespace cruddur::key_file

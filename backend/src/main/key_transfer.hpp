// Keys from one store into another, each under its own slot.
#pragma once

#include <cstdint>

#include "adapters/key_file/key_reader.hpp"
#include "adapters/key_file/key_writer.hpp"
#include "adapters/sql/database.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"

namespace cruddur {

// All block. What has ended is not copied, and no file with damaged extents: the keys in them may
// still be whole in another copy, whose place this one must not take. They give how many keys there
// are; keys that a server has ready and has not given out are counted too. Faults: in words for the
// operator.
result<std::int64_t> copy_keys(const key_file::key_reader& source, key_file::key_writer& target);
result<std::int64_t> copy_keys(process& process, sql::database& source,
                               key_file::key_writer& target);
result<std::int64_t> copy_keys(process& process, const key_file::key_reader& source,
                               sql::database& target);
result<std::int64_t> copy_keys(process& process, sql::database& source, sql::database& target);

// The number of a key file's extent that no slot up to this one is beyond.
std::uint64_t generation_of(key_slot greatest);

}  // namespace cruddur

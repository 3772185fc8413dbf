// A file of the disk as the body of an answer, in bounded memory.
#pragma once

#include <memory>
#include <string>

#include "http/message.hpp"
#include "runtime/blocking_pool.hpp"

namespace cruddur::http {

// Opens a regular file in the pool, which must outlive the source. Faults: not_found
// (file_not_found) when there is none or it can't be opened, unavailable (server_busy) when the
// pool is full. The size is the one at this moment: a file that shrinks later cuts its answer off.
//
// Pieces that the system has in memory are read on the loop, which takes microseconds. Those that
// the disk must be asked for are read in the pool, as a disk can take any time.
task<result<std::unique_ptr<body_source>>> open_file_source(runtime::blocking_pool& pool,
                                                            std::string path);

}  // namespace cruddur::http

// What the local user pool keeps. It sees no password, code or refresh token: only sealed verifiers
// and hashes.
#pragma once

#include "base/fault.hpp"

namespace cruddur {}

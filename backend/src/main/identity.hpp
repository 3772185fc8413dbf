// Who a request is from: the local user pool, or an issuer elsewhere whose tokens are checked.
#pragma once

#include <memory>
#include <string>

#include "adapters/outbox/outbox_mailer.hpp"
#include "base/fault.hpp"
#include "main/process.hpp"
#include "main/storage.hpp"
#include "main/use_cases.hpp"
#include "ports/token_verifier.hpp"
#include "runtime/blocking_pool.hpp"
#include "user_pool/session_monitor.hpp"
#include "user_pool/user_pool.hpp"

namespace cruddur {

inline constexpr const char* local_pool_id = "local_Cruddur";

struct identity {
  std::shared_ptr<token_verifier> tokens;

  // Of the local pool; null without it.
  std::shared_ptr<runtime::blocking_pool> password_pool;
  std::shared_ptr<runtime::blocking_pool> mail_pool;  // null with the outbox
  std::shared_ptr<outbox::outbox_mailer> outbox;      // null with SMTP
  std::shared_ptr<user_pool::session_monitor> sessions;
  std::unique_ptr<user_pool::user_pool> pool;
};

// All that it is made of outlives it. Fault: in words for the operator.
result<identity> make_identity(process& process, storage& storage, use_cases& use_cases);

}  // namespace cruddur

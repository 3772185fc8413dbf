// The local user pool: answers the calls that AWS Amplify and the AWS SDKs make to an Amazon
// Cognito user pool, with the accounts in our own stores. docs/architecture.md says why; the wire
// is Cognito's API reference for cognito-idp.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "domain/profile.hpp"
#include "ports/account_store.hpp"
#include "ports/mailer.hpp"
#include "ports/profile_store.hpp"
#include "ports/session_store.hpp"
#include "ports/sign_in_tries.hpp"
#include "ports/token_verifier.hpp"
#include "runtime/blocking_pool.hpp"
#include "user_pool/limits.hpp"
#include "user_pool/session_monitor.hpp"
#include "user_pool/signing_key.hpp"

namespace cruddur::user_pool {

struct options {
  std::string pool_id;  // REGION_NAME: exactly one '_'
  std::string client_id;
  std::string issuer;  // the pool's URL: <origin>/<pool id>
  std::string secret;  // pool_secret_bytes; see secret_file.hpp

  std::chrono::seconds token_lifetime{60 * 60};  // of access and id tokens
  std::chrono::seconds session_lifetime{30 * 24 * 60 * 60};
  // How long a sign-up's code is good and an unconfirmed account is kept.
  std::chrono::seconds sign_up_code_lifetime{24 * 60 * 60};
  std::chrono::seconds code_lifetime{15 * 60};  // of other codes
  std::chrono::seconds challenge_lifetime{3 * 60};
  // How far the TIMESTAMP of a sign-in may be from our clock, either way.
  std::chrono::seconds client_clock_skew{15 * 60};
  limit_table limits;
  // Sign-ins, sign-ups and password changes under way at once; one more is refused before any work.
  int max_heavy_calls = 64;
  int max_background_mails = 256;

  // Sentences for the log, without private data. May be empty.
  std::function<void(std::string_view)> on_error;
  // Deletes what the app keeps of a person, after the account with that email is gone. May be
  // empty.
  std::function<task<result<>>(uuid account_id, std::string email)> on_delete;
};

// What the pool is made of.
struct parts {
  std::shared_ptr<account_store> accounts;
  std::shared_ptr<session_store> sessions;
  std::shared_ptr<profile_store> profiles;
  std::shared_ptr<mailer> mail;
  std::shared_ptr<token_verifier> verifier;  // of the tokens that this pool signs
  std::shared_ptr<session_monitor> monitor;
  std::shared_ptr<const signing_key> signer;
  runtime::blocking_pool& heavy_work;  // must outlive the pool; give it threads of its own
  std::shared_ptr<const clock> time;
  std::shared_ptr<sign_in_tries> tries;
};

struct wire_answer {
  unsigned status = 200;
  std::string body;                                               // JSON
  std::vector<std::pair<std::string_view, std::string>> headers;  // names in lower case
};

inline constexpr std::string_view wire_content_type = "application/x-amz-json-1.1";

struct service;

// Thread-safe.
class user_pool {
 public:
  user_pool(options settings, parts parts);
  ~user_pool();

  // Answers one request. `target` is the header x-amz-target, `cookies` the header cookie. Never
  // fails: what goes wrong is in the answer.
  task<wire_answer> answer(std::string target, std::string body, std::string remote_address,
                           std::string cookies = {});

  // How many passwords were hashed, or steps of SRP done that cost as much.
  std::uint64_t hashes() const;

  std::string jwks() const;       // GET <issuer>/.well-known/jwks.json
  std::string discovery() const;  // GET <issuer>/.well-known/openid-configuration

  // Forgets accounts, codes, sessions and challenges whose time is over; run it often.
  task<> sweep();

  // Makes a confirmed account and its profile without any mail: for seeds and operators. Gives the
  // profile's id. Faults: conflict (email_taken, handle_taken), invalid (what sign-up would
  // refuse).
  task<result<uuid>> add_account(std::string email, std::string handle, std::string display_name,
                                 std::string password);

 private:
  std::shared_ptr<service> service_;
};

}  // namespace cruddur::user_pool

// The secret file, the signing key, refresh tokens.
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <sys/stat.h>

#include "support/pool_fixture.hpp"
#include "user_pool/key_ring.hpp"
#include "user_pool/secret_file.hpp"
#include "user_pool/tokens.hpp"

namespace cruddur::testing {
namespace {

namespace fs = std::filesystem;
namespace pool = cruddur::user_pool;

struct secret_file : ::testing::Test {
  fs::path folder = fs::temp_directory_path() / ("cruddur-secret-" + to_string(make_uuid_v4()));
  fs::path path = folder / "secrets" / "user-pool";
  ~secret_file() override { fs::remove_all(folder); }
};

TEST_F(secret_file, is_made_once_and_for_its_owner_only) {
  const auto made = pool::load_or_create_secret(path);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->size(), 32U);
  EXPECT_EQ(pool::load_or_create_secret(path).value(), *made);
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator{path.parent_path()}, {}), 1);
}

TEST_F(secret_file, processes_that_race_agree) {
  std::array<std::string, 8> got;
  {
    std::vector<std::jthread> threads;
    for (auto& each : got) {
      threads.emplace_back([&] { each = pool::load_or_create_secret(path).value(); });
    }
  }
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), 1U);
}

TEST_F(secret_file, is_refused_in_words_when_others_can_read_it_or_it_is_damaged) {
  ASSERT_TRUE(pool::load_or_create_secret(path));
  ::chmod(path.c_str(), 0644);
  EXPECT_NE(pool::load_or_create_secret(path).error().detail.find("chmod 600"), std::string::npos);
  ::chmod(path.c_str(), 0600);
  std::ofstream{path} << "short\n";
  EXPECT_NE(pool::load_or_create_secret(path).error().detail.find("64 hexadecimal"),
            std::string::npos);
}

TEST(signing_key, is_made_once_sealed_and_shared) {
  memory_keys store;
  runtime::blocking_pool workers{1, 8};
  const auto load = [&](char secret) {
    return tests::run_task(
        pool::load_signing_key(store, std::string(32, secret), workers, from_unix_ms(1)));
  };
  const auto first = load('k');
  ASSERT_TRUE(first);
  EXPECT_EQ((*load('k'))->id(), (*first)->id());
  EXPECT_EQ(load('x').error().codes.front(), "secret_mismatch");
  EXPECT_EQ(store.keys.begin()->second.find("RSA"), std::string::npos);
}

TEST(refresh_token, is_read_back_only_whole_and_leads_to_one_successor) {
  const pool::key_ring keys{std::string(32, 'k')};
  const auto token = pool::make_refresh_token(make_uuid_v4());
  const auto text = pool::write_refresh_token(keys, token);
  const auto read = pool::read_refresh_token(keys, text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->session_id, token.session_id);
  EXPECT_EQ(pool::hash_refresh_token(keys, *read), pool::hash_refresh_token(keys, token));
  EXPECT_EQ(pool::successor_of(keys, token).secret, pool::successor_of(keys, *read).secret);
  EXPECT_NE(pool::successor_of(keys, token).secret, token.secret);
  EXPECT_FALSE(pool::read_refresh_token(pool::key_ring{std::string(32, 'x')}, text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(pool::read_refresh_token(keys, changed)) << i;
  }
}

}  // namespace
}  // namespace cruddur::testing

// Mail on the wire: RFC 5322 headers, encoded words, quoted-printable, and headers that nobody can
// add.
#include <gtest/gtest.h>

#include "adapters/outbox/outbox_mailer.hpp"
#include "adapters/smtp/message.hpp"
#include "base/encoding.hpp"
#include "unit/run_task.hpp"

namespace cruddur {
namespace {

using namespace smtp;

const time_point sent = from_unix_ms(1'788'592'089'000);

TEST(mail_message, has_the_headers_that_a_mail_needs) {
  const auto text =
      compose_message({"Cruddur", "no-reply@cruddur.example"}, {"", "ann@example.com"},
                      {"ann@example.com", "Confirm", "Hello\nAnn", ""}, "<1@x>", sent);
  EXPECT_EQ(text,
            "From: Cruddur\r\n <no-reply@cruddur.example>\r\n"
            "To: <ann@example.com>\r\n"
            "Subject: Confirm\r\n"
            "Date: Sat, 05 Sep 2026 07:08:09 +0000\r\n"
            "Message-ID: <1@x>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\nHello\r\nAnn\r\n");
}

TEST(mail_message, lets_nobody_add_a_header) {
  const std::string subject = "Hi\r\nBcc: all@example.com\r\n\r\nbody";
  const auto text = compose_message({"a\r\nBcc: b@c.d", "x@y.z"}, {"", "ann@example.com"},
                                    {"ann@example.com", subject, "t", ""}, "<1@x>", sent);
  EXPECT_EQ(text.find("\nBcc"), std::string::npos);
  EXPECT_FALSE(parse_mailbox("ann@example.com\r\nBcc: x@y.z"));
  EXPECT_FALSE(parse_mailbox("ann@example.com> RCPT TO:<b@c.d"));
  EXPECT_FALSE(parse_mailbox("a@b.c, d@e.f"));
  EXPECT_FALSE(parse_mailbox(""));
  EXPECT_FALSE(parse_mailbox("ann"));
}

TEST(mail_message, writes_other_letters_as_encoded_words_on_whole_characters) {
  EXPECT_EQ(encode_header("Grüße"), "=?UTF-8?B?R3LDvMOfZQ==?=");
  std::string long_text;
  for (int i = 0; i < 40; ++i) long_text += "\U0001F389";
  const auto encoded = encode_header(long_text);
  std::string decoded;
  std::size_t at = 0;
  while ((at = encoded.find("?B?", at)) != std::string::npos) {
    const auto word = encoded.substr(at + 3, encoded.find("?=", at) - at - 3);
    const auto bytes = from_base64(word).value();
    EXPECT_EQ(bytes.size() % 4, 0U);
    EXPECT_LE(word.size() + 12, 75U);
    decoded += bytes;
    ++at;
  }
  EXPECT_EQ(decoded, long_text);
}

TEST(mail_message, keeps_lines_short_and_dots_safe) {
  const auto text = quoted_printable(std::string(300, 'x') + "\n.\n=\xc3\xa4 \n");
  std::size_t start = 0;
  for (std::size_t end; (end = text.find("\r\n", start)) != std::string::npos; start = end + 2) {
    EXPECT_LE(end - start, 76U);
    EXPECT_FALSE(text.substr(start, end - start).starts_with('.'));
  }
  EXPECT_NE(text.find("=3D=C3=A4=20\r\n"), std::string::npos);
}

TEST(outbox, keeps_the_last_hundred_newest_first) {
  outbox::outbox_mailer box{std::make_shared<system_clock>()};
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(tests::run_task(box.send({"a@b.c", std::to_string(i), "text", "123456"})));
  }
  const auto list = box.list();
  ASSERT_EQ(list.size(), 100U);
  EXPECT_EQ(list.front().mail.subject, "149");
}

TEST(outbox, keeps_no_mail_for_longer_than_a_day_nor_that_of_who_left) {
  const auto clock = std::make_shared<movable_clock>();
  outbox::outbox_mailer box{clock};
  const auto send = [&](const char* recipient) {
    ASSERT_TRUE(tests::run_task(box.send({recipient, "", "text", "123456"})));
  };
  send("old@b.c");
  clock->advance(std::chrono::hours{23});
  send("leaver@b.c");
  send("stays@b.c");
  send("leaver@b.c");
  EXPECT_EQ(box.list().size(), 4U);
  clock->advance(std::chrono::hours{1});
  box.forget("leaver@b.c");
  const auto list = box.list();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().mail.recipient, "stays@b.c");
}

}  // namespace
}  // namespace cruddur

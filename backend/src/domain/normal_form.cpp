#include "domain/normal_form.hpp"

#include <stdexcept>

#include <unicode/normalizer2.h>

namespace cruddur {
namespace {

const icu::Normalizer2& made_by(const icu::Normalizer2* (*form)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const made = form(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no normaliser");
  return *made;
}

icu::UnicodeString normalise(const icu::UnicodeString& text, const icu::Normalizer2& form) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = form.normalize(text, status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU can't normalise");
  return out;
}

}  // namespace

// ICU makes each of them once, for all threads, in its own library. They are kept here as well, so
// that a build with ThreadSanitizer, which can't look into that library, sees one thread hand them
// to the others.
icu::UnicodeString to_nfc(const icu::UnicodeString& text) {
  static const icu::Normalizer2& form = made_by(icu::Normalizer2::getNFCInstance);
  return normalise(text, form);
}

icu::UnicodeString to_nfkc(const icu::UnicodeString& text) {
  static const icu::Normalizer2& form = made_by(icu::Normalizer2::getNFKCInstance);
  return normalise(text, form);
}

}  // namespace cruddur

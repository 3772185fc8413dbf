#include "domain/normal_form.hpp"

#include <stdexcept>

namespace cruddur {
namespace {

const icu::Normalizer2& load(const icu::Normalizer2* (*form)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const loaded = form(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no normaliser");
  return *loaded;
}

}  // namespace

// ICU makes them at their first use. The statics make that one event before every use that our own
// code, and ThreadSanitizer, can see: ICU's library is not instrumented.
const icu::Normalizer2& nfc() {
  static const icu::Normalizer2& form = load(icu::Normalizer2::getNFCInstance);
  return form;
}

const icu::Normalizer2& nfkc() {
  static const icu::Normalizer2& form = load(icu::Normalizer2::getNFKCInstance);
  return form;
}

}  // namespace cruddur

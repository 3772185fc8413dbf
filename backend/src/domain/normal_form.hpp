// Unicode's normal forms.
#pragma once

#include <unicode/unistr.h>

namespace cruddur {

icu::UnicodeString to_nfc(const icu::UnicodeString& text);
icu::UnicodeString to_nfkc(const icu::UnicodeString& text);

}  // namespace cruddur

#pragma once

#include <unicode/normalizer2.h>

namespace cruddur {

// Unicode's normalisation forms C and KC (UAX #15), for any thread. They are ICU's own objects and
// live as long as the process. Throw std::runtime_error if ICU's data is not to be had.
const icu::Normalizer2& nfc();
const icu::Normalizer2& nfkc();

}  // namespace cruddur

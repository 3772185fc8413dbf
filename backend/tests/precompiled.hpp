// What most tests include, parsed once. Each test still includes what it uses.
#pragma once
#include "../src/precompiled.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

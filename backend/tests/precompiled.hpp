// What most tests include, parsed once. Each test still includes what it uses.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../src/precompiled.hpp"

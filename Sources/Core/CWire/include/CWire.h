// The SIMD helpers of the scanner in Wire: they turn 64-byte blocks of a JSON text into bit masks.
#pragma once

#include "cwire_block.h"
#include "cwire_scalar.h"
#include "cwire_resolve.h"
#include "cwire_outline.h"
#include "cwire_dispatch.h"

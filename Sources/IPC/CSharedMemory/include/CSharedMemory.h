// System calls, hashes and copies of the shared region that Swift has no safe or fast form of.
#pragma once

#include "cshared_inline.h"
#include "cshared_copy.h"
#include "cshared_hash.h"
#include "cshared_mapping.h"
#include "cshared_racing.h"
#include "cshared_descriptors.h"

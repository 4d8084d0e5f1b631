// SPDX-License-Identifier: Apache-2.0
// What every output does with its descriptor, however it writes: waits for room, and ends so that
// an error of the disk is not lost.
#pragma once

namespace tlsdoctor::cli {

/// Waits until a descriptor that another program made non-blocking takes bytes again.
void wait_until_writable(int descriptor);

/// Synchronises and closes a descriptor. Returns 0, or the errno of what failed first; devices and
/// pipes, which cannot be synchronised, are no failure.
int close_synchronised(int descriptor);

} // namespace tlsdoctor::cli

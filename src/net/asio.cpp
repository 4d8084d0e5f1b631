// SPDX-License-Identifier: Apache-2.0
// Compiles Asio's own code, once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>

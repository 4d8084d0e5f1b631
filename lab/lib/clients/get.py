# SPDX-License-Identifier: Apache-2.0
"""Says "connected" where urllib's context completes a handshake, else why not."""

import ssl
import sys
import urllib.error
import urllib.request

context = ssl.create_default_context(cafile=sys.argv[2])
try:
    urllib.request.urlopen(sys.argv[1], context=context, timeout=5).read(1)
    print("connected")
except urllib.error.URLError as error:
    over = isinstance(error, urllib.error.HTTPError) or not isinstance(error.reason, ssl.SSLError)
    print("connected" if over else f"failed: {error.reason}")

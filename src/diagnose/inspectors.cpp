// SPDX-License-Identifier: Apache-2.0
// The names as the products write them by default, from their manuals and from certificates seen in
// the field; an administrator can change them, so a miss proves nothing.
#include "diagnose/inspectors.hpp"

#include <algorithm>
#include <iterator>

namespace tlsdoctor::diagnose {

namespace {

constexpr Inspector k_inspectors[] = {
    {"Fortinet", "Fortinet FortiGate"},
    {"Zscaler", "Zscaler"},
    {"Palo Alto Networks", "Palo Alto Networks"},
    {"Blue Coat", "Blue Coat ProxySG"},
    {"Symantec Web Security Service", "Symantec Web Security Service"},
    {"Cisco Umbrella", "Cisco Umbrella"},
    {"Netskope", "Netskope"},
    {"goskope", "Netskope"},
    {"Forcepoint", "Forcepoint"},
    {"Websense", "Forcepoint"},
    {"Sophos", "Sophos"},
    {"Check Point", "Check Point"},
    {"Barracuda", "Barracuda"},
    {"McAfee Web Gateway", "Skyhigh (McAfee) Web Gateway"},
    {"Skyhigh", "Skyhigh Web Gateway"},
    {"iboss", "iboss"},
    {"Lightspeed", "Lightspeed Filter"},
    {"Securly", "Securly"},
    {"GoGuardian", "GoGuardian"},
    {"ContentKeeper", "ContentKeeper"},
    {"Untangle", "Untangle"},
    {"SonicWall", "SonicWall"},
    {"WatchGuard", "WatchGuard"},
    {"Kaspersky", "Kaspersky"},
    {"avast! Web/Mail Shield", "Avast"},
    {"AVG Web/Mail Shield", "AVG"},
    {"Bitdefender", "Bitdefender"},
    {"ESET SSL Filter", "ESET"},
    {"Dr.Web", "Dr.Web"},
    {"AdGuard", "AdGuard"},
    {"NetFilterSDK", "NetFilter SDK"},
    {"mitmproxy", "mitmproxy"},
    {"PortSwigger", "Burp Suite"},
    {"Charles Proxy", "Charles"},
    {"DO_NOT_TRUST_FiddlerRoot", "Fiddler"},
    {"Squid", "Squid with SSL bump"},
};

} // namespace

const Inspector* inspector_in(std::string_view issuer) {
    const auto* const at = std::ranges::find_if(k_inspectors, [&](const Inspector& one) {
        return issuer.find(one.words) != std::string_view::npos;
    });
    return at == std::end(k_inspectors) ? nullptr : at;
}

} // namespace tlsdoctor::diagnose

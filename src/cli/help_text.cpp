// SPDX-License-Identifier: Apache-2.0
// The texts of --help; see the header. At most 24 lines of 100 columns.
#include "cli/help_text.hpp"

#include <utility>

namespace tlsdoctor::cli {

namespace {

constexpr std::string_view k_front =
    R"(tlsdoctor says why a TLS handshake fails, who must act, and the exact fix.

  tlsdoctor TARGET...            diagnose a server; the same as 'tlsdoctor check TARGET...'
  tlsdoctor scan -iL FILE        the same for a fleet, one JSON line per target
  tlsdoctor client -- COMMAND    run a client and say what it offers ('{}' is its target)
  tlsdoctor explain TEXT         what does this error message or log mean? '-' is stdin
  tlsdoctor diff OLD NEW         what changed between two runs; 'report' makes a page of HTML
  tlsdoctor demo                 start broken servers on this machine and diagnose them
  tlsdoctor lab [CASE...]        a server for each way a handshake can fail, to try clients with
  tlsdoctor help [TOPIC]         explain a cause, an alert ('alert 70') or a command; also: version

TARGET is host, host:port, [::1]:443, https://host/path or smtp://host; '-iL FILE' reads a list.

  --json                         the result as JSON, one line per target for several
  -q, -v, --evidence             one line per target; all facts; every byte sent and received
  --sni NAME, --connect IP       send another server name, go to this address
  --client ID, --error TEXT      what about this client, this error message?
  --expect tls1.2,'!tls1.0'      for CI: these versions must, these must not be accepted

All options: tlsdoctor check --help

Exit codes: 0 healthy, 1 TLS problem found, 2 usage error, 3 not reachable, 4 inconclusive or
interrupted, 5 internal error.
)";

constexpr std::string_view k_check =
    R"(tlsdoctor check TARGET...  says why a handshake with this server fails, who must act, and the fix.
TARGET: host  host:port  [::1]:443  https://host/path  smtp://host   -iL FILE: a list, '-' is stdin

Output  -j, --json           JSON on stdout         -oJ FILE             JSON into a file as well
        -q, --quiet          one line per target    -v, --verbose        all facts
        --evidence           every byte, in hex     --clients            try all known clients
        --record FILE        keep what was seen     --replay FILE        diagnose a record, offline
        --db FILE            keep results (SQLite)  -oH FILE             a page of HTML as well
        --overwrite          replace files          --color WHEN         auto, always or never
Reach   --sni NAME           server name to send    --no-sni             send none
        --connect IP[:PORT]  instead of resolving   -p, --port PORT      where none is given (443)
        -4, --ipv4  -6, --ipv6  one family only     -t, --starttls HOW   auto, none, smtp ...
        -x, --proxy URL      http:// or socks5://   --repeat N           do the answers vary?
Judge   -k, --insecure       not the certificate    --ca FILE            trust these roots instead
        --cert FILE          a client certificate   --key FILE           its key, if elsewhere
        --client ID|FILE     can this client?       --error TEXT         does this error fit?
        --what-if SPEC       who would be lost?     --policy NAME|FILE   Mozilla's, or your own
        --expect LIST        tls1.2,'!tls1.0'       --fail-on WHAT       problem, warn, unreachable
Limits  --versions-only      nothing but versions   --suites-only        and their cipher suites
        --full               all that it accepts    --timeout SECONDS    per answer (5)
        --connect-timeout SECONDS  (3)              --deadline SECONDS   per target (30)
Other   -h, --help           this page              -V, --version        of tlsdoctor
Names that nmap, openssl, testssl.sh, sslscan and curl use for these options work too.
Exit codes: 0 healthy, 1 problem, 2 usage, 3 not reachable, 4 inconclusive or cut, 5 internal.
)";

constexpr std::string_view k_client =
    R"(tlsdoctor client -- COMMAND ...  runs a client and says what it offers, who must act, and the fix.
In COMMAND {} becomes HOST:PORT of a recording server on this machine, {host} and {port} its parts:
  tlsdoctor client -- curl https://{}/          tlsdoctor client -- java -jar app.jar {host} {port}
Without a command it listens, and shows each client as it comes, until Ctrl-C.

Listen  --listen [ADDR:]PORT  where; else a free port of this machine, for this machine alone
        --count N            ends after N connections
Walk    --walk WHAT          versions, key_types, suites, groups, failures (all): what it accepts
        --no-walk            the hello is enough     --serial             one run at a time
Local   --local              the programs of this machine: what each offers, and what limits it
Output  -j, --json           JSON on stdout         -oJ FILE             JSON into a file as well
        -q, --quiet          one line per client    -v, --verbose        all facts
        --record FILE        keep what was heard    --replay FILE        diagnose a record, offline
        --overwrite          replace files          --color WHEN         auto, always or never
Judge   --fail-on WHAT       problem, warn
Limits  --deadline SECONDS   for the command (30) and its walk (180), or for listening (a day)
Other   -h, --help           this page              -V, --version        of tlsdoctor

Exit codes: 0 healthy, 1 problem, 2 usage, 4 nothing was heard, 5 internal. The command's own exit
code is in the report.
)";

constexpr std::string_view k_demo =
    R"(tlsdoctor demo  starts broken TLS servers on this machine and diagnoses them; no network is needed.

  -j, --json       JSON instead of the screen         -q, --quiet    one line per server
  -v, --verbose    all facts                          --evidence     every byte, in hex
  --color WHEN     auto, always or never              -h, --help     this page
  -V, --version    of tlsdoctor

Exit codes: 0 every verdict is the expected one, 1 one is not, 5 internal error.
)";

constexpr std::string_view k_explain =
    R"(tlsdoctor explain [TEXT | - | @FILE]  says what an error or a log means, and what to run next.

  tlsdoctor explain 'curl: (35) OpenSSL/3.0.15: error:0A00010B:SSL routines::wrong version number'
  curl -v https://shop.example 2>&1 | tlsdoctor explain        without TEXT, stdin is read
  tlsdoctor explain -f /var/log/nginx/error.log              equal messages are counted, worst first

Output  -j, --json           JSON on stdout         -oJ FILE             JSON into a file as well
        -q, --quiet          one line               -v, --verbose        everything, all groups
        --overwrite          replace files          --color WHEN         auto, always or never
Input   -f FILE, -iL FILE    read a file            -- TEXT              a text that begins with '-'
Ask     --run                probe the host in the text, and turn the candidates into a verdict;
                             with it, as for check:
        -4, --ipv4   -6, --ipv6   -t, --starttls HOW   -x, --proxy URL   -k, --insecure
        --ca FILE  --cert FILE  --key FILE
        --timeout SECONDS  --connect-timeout SECONDS  --deadline SECONDS
Other   -h, --help           this page              -V, --version        of tlsdoctor

Exit codes: 0 recognised, 4 not recognised; with --run those of check.
)";

constexpr std::string_view k_lab =
    R"(tlsdoctor lab [CASE...]  runs a server for each way a handshake can fail, on ports of this machine.
Point clients, monitors and tlsdoctor itself at them. Without a CASE all of them run, until Ctrl-C.

  --list                 the cases, without running anything
  -j, --json             the table as JSON: name, port, what a client should report, the cause
  -p, --port PORT        the first server's port; the others follow. Without it any free ones
  --ca FILE              write the root that signed the valid certificates, for clients to trust
  --overwrite            even if that file is there
  --deadline SECONDS     end after this time
  --color WHEN           auto, always or never
  -h, --help             this page
  -V, --version          of tlsdoctor

Try:        tlsdoctor lab --ca ca.pem tls13_only weak_dh
            CURL_CA_BUNDLE=ca.pem curl https://localhost:PORT/
            tlsdoctor check --ca ca.pem localhost:PORT
Exit codes: 0 it ran and was ended, 2 usage, 5 a server could not be started.
)";

constexpr std::string_view k_scan =
    R"(tlsdoctor scan -iL FILE  checks a fleet: one JSON line per target; progress and summary on stderr.
FILE ('-' is stdin): names, host:port, URLs, 192.0.2.0/24, zgrab2's CSV, nmap -oG and -oX; or words

Output  -oJ FILE             append lines to it     -j, --json           and to stdout as well
        --resume             go on with that file after a cut; --overwrite begins it anew
        -q, --quiet          lines of text instead  --db FILE            keep results (SQLite)
        --color WHEN         auto, always or never
Lists   --exclude FILE       never connect to these, nor where a name leads to them
        -p, --port PORTS     443,8443,9000-9010: each is a target, where an entry names no port
Pace    --rate N             connections a second   --per-host N         at once to a host (16)
        --concurrency N      connections at once    --threads N          loops (one per core)
        --seed N             of the shuffled order
Reach   --sni NAME   --no-sni   -4, --ipv4   -6, --ipv6   -t, --starttls HOW   -x, --proxy URL
Judge   -k, --insecure   --ca FILE   --cert FILE   --key FILE   --client ID   --clients
        --expect LIST   --policy NAME|FILE   --fail-on WHAT                   (all as for check)
Limits  --versions-only      nothing but versions   --timeout SECONDS    per answer (5)
        --suites-only        cipher suites alone    --full               everything accepted
        --connect-timeout SECONDS  (3)              --deadline SECONDS   per target (30)
Other   -h, --help           this page              -V, --version        of tlsdoctor

Exit code: the worst of all targets (5 internal, 1 problem, 4 inconclusive or cut, 3 not reachable),
2 where a line or the command line is wrong, 0 healthy.
)";

constexpr std::string_view k_diff =
    R"(tlsdoctor diff OLD NEW  says what changed between two runs of check or scan, the worst first.
tlsdoctor diff FILE.db  compares the last two runs that were finished.

OLD and NEW are each
  FILE             results of 'check --json', '-oJ FILE' or 'scan'; '-' is stdin
  FILE.db          a database of '--db': its last run that was finished
  FILE.db:RUN      one of its runs: a number, latest or previous

  -j, --json       JSON on stdout                     -oJ FILE       JSON into a file as well
  -q, --quiet      one line                           -v, --verbose  all changes, and what could
                                                                     not be compared
  --overwrite      replace files                      --color WHEN   auto, always or never
  -h, --help       this page                          -V, --version  of tlsdoctor

What one of the two did not test is not comparable, and no change. Times never are.
Exit codes: 0 the same, 1 different, 2 usage or unreadable, 4 nothing was comparable, 5 internal.
)";

constexpr std::string_view k_report =
    R"(tlsdoctor report INPUT... -o FILE  makes a page of HTML from results: verdicts, versions, TLS
libraries, certificates, targets. The page is one file that loads nothing and needs no JavaScript.

INPUT is a file of results ('-' is stdin) or a database of '--db', of which it takes all runs;
FILE.db:RUN is one of them. Several runs, oldest first, give charts over time.

  -o, -oH FILE     where the page goes; without it stdout
  --overwrite      replace the file                   --color WHEN   auto, always or never
  -h, --help       this page                          -V, --version  of tlsdoctor

Exit codes: 0 it was written, 2 usage or unreadable, 5 internal error.
)";

constexpr std::string_view k_config =
    R"(tlsdoctor config [FILE | DIR | ARCHIVE | -]  says which TLS settings of a server's files count,
which line decides, and the smallest edit that mends them. Without a word: the files of this machine.

Files   --server NAME        nginx, apache, haproxy, postfix, dovecot ...; else it is recognised
        --start-command X    the script or line that starts it: its options count as well
        --server-version V   instead of the detected    --library-version V  of OpenSSL, GnuTLS, Java
Judge   --address ADDR       this address or port       --sni NAME, --no-sni  this name, or none
        --expect LIST        tls1.2,'!tls1.0'           --target POLICY       modern, intermediate, old
        --fail-on WHAT       problem, warn
Mend    --verify             starts the server on a copy with the fix, on a free port, and asks it
        --apply              writes the fix, keeps a backup, and takes it back if the test fails
        --reload             with --apply: makes the running server take it
Output  -j, --json           JSON on stdout             -oJ FILE              JSON into a file as well
        -q, --quiet          one line                   -v, --verbose         every address and name
        --lint               for CI: one line for each finding, with its file and line
        --format FORMAT      text, json, sarif (2.1.0), github (annotations)
        --overwrite          replace files              --color WHEN          auto, always or never
Other   -h, --help           this page                  -V, --version         of tlsdoctor

'-' is the output of nginx -T, postconf -n, doveconf -n or Apache's DUMP_CONFIG on stdin.
Exit codes: 0 healthy, 1 problem, 2 usage, 4 no TLS listener was found, 5 internal.
)";

constexpr std::string_view k_help =
    R"(tlsdoctor help [TOPIC]  explains a topic:

  a cause          tlsdoctor help server_only_tls13      'tlsdoctor help causes' lists them
  an alert         tlsdoctor help alert 70               'tlsdoctor help alerts' lists them
  a command        tlsdoctor help check
  exit codes       tlsdoctor help exit-codes

  --color WHEN     auto, always or never              -h, --help     this page
  -V, --version    of tlsdoctor
)";

constexpr std::string_view k_version =
    R"(tlsdoctor version  prints the version of the program and the date of its data.

  --color WHEN     auto, always or never              -h, --help     this page
  -V, --version    the same
)";

constexpr std::string_view k_exit_codes =
    R"(Exit codes of tlsdoctor

  0  healthy for the question asked; warnings too, unless --fail-on warn
  1  a TLS problem was found
  2  usage error: the command line, or a line of a list of targets, is wrong
  3  not reachable: DNS, connection refused, filtered
  4  inconclusive, interrupted or banned
  5  internal error, or the results could not be written

Several targets: the most severe in the order 5, 1, 4, 3, 2, 0.
)";

} // namespace

std::string_view front_page() {
    return k_front;
}

std::string_view help_text(Command command) {
    switch (command) {
    case Command::check:
        return k_check;
    case Command::client:
        return k_client;
    case Command::demo:
        return k_demo;
    case Command::explain:
        return k_explain;
    case Command::lab:
        return k_lab;
    case Command::scan:
        return k_scan;
    case Command::diff:
        return k_diff;
    case Command::report:
        return k_report;
    case Command::config:
        return k_config;
    case Command::help:
        return k_help;
    case Command::version:
        return k_version;
    }
    std::unreachable();
}

std::string_view exit_codes_page() {
    return k_exit_codes;
}

} // namespace tlsdoctor::cli

// SPDX-License-Identifier: Apache-2.0
// A server that costs next to nothing: one answer to each hello, ready-made, on every address of
// this machine. With `silent` it never answers: what then lies in a client's memory is probes in
// flight. Prints its port.
//
//   canned_server [silent]
#include <string_view>

#include "answers.hpp"
#include "listening.hpp"

namespace bench = tlsdoctor::bench;

int main(int count, char** words) {
    const bool silent = count > 1 && std::string_view(words[1]) == "silent";
    bench::raise_limit();
    const int listener = bench::listen_everywhere(0);
    if (listener < 0) {
        return 1;
    }
    bench::announce(listener);
    bench::Behaviour behaviour;
    behaviour.on_message = [silent](bench::Client& client) {
        if (silent) {
            return true;
        }
        const bench::Answer answer = bench::answer_to(client.received);
        bench::send_now(client.socket, answer.bytes);
        return !answer.closes;
    };
    behaviour.on_tick = [](bench::Client&) {
        return true;
    };
    bench::serve(listener, behaviour);
}

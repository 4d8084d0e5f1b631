%% SPDX-License-Identifier: Apache-2.0
%% A TLS server on Erlang/OTP: erlang_server.escript PORT OPTIONS, the options of ssl:listen as a term.

main([Port, Text]) ->
    {ok, _} = application:ensure_all_started(ssl),
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Options} = erl_parse:parse_term(Tokens),
    {ok, Listener} = ssl:listen(list_to_integer(Port), Options),
    accept(Listener).

accept(Listener) ->
    {ok, Socket} = ssl:transport_accept(Listener),
    Pid = spawn(fun() -> receive go -> serve(Socket) end end),
    ok = ssl:controlling_process(Socket, Pid),
    Pid ! go,
    accept(Listener).

%% What a client may do is no business of this server.
serve(Socket) ->
    case ssl:handshake(Socket, 10000) of
        {ok, Secure} ->
            _ = ssl:recv(Secure, 0, 10000),
            _ = ssl:send(Secure, "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nlab\n"),
            ssl:close(Secure);
        {error, _} ->
            refused
    end.

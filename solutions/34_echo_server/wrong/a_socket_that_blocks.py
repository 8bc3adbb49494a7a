# fails: test_answers_lines_however_they_arrive test_answers_before_the_client_says_more test_the_last_line_needs_no_end test_a_client_that_does_not_read_fills_no_memory
# looks like: recv() waits for the client, and nobody else, the client included, can run meanwhile
import os
import socket


async def handle(reader, writer):
    number, rest = 0, b""
    try:
        with socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno())) as plain:
            plain.settimeout(0.1)
            while data := plain.recv(65536):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    number += 1
                    plain.sendall(b"%d: %s\n" % (number, line))
    finally:
        writer.close()

// Lambda's Runtime API as programs in a shell and in C use it: no client of anybody's is needed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { folderOf, startProgram } from './programs.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test('a program in a shell, with curl', {
  skip: !hasCurl && 'there is no curl',
  timeout: 30_000,
}, async () => {
  const runtime = startProgram(`#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while :; do
  event=$(curl -sS -D headers "$api/next")
  id=$(grep -i lambda-runtime-aws-request-id headers | tr -d '\\r' | cut -d' ' -f2)
  curl -sS "$api/$id/response" -d "{\\"echo\\": $event}" >/dev/null
done
`);
  await runtime.ready();
  assert.deepEqual((await runtime.run({ a: 1 })).body, { echo: { a: 1 } });
  assert.deepEqual((await runtime.run([2])).body, { echo: [2] });
  await runtime.close();
});

const hasCompiler = spawnSync('cc', ['--version']).status === 0;

test('a program in C, over plain sockets', {
  skip: !hasCompiler && 'there is no C compiler',
  timeout: 60_000,
}, async () => {
  const taskRoot = folderOf('bootstrap.c', C_PROGRAM);
  execFileSync('cc', ['-O1', '-o', path.join(taskRoot, 'bootstrap'), path.join(taskRoot, 'bootstrap.c')]);
  const runtime = startProgram('', { taskRoot });
  await runtime.ready();
  for (const event of [{ a: 1 }, 'second']) assert.deepEqual((await runtime.run(event)).body, event);
  await runtime.close();
});

/** One connection for each request; the response is the event. */
const C_PROGRAM = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[1 << 20];

static char *call(const char *request, size_t size) {
  const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(strchr(address, ':') + 1))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || write(fd, request, size) != (ssize_t)size) exit(9);
  size_t got = 0;
  for (ssize_t more; (more = read(fd, answer + got, sizeof answer - got - 1)) > 0;) got += more;
  answer[got] = 0;
  close(fd);
  return answer;
}

int main(void) {
  static char request[1 << 20];
  for (;;) {
    const char *next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n";
    char *text = call(next, strlen(next));
    char id[100];
    if (sscanf(strcasestr(text, "lambda-runtime-aws-request-id:"), "%*[^:]: %99[^\\r]", id) != 1) return 8;
    char *event = strstr(text, "\\r\\n\\r\\n") + 4;
    int size = snprintf(request, sizeof request,
      "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n"
      "Content-Length: %zu\\r\\n\\r\\n%s", id, strlen(event), event);
    call(request, size);
  }
}
`;

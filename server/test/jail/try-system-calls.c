// Makes one system call after another, each in a process of its own, and reports how it went. Compiled and run inside a jail by
// system-calls.test.ts.
//
//   try-system-calls NAME:NUMBER:ARGUMENT:...     ->  NAME ok | NAME errno N | NAME signal N
//   the name `int80` enters the kernel as a 32-bit program does (x86_64 alone)
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static long enter(const char *name, long number, const long *a) {
#ifdef __x86_64__
  if (strcmp(name, "int80") == 0) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a[0]) : "memory", "r8", "r9", "r10", "r11");
    return result;
  }
#endif
  (void)name;
  return syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void try(char *attempt) {
  const char *name = strtok(attempt, ":");
  long number = strtol(strtok(NULL, ":"), NULL, 0);
  long arguments[6] = {0};
  for (int index = 0; index < 6; index++) {
    const char *text = strtok(NULL, ":");
    if (text == NULL) break;
    arguments[index] = strtol(text, NULL, 0);
  }
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    errno = 0;
    long result = enter(name, number, arguments);
    _exit(result == -1 ? errno : 0);
  }
  int status;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("%s signal %d\n", name, WTERMSIG(status));
  else if (WEXITSTATUS(status) == 0) printf("%s ok\n", name);
  else printf("%s errno %d\n", name, WEXITSTATUS(status));
}

int main(int count, char **attempts) {
  for (int index = 1; index < count; index++) try(attempts[index]);
  return 0;
}

/*
 * ss: for each line on stdin, `ss-bench FLAGS` runs `ss FLAGS`, counts the lines that it prints, and prints `nanoseconds lines`: the processor time
 * of the program. Its start is part of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long long nanoseconds(const struct rusage *usage) {
  return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000000ll + (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1000ll;
}

int main(int argc, char **argv) {
  static char bytes[1 << 16];
  char line[64];
  if (argc != 2) return 2;
  while (fgets(line, sizeof line, stdin) != NULL) {
    int ends[2], status;
    long lines = 0;
    ssize_t length;
    struct rusage usage;
    if (pipe(ends) != 0) fail("pipe");
    const pid_t child = fork();
    if (child == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execlp("ss", "ss", argv[1], NULL);
      fail("ss");
    }
    close(ends[1]);
    while ((length = read(ends[0], bytes, sizeof bytes)) > 0)
      for (ssize_t i = 0; i < length; i++) lines += bytes[i] == '\n';
    close(ends[0]);
    if (wait4(child, &status, 0, &usage) != child || status != 0) fail("ss");
    printf("%lld %ld\n", nanoseconds(&usage), lines);
    fflush(stdout);
  }
  return 0;
}

/* A clock that moves only when the test says so. Loaded into a function's program (LD_PRELOAD), it
   answers the time of day with the nanoseconds that stand in the file HAAT_TEST_CLOCK. Time-outs
   run on the machine's other clocks, which it leaves alone. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *now;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("HAAT_TEST_CLOCK");
  int open_file = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
  void *page = mmap(NULL, sizeof *now, PROT_READ, MAP_SHARED, open_file, 0);
  if (page == MAP_FAILED) abort(); /* never a test on the wrong time */
  now = page;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (clock != CLOCK_REALTIME || !now) return syscall(SYS_clock_gettime, clock, time);
  int64_t nanoseconds = *now;
  time->tv_sec = nanoseconds / 1000000000;
  time->tv_nsec = nanoseconds % 1000000000;
  return 0;
}

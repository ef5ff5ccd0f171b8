package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// The work that the command line selects: a dump, or a number of sequential requests.
func work(dump func() int, sequential func(times int) int) func() int {
	if len(os.Args) == 3 && os.Args[1] == "sequential" {
		times, err := strconv.Atoi(os.Args[2])
		check(err)
		return func() int { return sequential(times) }
	}
	return dump
}

// Runs the work once for each line on stdin, and prints `nanoseconds count`.
func answer(run func() int) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		began := time.Now()
		count := run()
		fmt.Println(time.Since(began).Nanoseconds(), count)
	}
}

// The processor time of all threads of this process in nanoseconds.
func processorTime() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"time"
)

// What the command line asks for: a dump, or so many requests one after the other.
func work(dump func() int, sequential func(times int) int) func() int {
	if len(os.Args) == 3 && os.Args[1] == "sequential" {
		times, err := strconv.Atoi(os.Args[2])
		check(err)
		return func() int { return sequential(times) }
	}
	return dump
}

// Runs it once for each line on stdin; answers `nanoseconds count`.
func answer(run func() int) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		began := time.Now()
		count := run()
		fmt.Println(time.Since(began).Nanoseconds(), count)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

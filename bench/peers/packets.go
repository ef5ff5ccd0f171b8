package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

// Counts packets for bench/rows/packets.ts: for each line `N` it waits for N packets and prints `nanoseconds N`, in processor time.
type counter struct {
	packets atomic.Int64
	wanted  atomic.Int64
	done    chan struct{}
}

func newCounter() *counter {
	counter := &counter{done: make(chan struct{}, 1)}
	counter.wanted.Store(-1)
	return counter
}

func (counter *counter) add() {
	if counter.packets.Add(1) == counter.wanted.Load() {
		counter.done <- struct{}{}
	}
}

func (counter *counter) answer() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		wanted, err := strconv.ParseInt(lines.Text(), 10, 64)
		check(err)
		began := processorTime()
		counter.wanted.Store(wanted)
		if counter.packets.Load() < wanted {
			<-counter.done
		}
		fmt.Println(processorTime()-began, counter.packets.Load())
		counter.wanted.Store(-1)
		counter.packets.Store(0)
	}
}

func number() uint16 {
	value, err := strconv.ParseUint(os.Args[2], 10, 16)
	check(err)
	return uint16(value)
}

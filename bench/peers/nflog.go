// Go's florianl/go-nflog: receives the packets of a log group.
package main

import (
	"context"
	"fmt"
	"os"

	nflog "github.com/florianl/go-nflog"
)

func main() {
	log, err := nflog.Open(&nflog.Config{
		Group:    number(),
		Copymode: nflog.CopyPacket,
		Bufsize:  65536,
		QThresh:  100,
		Timeout:  1,
	})
	check(err)
	check(log.Con.SetReadBuffer(256 << 20))
	packets := newCounter()
	count := func(nflog.Attribute) int {
		packets.add()
		return 0
	}
	failed := func(err error) int {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	check(log.RegisterWithErrorFunc(context.Background(), count, failed))
	packets.answer()
}

// Go's florianl/go-nfqueue: accepts the packets of a queue, one verdict each.
package main

import (
	"context"
	"fmt"
	"os"

	nfqueue "github.com/florianl/go-nfqueue"
)

func main() {
	queue, err := nfqueue.Open(&nfqueue.Config{
		NfQueue:      number(),
		MaxPacketLen: 0xffff - 4,
		MaxQueueLen:  0xffffffff,
		Copymode:     nfqueue.NfQnlCopyPacket,
	})
	check(err)
	check(queue.Con.SetReadBuffer(256 << 20))
	packets := newCounter()
	accept := func(packet nfqueue.Attribute) int {
		check(queue.SetVerdict(*packet.PacketID, nfqueue.NfAccept))
		packets.add()
		return 0
	}
	failed := func(err error) int {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	check(queue.RegisterWithErrorFunc(context.Background(), accept, failed))
	packets.answer()
}

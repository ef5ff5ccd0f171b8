// Go's mdlayher/netlink: raw messages of a dump, and sequential requests.
package main

import (
	"encoding/binary"

	"github.com/mdlayher/netlink"
)

const (
	protocolRoute = 0
	getLink       = 18
	getRoute      = 26
	inet          = 2
)

func main() {
	conn, err := netlink.Dial(protocolRoute, &netlink.Config{Strict: true})
	check(err)

	dump := func() int {
		route := make([]byte, 12)
		route[0] = inet
		messages, err := conn.Execute(netlink.Message{
			Header: netlink.Header{Type: getRoute, Flags: netlink.Request | netlink.Dump},
			Data:   route,
		})
		check(err)
		return len(messages)
	}

	sequential := func(times int) int {
		link := make([]byte, 16)
		binary.NativeEndian.PutUint32(link[4:], 1)
		request := netlink.Message{
			Header: netlink.Header{Type: getLink, Flags: netlink.Request | netlink.Acknowledge},
			Data:   link,
		}
		for count := 0; count < times; count++ {
			// The reply, and the ack in a separate datagram.
			sent, err := conn.Send(request)
			check(err)
			for acked := false; !acked; {
				replies, err := conn.Receive()
				check(err)
				for _, reply := range replies {
					acked = acked || reply.Header.Type == netlink.Error && reply.Header.Sequence == sent.Header.Sequence
				}
			}
		}
		return times
	}

	answer(work(dump, sequential))
}

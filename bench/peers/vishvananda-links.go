// Go's vishvananda/netlink: links joined with their addresses. Prints processor time and time in milliseconds, after rounds that do not count.
package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/vishvananda/netlink"
)

const warmUp = 3

type joined struct {
	link      netlink.Link
	addresses []netlink.Addr
}

func list(handle *netlink.Handle) ([]joined, int) {
	links, err := handle.LinkList()
	check(err)
	addresses, err := handle.AddrList(nil, netlink.FAMILY_ALL)
	check(err)
	groups := make(map[int][]netlink.Addr, len(links))
	for _, address := range addresses {
		groups[address.LinkIndex] = append(groups[address.LinkIndex], address)
	}
	all := make([]joined, 0, len(links))
	for _, link := range links {
		all = append(all, joined{link, groups[link.Attrs().Index]})
	}
	return all, len(addresses)
}

func main() {
	handle, err := netlink.NewHandle()
	check(err)
	for round := 0; round < warmUp; round++ {
		list(handle)
	}
	began, used := time.Now(), processorTime()
	all, addresses := list(handle)
	cpu, wall := processorTime()-used, time.Since(began)
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"cpu":       float64(cpu) / 1e6,
		"wall":      float64(wall.Nanoseconds()) / 1e6,
		"links":     len(all),
		"addresses": addresses,
	}))
}

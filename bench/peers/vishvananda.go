// Go's vishvananda/netlink: typed routes, as its RouteList returns them.
package main

import "github.com/vishvananda/netlink"

func main() {
	handle, err := netlink.NewHandle()
	check(err)
	answer(func() int {
		routes, err := handle.RouteList(nil, netlink.FAMILY_V4)
		check(err)
		return len(routes)
	})
}

// Go's jsimonetti/rtnetlink: typed routes, as its List returns them.
package main

import "github.com/jsimonetti/rtnetlink"

func main() {
	conn, err := rtnetlink.Dial(nil)
	check(err)
	answer(func() int {
		routes, err := conn.Route.List()
		check(err)
		return len(routes)
	})
}

package outside

// Looking up a name is a question to the network, and the system's resolver blocks
// until the answer comes. So it is asked outside.

import (
	"context"
	"net"
	"net/netip"
	"slices"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// Resolve looks up the addresses of host, in the order in which they should be
// tried (RFC 6724): asyncio's getaddrinfo. An IP address is returned as it is, without
// a pause. While all places for names are taken (SetPlaces), Resolve waits for one, but
// never for work that Run does. It has no time limit of its own: cancel the task to give
// up. On a loop with a World, the World knows the names, for Dial too.
//
// Errors are *net.DNSError, and those of task.LoopOf and task.Await.
func Resolve(yield coro.Yield, host string) ([]netip.Addr, error) {
	return (&Dialer{}).resolve(yield, host)
}

// systemResolver is net.DefaultResolver, except that its connections to name servers
// end with the lookup: otherwise one could hold a descriptor for seconds after a
// cancellation.
var systemResolver = &net.Resolver{Dial: dialUntilDone}

func dialUntilDone(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if err == nil {
		context.AfterFunc(ctx, func() { _ = c.Close() })
	}
	return c, err
}

func (d *Dialer) resolve(yield coro.Yield, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	l, err := task.LoopOf(yield)
	if err != nil {
		return nil, err
	}
	if l.World() != nil {
		if err := task.Checkpoint(yield); err != nil {
			return nil, err
		}
		return l.World().Lookup(host)
	}
	resolver := d.Resolver
	if resolver == nil {
		resolver = systemResolver
	}
	found, err := runAs(yield, forNames, name("the addresses of "+host), func(ctx context.Context) ([]netip.Addr, error) {
		return resolver.LookupNetIP(ctx, "ip", host)
	})
	if err != nil {
		return nil, err
	}
	var distinct []netip.Addr
	for _, ip := range found {
		ip = ip.Unmap() // the resolver writes 127.0.0.1 as ::ffff:127.0.0.1 at times
		if !slices.Contains(distinct, ip) {
			distinct = append(distinct, ip)
		}
	}
	return distinct, nil
}

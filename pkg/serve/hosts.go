package serve

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"stepwise/pkg/coro"
)

// AllowedHosts makes h answer only requests for one of hosts, at any port, or for this
// machine: localhost, a name below it, a loopback address, 0.0.0.0. All others get 421.
//
// This keeps a stranger's web page from reading a server on the reader's own machine by
// DNS rebinding: the page's name is made to lead to 127.0.0.1, so the browser takes the
// server for the page's own, but still sends that name as Host. A request without a Host
// passes: browsers always send one. Names are compared as requests spell them: neither
// case nor a final dot matters, and nothing is looked up.
func AllowedHosts(h Handler, hosts ...string) Handler {
	var allowed []string
	for _, host := range hosts {
		allowed = append(allowed, nameOf(host))
	}
	return func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
		if name := nameOf(r.Host); name != "" && !ofThisMachine(name) && !slices.Contains(allowed, name) {
			http.Error(w, "this server doesn't answer for that host: allow it by its name", http.StatusMisdirectedRequest)
			return
		}
		h(yield, w, r)
	}
}

// nameOf is host without its port, in the spelling used for comparison.
func nameOf(host string) string {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		host = strings.Trim(hostOf(host), "[]")
		ip, err = netip.ParseAddr(host)
	}
	if err == nil {
		return ip.Unmap().String()
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func ofThisMachine(name string) bool {
	ip, err := netip.ParseAddr(name)
	return err == nil && (ip.IsLoopback() || ip.IsUnspecified()) || name == "localhost" || strings.HasSuffix(name, ".localhost")
}

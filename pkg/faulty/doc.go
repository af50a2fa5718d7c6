// Package faulty is the world outside: local servers that misbehave on purpose.
//
// On your own machine the network is too kind. Data arrives whole, buffers never fill,
// connections don't break. Each server here is unkind in exactly one way, so that a test
// or a lesson can show what follows:
//
//	one that talks     Drip, Stall, HalfClose, ResetMidway, Big
//	one that listens   Echo, Sink, Silent, NeverReads, ReadsLate
//	a closed door      Refused, NeverAccepts
//	a web server       HTTP, HTTPHeld, HTTPKeepAlive, HTTPReset, Site
//
// # Use
//
// A constructor starts its server and returns it; Close ends it and everything it owns.
// In between, a server takes any number of connections, in a row or at once. It listens
// on a free port of 127.0.0.1, which Addr returns. A last argument names another place:
//
//	faulty.Echo()                // 127.0.0.1, a port that the system chooses
//	faulty.Echo("[::1]:0")       // the same by IPv6, where HasIPv6
//	faulty.Echo("unix")          // a unix socket in a directory of its own
//	faulty.Echo("/tmp/door")     // a unix socket at this path
//
// A constructor panics if it can't listen, as net/http/httptest does: a test without its
// server has nothing to say.
//
// A test need not sleep until something has happened. WaitAccepted waits for a
// connection, Visit for the end of one and for what the client said on it. Both take a
// limit, and return an error when it has passed.
//
// The servers are plain goroutines on Go's own net package. They stand outside the
// engine, so that they can't share a fault with it.
package faulty

// serve.go: `stepwise serve`. Read cli.go first; pkg/serve does the work.

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
)

type serveCommand struct {
	Echo serveEcho `cmd:"" help:"Send back what clients send."`
	HTTP serveHTTP `cmd:"" name:"http" help:"Serve the files of a folder."`
}

func (serveCommand) Help() string {
	return `Serves until Ctrl-C or SIGTERM. Then it accepts no new connections, closes idle ones, and waits up to --drain for the others to finish. A second Ctrl-C ends it at once. With --cert and --key it speaks TLS.

Examples:

  stepwise serve echo --addr 127.0.0.1:7000
  stepwise serve http --addr 127.0.0.1:8000 --dir notebooks
  stepwise serve http --cert cert.pem --key key.pem`
}

// serveFlags are the flags of all servers.
type serveFlags struct {
	Addr     string        `placeholder:"HOST:PORT" default:"127.0.0.1:8000" help:"Address to listen on; for port 0 the system chooses a port (default: 127.0.0.1:8000)."`
	MaxConns int           `placeholder:"N" help:"Maximum number of connections at a time; others wait (default: no limit)."`
	Loops    int           `placeholder:"N" default:"1" help:"Number of loops, each in a thread of its own. They share nothing; --max-conns is divided among them (default: 1)."`
	Drain    time.Duration `placeholder:"D" default:"10s" help:"Maximum time that a shutdown waits for busy connections (default: 10s)."`
	serveTLS `embed:""`
}

// Validate is called by kong before Run.
func (c *serveFlags) Validate() error {
	if _, _, err := sock.Sockaddr(c.address()); err != nil {
		return fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	switch {
	case c.MaxConns < 0:
		return fmt.Errorf("--max-conns %d is negative", c.MaxConns)
	case c.Loops < 1 || c.Loops > 1024:
		return fmt.Errorf("--loops %d: want 1 to 1024", c.Loops)
	case c.Loops > 1 && strings.HasPrefix(c.Addr, "unix:"):
		return fmt.Errorf("--loops %d: a path can't be shared: want 1", c.Loops)
	case c.MaxConns > 0 && c.MaxConns < c.Loops:
		return fmt.Errorf("--max-conns %d leaves some of %d loops without a connection", c.MaxConns, c.Loops)
	case c.Drain < 0:
		return fmt.Errorf("--drain %v is negative", c.Drain)
	}
	return c.serveTLS.Validate()
}

// address returns Addr with an IP address for localhost or an empty host, so that
// they need no lookup.
func (c *serveFlags) address() string {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return c.Addr
	}
	switch host {
	case "localhost":
		host = "127.0.0.1"
	case "":
		host = "0.0.0.0"
	}
	return net.JoinHostPort(host, port)
}

type serveEcho struct {
	serveFlags `embed:""`
}

func (serveEcho) Help() string {
	return `Sends back, on each connection, what the client sends, byte for byte. It stops reading from a client that doesn't read.

Example:

  stepwise serve echo --addr 127.0.0.1:7000 --max-conns 100

Exit status: 0 after a shutdown, 1 if it can't listen, print where, or accept, 2 wrong usage.`
}

// Run is called for stepwise serve echo.
func (c *serveEcho) Run(ctx context.Context, s streams) error { return c.run(ctx, s, loop.Options{}) }

func (c *serveEcho) run(ctx context.Context, s streams, o loop.Options) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	return c.serve(ctx, s, o, "echo", serve.Server{Handle: serve.Echo, TLS: config})
}

type serveHTTP struct {
	serveFlags `embed:""`
	Folder     string   `name:"dir" type:"existingdir" placeholder:"D" default:"." help:"Folder to serve (default: the current one)."`
	Hosts      []string `name:"allow-host" placeholder:"HOST" help:"Also answer requests for this host, besides localhost and 127.0.0.1; '*' is any host. May be repeated (default: any host, unless --addr is a loopback address)."`
	Dotfiles   bool     `help:"Also serve files and folders whose names begin with a dot, such as .git."`
}

// Validate is called by kong before Run.
func (c *serveHTTP) Validate() error {
	for _, host := range c.Hosts {
		if host == "" || strings.ContainsAny(host, "/@?# ") {
			return fmt.Errorf("--allow-host %q: want a host name, such as example.org", host)
		}
	}
	return c.serveFlags.Validate()
}

func (serveHTTP) Help() string {
	return `Serves the files of a folder, and nothing outside it, over HTTP/1.1: GET and HEAD, persistent connections, single ranges, 304 if the client already has the file, and 412 if the file has changed in the meantime. For a folder it sends index.html, or a list if there is none. Names that begin with a dot are not served without --dotfiles.

On a loopback address it answers only for localhost and loopback addresses, and answers 421 to a browser that uses another name: a web page could point its own name at 127.0.0.1 and then read your files. Behind a proxy that passes the name on, allow that name with --allow-host.

Examples:

  stepwise serve http --addr 127.0.0.1:8000 --dir notebooks
  stepwise serve http --allow-host lab.example.org

Exit status: 0 after a shutdown, 1 if it can't listen, print where, or accept, 2 wrong usage.`
}

// Run is called for stepwise serve http.
func (c *serveHTTP) Run(ctx context.Context, s streams) error { return c.run(ctx, s, loop.Options{}) }

func (c *serveHTTP) run(ctx context.Context, s streams, o loop.Options) error {
	root, err := os.OpenRoot(c.Folder)
	if err != nil {
		return err
	}
	defer root.Close()
	config, err := c.config("http/1.1")
	if err != nil {
		return err
	}
	files := c.guarded(serve.Dir(root, serve.DirOptions{Dotfiles: c.Dotfiles}))
	return c.serve(ctx, s, o, "http", serve.Server{Handle: serve.HTTP(files, serve.Limits{}), TLS: config})
}

// guarded returns h restricted to the allowed hosts. On the loopback, a browser that
// uses any other name has been led there by a web page.
func (c *serveHTTP) guarded(h serve.Handler) serve.Handler {
	if slices.Contains(c.Hosts, "*") || len(c.Hosts) == 0 && !c.loopback() {
		return h
	}
	return serve.AllowedHosts(h, c.Hosts...)
}

func (c *serveFlags) loopback() bool {
	at, err := netip.ParseAddrPort(c.address())
	return err == nil && at.Addr().IsLoopback()
}

// serve runs servers like one on the requested number of loops until it is told to end.
func (c *serveFlags) serve(ctx context.Context, s streams, o loop.Options, what string, like serve.Server) error {
	over := ""
	if like.TLS != nil {
		over = " over TLS"
	}
	var unheard error
	ready := func(at net.Addr) {
		if _, err := fmt.Fprintf(s.Out, "serving %s%s on %v\n", what, over, at); err != nil {
			unheard = fmt.Errorf("can't print the address %v: %w; free some space, or redirect the output", at, err)
		}
	}
	most := c.shares()
	err := serve.Loops(c.Loops, c.address(), o, ready, func(yield coro.Yield, listener *sock.Socket) error {
		if unheard != nil { // with port 0 the server could not be found
			return unheard
		}
		server := &serve.Server{Handle: like.Handle, TLS: like.TLS, MaxConns: <-most}
		defer context.AfterFunc(ctx, func() { // a loop that has ended refuses the call
			_ = listener.Loop().CallSoonThreadsafe(func() { server.Shutdown(c.Drain) })
		})()
		return server.ServeUntil(yield, listener, c.Drain, os.Interrupt, syscall.SIGTERM)
	})
	var refused *net.OpError
	if errors.As(err, &refused) && refused.Op == "listen" {
		return try(err, "serve", what, "--addr", "127.0.0.1:0")
	}
	return err
}

// shares divides MaxConns among the loops; 0 still means no limit.
func (c *serveFlags) shares() <-chan int {
	shares := make(chan int, c.Loops)
	for i := range c.Loops {
		share := c.MaxConns / c.Loops
		if i < c.MaxConns%c.Loops {
			share++
		}
		shares <- share
	}
	return shares
}

// serve.go: `stepwise serve`. Read cli.go first; the work is done in pkg/serve.

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
	"stepwise/pkg/outside"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

type serveCommand struct {
	Echo serveEcho `cmd:"" help:"Send back what comes."`
	HTTP serveHTTP `cmd:"" name:"http" help:"Serve the files of a folder."`
}

func (serveCommand) Help() string {
	return `Serves until Ctrl-C or SIGTERM. Then it accepts no more, drops the connections that are idle, and lets the others finish, for as long as --drain says; a second Ctrl-C ends it at once.

Examples:

  stepwise serve echo --addr 127.0.0.1:7000
  stepwise serve http --addr 127.0.0.1:8000 --dir notebooks`
}

// serveFlags are common to all servers.
type serveFlags struct {
	Addr     string        `placeholder:"HOST:PORT" default:"127.0.0.1:8000" help:"Where to listen; port 0 is one that the system chooses (default: 127.0.0.1:8000)."`
	MaxConns int           `placeholder:"N" help:"How many connections are served at a time; others wait (default: no limit)."`
	Loops    int           `placeholder:"N" default:"1" help:"How many loops serve, each in a thread of its own; they share nothing; --max-conns is divided among them (default: 1)."`
	Drain    time.Duration `placeholder:"D" default:"10s" help:"The most that a shutdown waits for connections that are busy (default: 10s)."`
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
		return fmt.Errorf("--max-conns %d is less than a connection for each of %d loops", c.MaxConns, c.Loops)
	case c.Drain < 0:
		return fmt.Errorf("--drain %v is negative", c.Drain)
	}
	return nil
}

// address is Addr with an IP for the host: localhost and none need no looking up.
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
	return `Sends back what comes, on each connection, byte for byte. A client that doesn't read is not read from either.

Example:

  stepwise serve echo --addr 127.0.0.1:7000 --max-conns 100

Exit status: 0 after a shutdown, 1 if it can't listen, print where, or accept, 2 wrong usage.`
}

// Run is called for stepwise serve echo.
func (c *serveEcho) Run(ctx context.Context, s streams) error { return c.run(ctx, s, loop.Options{}) }

func (c *serveEcho) run(ctx context.Context, s streams, o loop.Options) error {
	return c.serve(ctx, s, o, "echo", serve.Echo)
}

type serveHTTP struct {
	serveFlags `embed:""`
	Folder     string   `name:"dir" type:"existingdir" placeholder:"D" default:"." help:"The folder whose files are served (default: the current one)."`
	Hosts      []string `name:"allow-host" placeholder:"HOST" help:"Also answer requests for this host, besides localhost and 127.0.0.1; '*' is any. May be repeated (default: any, unless --addr is one of the loopback)."`
	Dotfiles   bool     `help:"Serve files and folders whose names begin with a dot, such as .git (default: as if they weren't there)."`
}

// Validate is called by kong before Run.
func (c *serveHTTP) Validate() error {
	for _, host := range c.Hosts {
		if host == "" || strings.ContainsAny(host, "/@?# ") {
			return fmt.Errorf("--allow-host %q: want a name, such as example.org", host)
		}
	}
	return c.serveFlags.Validate()
}

func (serveHTTP) Help() string {
	return `Serves the files of a folder, and nothing outside of it, over HTTP/1.1: GET and HEAD, kept connections, single ranges, 304 for what the client has, 412 for a file that has changed since. A folder is its index.html, or else a list. What has a name that begins with a dot isn't served without --dotfiles.

On an address of the loopback it answers for localhost and addresses of the loopback alone, and says 421 to a browser that comes by another name: a web page can point its own name at 127.0.0.1, and could then read your files. Behind a proxy that passes the name on, allow it with --allow-host.

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
	return c.serve(ctx, s, o, "http", serve.HTTP(c.guarded(serve.Dir(root, serve.DirOptions{Dotfiles: c.Dotfiles})), serve.Limits{}))
}

// guarded has h answer for the hosts that were asked for. On the loopback, a browser that
// comes by any other name has been led there.
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

// serve has handle serve, on as many loops as asked for, until it is told to end.
func (c *serveFlags) serve(ctx context.Context, s streams, o loop.Options, what string, handle func(coro.Yield, *serve.Conn) error) error {
	var unheard error
	ready := func(at net.Addr) {
		if _, err := fmt.Fprintf(s.Out, "serving %s on %v\n", what, at); err != nil {
			unheard = fmt.Errorf("can't print the address %v: %w; make room, or send the output elsewhere", at, err)
		}
	}
	most := c.shares()
	err := serve.Loops(c.Loops, c.address(), o, ready, func(yield coro.Yield, listener *sock.Socket) error {
		if unheard != nil { // with port 0 nobody could find it
			return unheard
		}
		server := &serve.Server{Handle: handle, MaxConns: <-most}
		l := listener.Loop()
		watch, err := c.watch(l, server)
		if err != nil {
			return err
		}
		defer task.CancelAndWait(yield, watch)
		defer context.AfterFunc(ctx, func() {
			_ = l.CallSoonThreadsafe(func() { server.Shutdown(c.Drain) }) // refused by a loop that has ended
		})()
		return server.Serve(yield, listener)
	})
	var refused *net.OpError
	if errors.As(err, &refused) && refused.Op == "listen" {
		return try(err, "serve", what, "--addr", "127.0.0.1:0")
	}
	return err
}

// shares deals MaxConns out among the loops; 0 stays no limit.
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

// watch shuts server down at the first signal, and closes it at the second.
func (c *serveFlags) watch(l *loop.Loop, server *serve.Server) (*task.Task, error) {
	signals, err := outside.Notify(l, os.Interrupt, syscall.SIGTERM)
	if err != nil {
		return nil, err
	}
	return task.Spawn(l, func(yield coro.Yield) (any, error) {
		defer signals.Close()
		for _, end := range []func(){func() { server.Shutdown(c.Drain) }, server.Close} {
			if _, err := signals.Next(yield); err != nil {
				return nil, err
			}
			end()
		}
		return nil, nil
	}), nil
}

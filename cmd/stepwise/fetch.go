// fetch.go: `stepwise fetch`. Read cli.go first; the work is done in pkg/fetch.

package main

import (
	"context"
	"fmt"
	"net"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

type fetchCommand struct {
	URLs []string `arg:"" name:"url" help:"What to fetch: http://HOST[:PORT]/PATH."`
}

func (fetchCommand) Help() string {
	return `Fetches all URLs at once, on one loop, and prints their bodies in the order of the arguments, byte for byte. What could not be fetched is told on standard error; the others are printed all the same. A status other than 200 is told there too, and its body is printed.

Example:

  stepwise fetch http://127.0.0.1:8000/ http://localhost:8000/LICENSE`
}

func (c *fetchCommand) Run(ctx context.Context, s streams) error {
	return c.run(ctx, s, loop.Options{})
}

// run fetches on a loop with o.
func (c *fetchCommand) run(ctx context.Context, s streams, o loop.Options) error {
	requests := make([]fetch.Request, len(c.URLs))
	for i, url := range c.URLs {
		r, err := fetch.Parse(url)
		if err != nil {
			return &usageError{err}
		}
		requests[i] = r
	}
	l, err := loop.New(o)
	if err != nil {
		return err
	}
	defer l.Close()
	defer context.AfterFunc(ctx, l.Stop)()

	failures := 0
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		var tasks []*task.Task
		for _, r := range requests {
			tasks = append(tasks, task.Spawn(l, one(ctx, l, r)))
		}
		for i, t := range tasks {
			response, err := task.AwaitAs[*fetch.Response](yield, t)
			if err != nil {
				fmt.Fprintf(s.Err, "stepwise: fetch %s: %v\n", c.URLs[i], err)
				failures++
				continue
			}
			if response.Code != 200 {
				fmt.Fprintf(s.Err, "stepwise: fetch %s: the answer is %s\n", c.URLs[i], response.Status)
			}
			if _, err := s.Out.Write(response.Body); err != nil {
				return nil, fmt.Errorf("print the body of %s: %w", c.URLs[i], err)
			}
		}
		return nil, nil
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	case failures > 0:
		return errSaid
	}
	return nil
}

// one fetches r. A name is resolved first, and that blocks the loop: for a
// program that does nothing else meanwhile it is all right.
func one(ctx context.Context, l *loop.Loop, r fetch.Request) coro.Body {
	return func(yield coro.Yield) (any, error) {
		defer l.Trace().Enter("GET " + r.Host + r.Target)()
		host, port, err := net.SplitHostPort(r.Address)
		if err != nil {
			return nil, err
		}
		if net.ParseIP(host) == nil {
			addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
			if err != nil {
				return nil, err
			}
			r.Address = net.JoinHostPort(addresses[0].Unmap().String(), port)
		}
		return fetch.Do(yield, l, r)
	}
}

// fetch.go: `stepwise fetch`. Read cli.go first. pkg/fetch does the work;
// fetch_request.go says what is asked for, fetch_output.go prints the result,
// fetch_progress.go shows how far it has come, and fetch_target.go is about -o.

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

type fetchCommand struct {
	fetchFlags `embed:""`
	Output     string `short:"o" placeholder:"FILE" help:"Write to FILE; - is standard output. FILE changes only when everything has been fetched."`
}

// fetchFlags are the flags of fetch and of trace fetch, whose -o is another.
type fetchFlags struct {
	URLs         []string `arg:"" name:"url" help:"URLs to fetch: http://HOST[:PORT]/PATH, or https."`
	fetchRequest `embed:""`
	Timeout      time.Duration `placeholder:"D" help:"Maximum time for one URL as a whole: 500ms, 10s, 1m (default: no limit)."`
	Concurrency  int           `default:"16" placeholder:"N" help:"Maximum number of URLs to fetch at a time (default: 16)."`
	MaxBytes     int64         `placeholder:"N" help:"Maximum size of a body in bytes (default: no limit)."`
	JSON         bool          `help:"Print a line of JSON for each URL instead of its body."`
	ToHTTP       bool          `name:"redirect-to-http" help:"Follow redirects from https to http."`
	ToPrivate    bool          `name:"redirect-to-private" help:"Follow redirects from a public address to this machine or a private network."`
	CACert       string        `name:"cacert" placeholder:"FILE" type:"existingfile" help:"Trust the certificates in FILE (PEM) too."`
}

func (fetchCommand) Help() string {
	return `Fetches the URLs on one loop and prints their bodies in the order of the arguments, byte for byte. Failures are reported on standard error. The other bodies are still printed, and so is the part of a body that came before it broke off. A status that isn't 2xx is also reported there, and its body is printed.

A URL is http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH. Spaces and other bytes that a URL can't have are percent-encoded. A host name with letters beyond ASCII is converted: http://bücher.example/ asks xn--bcher-kva.example. A server that redirects to such a name must convert it itself. "localhost." with a dot is this machine. A URL with a user name or password is refused, because they are never sent.

The flags -H, -X, -d, -I and -o are curl's. They go for all URLs.

-H 'Name: value' adds a header, and replaces what is sent otherwise. 'Name:' sends none, and 'Name;' sends an empty one. Content-Length, Transfer-Encoding, Trailer and Expect are refused, because the client decides how a body is sent, and so is a file of headers (@FILE).

-I asks for the head alone, and prints it in the order of the names. What a terminal might obey is quoted.

-d makes the request a POST of a form, unless -X or -H 'Content-Type: …' say otherwise. Several are joined with &. @FILE is the content of a file and @- that of standard input, without line ends, held in memory.

With -o, the output is written into a new file beside FILE, which takes its place at the end. If a URL can't be fetched, or after Ctrl-C, FILE is as it was before; a page with a status such as 404 was fetched. With --json, FILE is written even if a URL can't be fetched.

If standard error is a terminal and the output isn't, a line there shows how far the fetch has come.

Up to ten redirects are followed, with the same method and body only after 307 and 308. Authorization and Cookie are sent on only to the same scheme, host and port. A redirect from https to http, or from a public address to this machine or a private network, is refused unless a flag below allows it. What counts is the address that was connected to, not the name.

An https body without a length ends with TLS's close_notify. Without a close_notify, the body counts as broken off.

With --json, the output has a line for each URL, in the order of the arguments: url, status, bytes, sha256, error, ms. Unknown values are 0 or empty.

Answers are never held in memory: a body that can't be printed yet waits in a temporary file.

Examples:

  stepwise fetch http://127.0.0.1:8000/ http://localhost:8000/LICENSE
  stepwise fetch --json --timeout 5s --concurrency 2 http://127.0.0.1:8000/a http://127.0.0.1:8000/b
  stepwise fetch -o page.html http://127.0.0.1:8000/
  stepwise fetch -X PUT -H 'Content-Type: application/json' -d @new.json http://127.0.0.1:8000/

Exit status: 0 all were fetched, 1 some were not, or the output could not be written, 2 wrong usage.`
}

// Validate is called by kong before Run.
func (c *fetchFlags) Validate() error {
	switch {
	case c.Timeout < 0:
		return fmt.Errorf("--timeout %v is negative: want a time such as 10s", c.Timeout)
	case c.Concurrency < 1:
		return fmt.Errorf("--concurrency %d: want 1 or more", c.Concurrency)
	case c.MaxBytes < 0:
		return fmt.Errorf("--max-bytes %d is negative: want 1 or more, or 0 for no limit", c.MaxBytes)
	}
	for _, u := range c.URLs {
		if _, err := target(u); err != nil {
			return err
		}
	}
	return c.fetchRequest.check()
}

func (c *fetchCommand) Run(ctx context.Context, s streams) error {
	if c.Output == "" || c.Output == "-" {
		return c.run(ctx, s, loop.Options{})
	}
	to, err := createTarget(c.Output)
	if err != nil {
		return err
	}
	defer to.Drop()
	err = c.run(ctx, streams{Out: to, Err: s.Err}, loop.Options{})
	_, drops := to.(replacement)
	switch {
	case err == nil || c.JSON && errors.Is(err, errSaid):
		return errors.Join(err, to.Keep())
	case errors.Is(err, errSaid) && drops:
		fmt.Fprintf(s.Err, "stepwise: -o %s: not written, because not all was fetched\n", c.Output)
	}
	return err
}

// run fetches on a loop that it makes with o.
func (c *fetchFlags) run(ctx context.Context, s streams, o loop.Options) error {
	config, err := c.trust()
	if err != nil {
		return err
	}
	if err := c.readBody(ctx); err != nil {
		return err
	}
	l, err := loop.New(o)
	if err != nil {
		return err
	}
	defer l.Close()

	out := newOutput(s, c.URLs, c.JSON, l.Now)
	defer out.close()
	client := c.client(config)
	defer client.Close()
	_, err = task.Run(l, func(yield coro.Yield) (any, error) { return nil, c.fetchAll(ctx, yield, client, out) })
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	case out.failures > 0:
		return errSaid
	}
	return nil
}

// fetchAll starts as many workers as may fetch at a time; each takes the next URL
// that no worker has taken. It ends early only with ctx, or if the output can't be written.
func (c *fetchFlags) fetchAll(ctx context.Context, yield coro.Yield, client *fetch.Client, out *output) error {
	next := 0
	return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		if out.progress != nil {
			g.Background(out.progress.run)
		}
		for range min(c.Concurrency, len(c.URLs)) {
			g.Spawn(func(yield coro.Yield) (any, error) {
				for next < len(c.URLs) {
					i := next
					next++
					if err := c.fetchOne(ctx, yield, client, out.slots[i]); err != nil {
						return nil, err
					}
				}
				return nil, nil
			})
		}
		return nil
	})
}

func (c *fetchFlags) fetchOne(ctx context.Context, yield coro.Yield, client *fetch.Client, to *slot) error {
	start := to.out.now()
	answer, err := c.stream(ctx, yield, client, to)
	var wrong *outputError
	switch {
	case errors.As(err, &wrong):
		return wrong
	case ctx.Err() != nil: // Ctrl-C ends all of them, and none has failed
		return ctx.Err()
	}
	return to.end(answer, err, to.out.now()-start)
}

// stream fetches a URL and writes the body to its slot.
func (c *fetchFlags) stream(ctx context.Context, yield coro.Yield, client *fetch.Client, to *slot) (*http.Response, error) {
	address, _ := target(to.url) // Validate has checked it
	u, err := fetch.Parse(address)
	if err != nil {
		return nil, err
	}
	request, err := c.request(ctx, u)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(yield, request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if c.Head {
		return answer, to.writeHead(answer)
	}
	to.length = answer.ContentLength
	_, err = io.Copy(to, answer.Body)
	return answer, err
}

// client returns a client with the settings of the flags.
func (c *fetchFlags) client(config *tls.Config) *fetch.Client {
	return &fetch.Client{TLS: config, Timeout: c.Timeout, Limit: c.MaxBytes, RedirectToHTTP: c.ToHTTP, RedirectToPrivate: c.ToPrivate}
}

// trust returns a TLS configuration that trusts the system's certificates and those
// of --cacert; without --cacert it returns nil.
func (c *fetchFlags) trust() (*tls.Config, error) {
	if c.CACert == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.CACert)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &usageError{fmt.Errorf("--cacert %s: no certificate in it: want a PEM file, which contains BEGIN CERTIFICATE", c.CACert)}
	}
	return &tls.Config{RootCAs: roots}, nil
}

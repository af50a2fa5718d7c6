// Package test runs the image as learners do, and asserts what they may rely on.
// It is a module of its own, to keep its dependencies out of the course's go.mod
// and out of the image. With a running engine and a built image:
//
//	docker compose -f docker/compose.yaml build
//	cd docker/test && go test ./...
//
// This file has what the tests share: containers that end with their test.
package test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long anything may take on a busy machine.
const patience = time.Minute

// longest is how long a command may take: all the tests of the course are the longest.
const longest = 10 * time.Minute

// image is the name of the image under test.
func image() string {
	if name := os.Getenv("STEPWISE_IMAGE"); name != "" {
		return name
	}
	return "stepwise"
}

// hardened are the options of docker run that match compose.yaml;
// TestComposeIsHardened keeps the two equal.
var hardened = []string{
	"--read-only", "--tmpfs", "/tmp:exec,mode=1777", "--tmpfs", "/home/jovyan:exec,mode=755,uid=1000,gid=100",
	"--cap-drop", "ALL", "--security-opt", "no-new-privileges",
	"--pids-limit", "256", "--memory", "1500m", "--memory-swap", "1500m",
}

// A result is how a command ended, and what it printed.
type result struct {
	stdout, stderr string
	status         int
}

// docker runs the engine's client.
func docker(t *testing.T, args ...string) result { return dockerIn(t, "", args...) }

// dockerIn is docker with input for the command.
func dockerIn(t *testing.T, input string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	cmd := exec.CommandContext(ctx, "docker", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if input != "" {
		cmd.Stdin = strings.NewReader(input)
	}
	err := cmd.Run()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// must is docker for a command that has to succeed; it returns the output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	r := docker(t, args...)
	require.Zero(t, r.status, "docker %s\n%s%s", strings.Join(args, " "), r.stdout, r.stderr)
	return r.stdout
}

// A container runs the image. It is removed when its test ends.
type container struct {
	t     *testing.T
	id    string
	url   string // of its Jupyter on this machine, without a slash at the end; "" before ready
	token string
}

// start runs the image with these options of docker run; what follows "--" is the
// command.
func start(t *testing.T, options ...string) *container {
	t.Helper()
	var command []string
	for i, o := range options {
		if o == "--" {
			options, command = options[:i], options[i+1:]
			break
		}
	}
	args := append([]string{"run", "--detach"}, options...)
	args = append(append(args, image()), command...)
	c := &container{t: t, id: strings.TrimSpace(must(t, args...))}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the container's log:\n%s", c.log())
		}
		must(t, "rm", "--force", "--volumes", c.id)
	})
	return c
}

// serve runs the image with its Jupyter published on a free port of this
// machine, and waits until it has printed its address.
func serve(t *testing.T, options ...string) *container {
	t.Helper()
	c := start(t, append([]string{"--publish", "127.0.0.1::8888"}, options...)...)
	c.token = c.ready()
	c.url = "http://" + strings.TrimSpace(strings.Split(must(t, "port", c.id, "8888/tcp"), "\n")[0])
	return c
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/lab/tree/notebooks/00-start-here\.ipynb\?token=(\S+)`)

// ready waits for the printed address and returns its token.
func (c *container) ready() string {
	c.t.Helper()
	var token string
	until(c.t, "the address is printed", func() bool {
		if found := address.FindStringSubmatch(c.log()); found != nil {
			token = found[1]
		}
		return token != "" || c.state("Running") != "true"
	})
	require.NotEmpty(c.t, token, "the container ended:\n%s", c.log())
	return token
}

func (c *container) log() string {
	r := docker(c.t, "logs", c.id)
	return r.stdout + r.stderr
}

// state is a field of the container's State, as docker inspect names it.
func (c *container) state(field string) string {
	return strings.TrimSpace(must(c.t, "inspect", "--format", "{{.State."+field+"}}", c.id))
}

// ended waits until the container ends and returns its status and log.
func (c *container) ended() (status, log string) {
	c.t.Helper()
	until(c.t, "the container ends", func() bool { return c.state("Running") != "true" })
	return c.state("ExitCode"), c.log()
}

// run runs a shell command in the container, as a terminal in Lab does.
func (c *container) run(script string) result {
	c.t.Helper()
	return docker(c.t, "exec", "--workdir", "/home/jovyan/work", c.id, "bash", "-c", script)
}

// must is run for a command that has to succeed.
func (c *container) must(script string) string {
	c.t.Helper()
	r := c.run(script)
	require.Zero(c.t, r.status, "%s\n%s%s", script, r.stdout, r.stderr)
	return r.stdout
}

// call sends a request to the container's Jupyter, with its token, and decodes the
// response into answer if that is not nil. It returns the status and the raw
// response.
func (c *container) call(method, path string, body, answer any) (int, string) {
	c.t.Helper()
	var content bytes.Buffer
	if body != nil {
		require.NoError(c.t, json.NewEncoder(&content).Encode(body))
	}
	request, err := http.NewRequest(method, c.url+path, &content)
	require.NoError(c.t, err)
	request.Header.Set("Authorization", "token "+c.token)
	response, err := (&http.Client{Timeout: patience}).Do(request)
	require.NoError(c.t, err)
	defer response.Body.Close()
	var raw bytes.Buffer
	_, err = raw.ReadFrom(response.Body)
	require.NoError(c.t, err)
	if answer != nil {
		require.NoError(c.t, json.Unmarshal(raw.Bytes(), answer), "%s %s: %s", method, path, &raw)
	}
	return response.StatusCode, raw.String()
}

// until waits until done returns true.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); {
		if time.Now().After(end) {
			t.Fatalf("gave up after %v, before %s", patience, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestMain(m *testing.M) {
	if err := exec.Command("docker", "image", "inspect", image()).Run(); err != nil {
		fmt.Fprintf(os.Stderr, "there is no image %s: docker compose -f docker/compose.yaml build makes it\n", image())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

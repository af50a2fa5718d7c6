package test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBounds does what careless cells do in one container with all its limits, and
// checks after each that everything else still works.
func TestBounds(t *testing.T) {
	c := serve(t, hardened...)
	neighbor := c.kernel()
	require.Equal(t, "ok", neighbor.run("x := 42").status)
	unharmed := func(t *testing.T) {
		t.Helper()
		s := neighbor.run("x")
		require.Equal(t, "ok", s.status, "the other kernel was hit: %s", s.text)
		assert.Equal(t, seen{status: "ok", text: "42\n"}, neighbor.run(`import "fmt"; fmt.Println(x)`))
		status, raw := c.call("GET", "/api/status", nil, nil)
		assert.Equal(t, 200, status, raw)
	}

	t.Run("a greedy cell ends its own kernel only, and Jupyter starts another", func(t *testing.T) {
		k := c.kernel()
		assert.Equal(t, "died", k.run("func eat() {\n var all [][]byte\n for {\n b := make([]byte, 1<<24)\n for i := 0; i < len(b); i += 4096 {\n b[i] = 1\n }\n all = append(all, b)\n }\n}\neat()").status)
		unharmed(t)
		assert.Equal(t, "running 0", strings.TrimSpace(c.state("Status")+" "+c.restarts()), "the container itself was hit")
		k.connect() // waits for the new kernel
		s := k.run("import \"fmt\"\nfmt.Println(\"again\")")
		assert.Equal(t, "ok", s.status, s.text)
		assert.Regexp(t, `(?s)^The kernel before this one ended while In\[1\] ran: .*\nagain\n$`, s.text)
	})
	t.Run("an endless cell is interrupted, and its variables are there", func(t *testing.T) {
		k := c.kernel()
		require.Equal(t, "ok", k.run("import \"fmt\"\ny := 7").status)
		s := k.runAnd("fmt.Println(\"started\")\nfor { y++ }", "started", k.interrupt)
		assert.Equal(t, "error", s.status, s.text)
		assert.Equal(t, seen{status: "ok", text: "true\n"}, k.run("fmt.Println(y > 7)"))
		unharmed(t)
	})
	t.Run("a loop of forks is stopped", func(t *testing.T) {
		out := c.run(`for i in $(seq 400); do sleep 5 & done; wait`)
		assert.Contains(t, out.stdout+out.stderr, "Resource temporarily unavailable")
		unharmed(t)
	})
	t.Run("a cell may not become more than it is", func(t *testing.T) {
		status := c.must("cat /proc/self/status")
		assert.Regexp(t, `CapEff:\s+0+\n`, status)
		assert.Regexp(t, `CapBnd:\s+0+\n`, status)
		assert.Regexp(t, `NoNewPrivs:\s+1\n`, status)
		for _, path := range []string{"/usr/bin/x", "/opt/stepwise/course/x", "/etc/x"} {
			assert.Contains(t, c.run("touch "+path).stderr, "touch: cannot touch", path)
		}
	})
}

// restarts returns how often the engine has restarted the container.
func (c *container) restarts() string {
	c.t.Helper()
	return must(c.t, "inspect", "--format", "{{.RestartCount}}", c.id)
}

// TestAFullDisk fills the learner's folder: Jupyter says so, saved files stay
// intact, and work goes on when there is room again.
func TestAFullDisk(t *testing.T) {
	c := serve(t, append(append([]string{}, hardened...), "--tmpfs", "/home/jovyan/work:size=16m,uid=1000,gid=100")...)
	const path = "/api/contents/notebooks/09-send.ipynb"
	var lesson struct {
		Content any `json:"content"`
	}
	_, _ = c.call("GET", path, nil, &lesson)
	before := c.must("sha256sum notebooks/09-send.ipynb")
	c.run("dd if=/dev/zero of=filler bs=1M; sync")

	status, raw := c.call("PUT", path, map[string]any{"type": "notebook", "format": "json", "content": lesson.Content}, nil)
	assert.Equal(t, 500, status)
	assert.Contains(t, raw, "No space left on device")
	assert.Equal(t, before, c.must("sha256sum notebooks/09-send.ipynb"), "a failed save has harmed the lesson")
	assert.Contains(t, c.run("stepwise update --from /opt/stepwise/course; echo edited > new.txt").stderr, "No space left on device")

	c.must("rm filler")
	status, raw = c.call("PUT", path, map[string]any{"type": "notebook", "format": "json", "content": lesson.Content}, nil)
	assert.Equal(t, 200, status, raw)
}
